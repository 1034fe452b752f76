//! Writes a recording of as many drops as asked for to standard output: those of a recording at hand, again and again, a
//! microsecond apart.
//!
//!     cargo run --release --example drops -- 10000000 samples/demo-6.18.pcapng >/tmp/drops.pcapng

use std::{
    fs::File,
    io::{self, Write as _},
};

use droprec_pcapng::{
    read::{Block, Reader},
    write,
};

/// When what was appended is written, in bytes.
const FULL: usize = 1 << 20;

/// A packet of the recording at hand.
struct Drop {
    interface: u32,
    original_len: u32,
    data: Vec<u8>,
    flags: Option<droprec_pcapng::Flags>,
    queue: Option<u32>,
    comments: Vec<String>,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (count, path) = (arguments.next(), arguments.next());
    let count: u64 = count.expect("how many drops").parse().expect("a number");
    let file = File::open(path.expect("a recording")).expect("it can be read");

    let mut out = Vec::new();
    let mut drops = Vec::new();
    let mut start = None;
    let mut reader = Reader::strict(file);
    while let Some(block) = reader.next_block().expect("it is good") {
        match block {
            Block::Section(section) => {
                let section = write::Section {
                    hardware: section.hardware.as_deref(),
                    os: section.os.as_deref(),
                    application: section.application.as_deref(),
                    comment: None,
                };
                write::section_header(&mut out, &section).expect("it fits");
            }
            Block::Interface(interface) => {
                let interface = write::Interface {
                    link_type: interface.link_type.try_into().expect("it is pcapng's"),
                    name: interface.name.as_deref(),
                    description: interface.description.as_deref(),
                    comment: None,
                };
                write::interface(&mut out, &interface).expect("it fits");
            }
            Block::Packet(packet) => {
                start = start.or(packet.timestamp);
                drops.push(Drop {
                    interface: packet.interface,
                    original_len: packet.original_len,
                    data: packet.data.to_vec(),
                    flags: packet.flags,
                    queue: packet.queue,
                    comments: packet.comments.iter().map(String::from).collect(),
                });
            }
            _ => {}
        }
    }
    let start = start.expect("a packet with a time");
    let mut stdout = io::stdout().lock();
    for (number, drop) in (0..count).zip(drops.iter().cycle()) {
        let comments = drop.comments.iter().map(|comment| [comment.as_str()]);
        let comments: Vec<[&str; 1]> = comments.collect();
        let comments: Vec<&[&str]> = comments.iter().map(|comment| &comment[..]).collect();
        let packet = write::Packet {
            interface: drop.interface,
            timestamp: start + number * 1000,
            original_len: drop.original_len,
            frame: &[&drop.data],
            flags: drop.flags,
            dropcount: None,
            packetid: Some(number),
            queue: drop.queue,
            comments: &comments,
        };
        write::packet(&mut out, &packet).expect("it fits");
        if out.len() >= FULL {
            stdout.write_all(&out).expect("there is room for it");
            out.clear();
        }
    }
    stdout.write_all(&out).expect("there is room for it");
}
