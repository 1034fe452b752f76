//! Whatever is written is read back; whatever is read, nothing panics.

use droprec_pcapng::{
    Flags, MAX_CAPLEN, blocks,
    read::{Block, Reader},
    write::{
        Interface, Packet, Section, Statistics, interface, packet, section_header, statistics,
    },
};
use proptest::{collection::vec, option, prelude::*};

use super::recording::recording;

/// A packet that owns what it is made of.
#[derive(Debug, Clone)]
struct Owned {
    interface: u32,
    timestamp: u64,
    original_len: u32,
    pieces: Vec<Vec<u8>>,
    options: (Option<u32>, Option<u64>, Option<u64>, Option<u32>),
    comments: Vec<String>,
}

prop_compose! {
    fn any_packet()(
        interface in 0..3u32,
        timestamp: u64,
        original_len: u32,
        pieces in vec(vec(any::<u8>(), 0..40), 0..4),
        options: (Option<u32>, Option<u64>, Option<u64>, Option<u32>),
        comments in vec(any::<String>(), 0..4),
    ) -> Owned {
        Owned { interface, timestamp, original_len, pieces, options, comments }
    }
}

fn halves(text: &str) -> [&str; 2] {
    let (one, other) = text.split_at(text.floor_char_boundary(text.len() / 2));
    [one, other]
}

impl Owned {
    fn append(&self, out: &mut Vec<u8>) {
        let frame: Vec<&[u8]> = self.pieces.iter().map(Vec::as_slice).collect();
        let pieces: Vec<[&str; 2]> = self
            .comments
            .iter()
            .map(|comment| halves(comment))
            .collect();
        let comments: Vec<&[&str]> = pieces.iter().map(|of| &of[..]).collect();
        let (flags, dropcount, packetid, queue) = self.options;
        let written = packet(
            out,
            &Packet {
                interface: self.interface,
                timestamp: self.timestamp,
                original_len: self.original_len,
                frame: &frame,
                flags: flags.map(Flags::from_word),
                dropcount,
                packetid,
                queue,
                comments: &comments,
            },
        );
        written.expect("it fits");
    }

    fn assert_is(&self, block: &Block) {
        let Block::Packet(packet) = block else {
            panic!("{block:?} is no packet")
        };
        let data = self.pieces.concat();
        let options = (
            packet.flags.map(Flags::word),
            packet.dropcount,
            packet.packetid,
            packet.queue,
        );
        assert_eq!(packet.interface, self.interface);
        assert_eq!(packet.timestamp, Some(self.timestamp));
        assert_eq!(
            packet.original_len,
            self.original_len.clamp(data.len() as u32, MAX_CAPLEN)
        );
        assert_eq!(packet.data, data);
        assert_eq!(options, self.options);
        assert!(
            packet
                .comments
                .iter()
                .eq(self.comments.iter().map(String::as_str))
        );
    }
}

/// A section header and three interfaces.
fn head() -> Vec<u8> {
    let mut out = Vec::new();
    section_header(&mut out, &Section::default()).expect("it fits");
    for _ in 0..3 {
        interface(&mut out, &Interface::default()).expect("it fits");
    }
    out
}

/// Reads to the end or to the first error, and returns how many blocks there were. Who is not strict reads no less.
fn count_blocks(bytes: &[u8]) -> usize {
    let strict = count(Reader::strict(bytes));
    let lenient = count(Reader::new(bytes));
    assert!(
        strict <= lenient,
        "{strict} blocks, and only {lenient} of them"
    );
    strict
}

fn count(mut reader: Reader<&[u8]>) -> usize {
    std::iter::from_fn(|| reader.next_block().ok().flatten().map(drop)).count()
}

