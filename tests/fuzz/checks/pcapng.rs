//! Any octets are read as a capture file to an end, strictly or not, in whatever pieces they come; and what was read and is
//! written again is read again.
//!
//! The first octet of an input is how many come at once.

use std::{borrow::Cow, cell::Cell, io, io::Read};

use droprec_pcapng::{
    MAX_CAPLEN, block_type, blocks, edit,
    read::{Block, Comments, Interface, Packet, ReadError, Reader, Section, Statistics},
    write,
};

/// The shortest block, in bytes.
const SHORTEST: u64 = 12;

pub(crate) fn check(input: &[u8]) {
    let Some((&piece, file)) = input.split_first() else {
        return;
    };
    let (good, written) = read(file, usize::from(piece).max(1));
    if let Some(written) = written {
        read_again(&file[..good], &written);
    }
    walk(file);
}

/// A stream that gives no more than so many bytes at once.
struct Pieces<'a> {
    rest: &'a [u8],
    most: usize,
    /// How often it was asked.
    asked: &'a Cell<u32>,
}

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.asked.set(self.asked.get() + 1);
        let most = self.most.min(out.len());
        self.rest.read(&mut out[..most])
    }
}

/// A fault in words, which can be compared.
fn told(read: Result<Option<Block<'_>>, ReadError>) -> Result<Option<Block<'_>>, String> {
    read.map_err(|error| error.to_string())
}

/// Reads a file in three ways: at once, in pieces of so many bytes, and strictly. Where its last good block ends, and what
/// droprec writes of it, if it can write that.
fn read(file: &[u8], most: usize) -> (usize, Option<Vec<u8>>) {
    let asked = Cell::new(0);
    let mut reader = Reader::new(file);
    let mut pieces = Reader::new(Pieces {
        rest: file,
        most,
        asked: &asked,
    });
    let mut strict = Reader::strict(file);
    let mut is_strict = true;
    let mut written = Some(Vec::new());
    loop {
        let before = reader.offset();
        let (is_ahead, asked_before) = (pieces.is_ahead(), asked.get());
        let block = told(reader.next_block());
        assert_eq!(told(pieces.next_block()), block);
        assert!(!is_ahead || asked.get() == asked_before);
        if is_strict {
            // What is read strictly is read so otherwise, too.
            let strictly = told(strict.next_block());
            is_strict = matches!(strictly, Ok(Some(_)));
            assert!(strictly.is_err() || strictly == block);
        }
        let Ok(Some(block)) = block else {
            break;
        };
        written = written.and_then(|out| write_again(out, &block));
        assert!(before + SHORTEST <= reader.offset());
        assert!(reader.offset() <= file.len() as u64);
    }
    assert!(matches!(reader.next_block(), Ok(None)), "it has ended");
    (reader.offset() as usize, written)
}

/// All blocks before the one that is not good are read as they are of a file that ends there; strictly, of what droprec
/// has written of it.
fn read_again(file: &[u8], written: &[u8]) {
    let mut walk = blocks(written);
    walk.by_ref().for_each(drop);
    assert_eq!(walk.whole(), written.len());
    if file.is_empty() {
        return;
    }
    let (mut first, mut again) = (Reader::new(file), Reader::strict(written));
    if !file.starts_with(&block_type::SECTION_HEADER.to_ne_bytes()) {
        let section = again.next_block();
        assert!(matches!(section, Ok(Some(Block::Section(_)))));
    }
    while let Some(block) = first.next_block().expect("it was read before") {
        if !matches!(block, Block::Other(_)) {
            let again = again.next_block().expect("it is droprec's own");
            is_same(&block, &again.expect("each has been written"));
        }
    }
    assert_eq!(first.offset(), file.len() as u64);
    assert_eq!(told(again.next_block()), Ok(None));
}

/// `None`: it cannot be written.
fn write_again(mut out: Vec<u8>, block: &Block<'_>) -> Option<Vec<u8>> {
    if out.is_empty() && !matches!(block, Block::Section(_)) {
        // A classic file has none.
        write::section_header(&mut out, &write::Section::default()).ok()?;
    }
    let result = match block {
        Block::Section(section) => {
            let comment = section.comments.iter().next();
            let section = write::Section {
                hardware: section.hardware.as_deref(),
                os: section.os.as_deref(),
                application: section.application.as_deref(),
                comment: comment.as_deref(),
            };
            write::section_header(&mut out, &section)
        }
        Block::Interface(interface) => {
            let comment = interface.comments.iter().next();
            let interface = write::Interface {
                link_type: interface.link_type.try_into().ok()?,
                name: interface.name.as_deref(),
                description: interface.description.as_deref(),
                comment: comment.as_deref(),
            };
            write::interface(&mut out, &interface)
        }
        Block::Packet(packet) => {
            let comments: Vec<_> = packet.comments.iter().collect();
            let comments: Vec<[&str; 1]> = comments.iter().map(|comment| [&**comment]).collect();
            let packet = write::Packet {
                interface: packet.interface,
                timestamp: packet.timestamp.unwrap_or_default(),
                original_len: packet.original_len,
                frame: &[packet.data],
                flags: packet.flags,
                dropcount: packet.dropcount,
                packetid: packet.packetid,
                queue: packet.queue,
                comments: &comments.iter().map(|of| &of[..]).collect::<Vec<_>>(),
            };
            write::packet(&mut out, &packet)
        }
        Block::Statistics(statistics, comments) => {
            let comments: Vec<_> = comments.iter().collect();
            let statistics = write::Statistics {
                interface: statistics.interface,
                timestamp: statistics.timestamp.unwrap_or_default(),
                start: statistics.start.unwrap_or_default(),
                end: statistics.end.unwrap_or_default(),
                received: statistics.received.unwrap_or_default(),
                dropped: statistics.dropped.unwrap_or_default(),
                accepted: statistics.accepted.unwrap_or_default(),
                os_dropped: statistics.os_dropped.unwrap_or_default(),
                delivered: statistics.delivered.unwrap_or_default(),
                comments: &comments
                    .iter()
                    .map(|comment| &**comment)
                    .collect::<Vec<_>>(),
            };
            write::statistics(&mut out, &statistics)
        }
        Block::Other(_) => Ok(()),
    };
    result.ok().map(|()| out)
}

/// As far as the writer says it all.
fn is_same(block: &Block<'_>, again: &Block<'_>) {
    let first = |comments: &Comments<'_>| comments.iter().next().map(Cow::into_owned);
    match (block, again) {
        (Block::Section(block), Block::Section(again)) => {
            let said = |of: &Section<'_>| {
                let texts = [&of.hardware, &of.os, &of.application];
                (
                    texts.map(|text| text.as_deref().map(str::to_owned)),
                    first(&of.comments),
                )
            };
            assert_eq!(said(block), said(again));
        }
        (Block::Interface(block), Block::Interface(again)) => {
            let said = |of: &Interface<'_>| {
                let texts = [&of.name, &of.description];
                let texts = texts.map(|text| text.as_deref().map(str::to_owned));
                (of.number, of.link_type, texts, first(&of.comments))
            };
            assert_eq!(said(block), said(again));
        }
        (Block::Packet(block), Block::Packet(again)) => {
            let (caplen, most) = (block.data.len() as u32, MAX_CAPLEN);
            let expected = Packet {
                timestamp: block.timestamp.or(Some(0)),
                original_len: block.original_len.clamp(caplen, most),
                ..block.clone()
            };
            assert_eq!(&expected, again);
        }
        (Block::Statistics(block, comments), Block::Statistics(again, comments_again)) => {
            let expected = Statistics {
                interface: block.interface,
                timestamp: block.timestamp.or(Some(0)),
                start: block.start.or(Some(0)),
                end: block.end.or(Some(0)),
                received: block.received.or(Some(0)),
                dropped: block.dropped.or(Some(0)),
                accepted: block.accepted.or(Some(0)),
                os_dropped: block.os_dropped.or(Some(0)),
                delivered: block.delivered.or(Some(0)),
            };
            assert_eq!((&expected, comments), (again, comments_again));
        }
        other => panic!("{other:?}"),
    }
}

/// What walks and changes blocks in memory is not led beyond them.
fn walk(file: &[u8]) {
    let mut walk = blocks(file);
    let mut end = 0;
    for span in walk.by_ref() {
        assert_eq!(span.bytes.start, end);
        end = span.bytes.end;
        let mut block = file[span.bytes].to_vec();
        edit::set_interface(&mut block, 7);
        edit::clear_dropcount(&mut block);
    }
    assert_eq!(walk.whole(), end);
    let mut none = file.to_vec();
    edit::clear_dropcount(&mut none);
    edit::set_interface(&mut none, 7);
}
