//! A file of droprec's, as the strict reader of the pcapng crate sees it.

use std::{collections::BTreeMap, fs, path::Path};

use droprec_pcapng::{
    Flags,
    read::{self, Block, Fault, Reader},
};

use crate::logfmt;

/// An interface of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// `if_name`.
    pub name: String,
    /// `if_description`.
    pub description: String,
    /// What its packets begin with, a number of [`droprec_pcapng::link_type`].
    pub link_type: u16,
}

/// A packet of the file, with its comments.
#[derive(Debug, Clone)]
pub struct Packet {
    /// Name of its interface.
    pub interface: String,
    /// Link type of its interface.
    pub link_type: u16,
    /// Nanoseconds since 1970 UTC.
    pub timestamp: u64,
    /// As long as it was.
    pub original_len: u32,
    /// As much of it as was kept.
    pub data: Vec<u8>,
    /// Direction and reception type.
    pub flags: Option<Flags>,
    /// Packets lost before it on its interface.
    pub dropcount: Option<u64>,
    /// Its number.
    pub packetid: Option<u64>,
    /// The comment for people.
    pub sentence: String,
    /// The comment for programs, by its keys.
    pub pairs: BTreeMap<String, String>,
    /// The frames of its call stack, the innermost first; none where the file has no stack.
    pub stack: Vec<String>,
}

impl Packet {
    /// The value of a key of the second comment; nothing where it is not there.
    #[must_use]
    pub fn get(&self, key: &str) -> &str {
        self.pairs.get(key).map_or("", String::as_str)
    }
}

/// All of a file.
#[derive(Debug, Default)]
pub struct Capture {
    /// The interfaces in their order.
    pub interfaces: Vec<Interface>,
    /// The packets in their order.
    pub packets: Vec<Packet>,
    /// The statistics blocks in their order.
    pub statistics: Vec<read::Statistics>,
    /// Their comments.
    pub told: Vec<Vec<String>>,
    /// Where the last block is not whole, as in a file that is still being written.
    pub is_cut: bool,
}

impl Capture {
    /// Reads a file, which must be whole.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let capture = Self::read_so_far(path);
        assert!(!capture.is_cut, "{}: its last block is cut", path.display());
        capture
    }

    /// Reads a file that may end within a block.
    #[must_use]
    pub fn read_so_far(path: &Path) -> Self {
        let bytes = fs::read(path)
            .unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()));
        Self::of(&bytes)
    }

    /// Reads the bytes of a file that may end within a block.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut capture = Self::default();
        let mut reader = Reader::strict(bytes);
        loop {
            match reader.next_block() {
                Ok(None) => return capture,
                Ok(Some(block)) => capture.add(block),
                Err(error) if matches!(error.fault, Fault::Cut { .. }) => {
                    capture.is_cut = true;
                    return capture;
                }
                Err(error) => panic!("the file is damaged: {error}"),
            }
        }
    }

    fn add(&mut self, block: Block<'_>) {
        match block {
            Block::Interface(interface) => self.interfaces.push(Interface {
                name: interface.name.unwrap_or_default().into_owned(),
                description: interface.description.unwrap_or_default().into_owned(),
                link_type: u16::try_from(interface.link_type).expect("it is in the registry"),
            }),
            Block::Packet(packet) => {
                let comments: Vec<_> = packet.comments.iter().collect();
                let (sentence, pairs, stack) = match &comments[..] {
                    [sentence, pairs] => (sentence, pairs, Vec::new()),
                    [sentence, pairs, stack] => (sentence, pairs, frames(stack)),
                    _ => panic!("neither two comments nor three: {comments:?}"),
                };
                self.packets.push(Packet {
                    interface: self.interfaces[packet.interface as usize].name.clone(),
                    link_type: self.interfaces[packet.interface as usize].link_type,
                    timestamp: packet.timestamp.expect("strict readers have the time"),
                    original_len: packet.original_len,
                    data: packet.data.to_owned(),
                    flags: packet.flags,
                    dropcount: packet.dropcount,
                    packetid: packet.packetid,
                    sentence: sentence.clone().into_owned(),
                    pairs: logfmt::pairs(pairs),
                    stack,
                });
            }
            Block::Statistics(statistics, comments) => {
                self.statistics.push(statistics);
                self.told
                    .push(comments.iter().map(|text| text.to_string()).collect());
            }
            _ => {}
        }
    }

    /// The packets that `wanted` holds for.
    #[must_use]
    pub fn packets_where(&self, wanted: impl Fn(&Packet) -> bool) -> Vec<&Packet> {
        self.packets
            .iter()
            .filter(|packet| wanted(packet))
            .collect()
    }
}

/// The frames of `droprec stack="a+0x1;b+0x2"`. Anything else panics.
fn frames(comment: &str) -> Vec<String> {
    assert!(
        comment.starts_with("droprec stack=\""),
        "no stack: {comment}"
    );
    let pairs = logfmt::pairs(comment);
    assert_eq!(pairs.len(), 1, "not a stack alone: {comment}");
    let frames: Vec<String> = pairs["stack"].split(';').map(str::to_owned).collect();
    assert!(
        !frames.contains(&String::new()),
        "an empty frame: {comment}"
    );
    frames
}