proptest! {
    #[test]
    fn packets_are_read_as_they_were_written(packets in vec(any_packet(), 0..8)) {
        let mut file = head();
        for packet in &packets {
            packet.append(&mut file);
        }
        prop_assert_eq!(blocks(&file).filter(|span| span.interface.is_some()).count(), packets.len());

        let mut reader = Reader::strict(&file[..]);
        for _ in 0..4 {
            prop_assert!(reader.next_block().expect("it is good").is_some());
        }
        for packet in &packets {
            packet.assert_is(&reader.next_block().expect("it is good").expect("there is one more"));
        }
        prop_assert_eq!(reader.next_block().expect("the end is good"), None);
    }

    #[test]
    fn texts_and_link_types_are_read_as_they_were_written(
        [hardware, os, application, name, description] in any::<[Option<String>; 5]>(),
        comment in option::of(any::<String>()),
        link_type: u16,
    ) {
        let comment = comment.as_deref();
        let mut file = Vec::new();
        let section = Section {
            hardware: hardware.as_deref(),
            os: os.as_deref(),
            application: application.as_deref(),
            comment,
        };
        let described =
            Interface { link_type, name: name.as_deref(), description: description.as_deref(), comment };
        section_header(&mut file, &section).expect("it fits");
        interface(&mut file, &described).expect("it fits");

        let mut reader = Reader::strict(&file[..]);
        let Ok(Some(Block::Section(read))) = reader.next_block() else { panic!("no section") };
        prop_assert_eq!(read.hardware.as_deref(), section.hardware);
        prop_assert_eq!(read.os.as_deref(), section.os);
        prop_assert_eq!(read.application.as_deref(), section.application);
        prop_assert!(read.comments.iter().eq(comment));
        let Ok(Some(Block::Interface(read))) = reader.next_block() else { panic!("no interface") };
        prop_assert_eq!(read.name.as_deref(), described.name);
        prop_assert_eq!(read.description.as_deref(), described.description);
        prop_assert_eq!((read.link_type, read.snaplen), (link_type.into(), MAX_CAPLEN));
        prop_assert!(read.comments.iter().eq(comment));
    }

    #[test]
    fn counts_are_read_as_they_were_written(
        of in 0..3u32,
        [timestamp, start, end] in any::<[u64; 3]>(),
        [received, dropped, accepted, os_dropped, delivered] in any::<[u64; 5]>(),
    ) {
        let mut file = head();
        let written = Statistics {
            interface: of, timestamp, start, end, received, dropped, accepted, os_dropped, delivered, comments: &["a count"],
        };
        statistics(&mut file, &written).expect("it fits");
        let mut reader = Reader::strict(&file[..]);
        for _ in 0..4 {
            reader.next_block().expect("it is good");
        }
        let Ok(Some(Block::Statistics(read, comments))) = reader.next_block() else { panic!("no statistics") };
        prop_assert_eq!((read.interface, read.timestamp), (of, Some(timestamp)));
        prop_assert!(comments.iter().eq(["a count"]));
        prop_assert_eq!((read.start, read.end), (Some(start), Some(end)));
        prop_assert_eq!(
            [read.received, read.dropped, read.accepted, read.os_dropped, read.delivered],
            [received, dropped, accepted, os_dropped, delivered].map(Some)
        );
    }

    #[test]
    fn blocks_before_a_changed_byte_are_read_and_no_change_makes_it_panic(at: prop::sample::Index, new: u8) {
        let (mut file, ends) = recording();
        let at = at.index(file.len());
        file[at] = new;
        prop_assert!(count_blocks(&file) >= ends.iter().filter(|end| **end <= at).count());
        let _ = blocks(&file).count();
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..200)) {
        let _ = count_blocks(&bytes);
        let _ = blocks(&bytes).count();
        let _ = count_blocks(&[head(), bytes.clone()].concat());
        for (magic, version) in [(0xA1B2_C3D4_u32, 4), (0xA1B2_3C4D, 4), (0xA1B2_CD34, 2)] {
            let mut old = magic.to_be_bytes().to_vec();
            old.extend([0, 2, 0, version]);
            old.extend(&bytes);
            let _ = count_blocks(&old);
        }
    }
}
