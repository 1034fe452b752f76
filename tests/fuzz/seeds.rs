//! What captures hold, as inputs of a fuzz target, a file each: `seeds TARGET DIRECTORY CAPTURE...`
//!
//!     cargo run -p droprec --example seeds -- identify target/seeds samples/*.pcapng

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use droprec_pcapng::{
    blocks,
    read::{Block, Packet, Reader},
};
use droprec_testbed::item::item;

/// Bytes of an input of `pcapng` at most.
const FILE: usize = 1000;

fn main() {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let target = arguments.next().expect("a target");
    let directory = arguments.next().expect("a directory for the inputs");
    fs::create_dir_all(&directory).expect("there is room for a directory");
    let of: fn(&[u8]) -> Vec<Vec<u8>> = match target.to_str() {
        Some("identify") => |file| of_packets(file, identify),
        Some("record") => |file| of_packets(file, record),
        Some("logfmt") => |file| of_packets(file, comments),
        Some("pcapng") => |file| vec![beginning(file)],
        _ => panic!("none of {} is in a capture", target.display()),
    };
    let captures = arguments.map(|capture| fs::read(&capture).expect("it can be read"));
    let inputs = captures.flat_map(|file| of(&file));
    let count = inputs.enumerate().map(|(count, input)| {
        let file = Path::new(&directory).join(format!("seed-{count}"));
        fs::write(file, input).expect("there is room");
    });
    println!("{} inputs in {}", count.count(), directory.display());
}

/// What is made of each packet and its link type.
fn of_packets(file: &[u8], input: fn(&Packet<'_>, u32) -> Vec<u8>) -> Vec<Vec<u8>> {
    let mut reader = Reader::strict(file);
    let (mut link_types, mut inputs) = (Vec::new(), Vec::new());
    while let Some(block) = reader.next_block().expect("it is a good capture") {
        match block {
            Block::Section(_) => link_types.clear(),
            Block::Interface(interface) => link_types.push(interface.link_type),
            Block::Packet(packet) => {
                inputs.push(input(&packet, link_types[packet.interface as usize]));
            }
            _ => {}
        }
    }
    inputs
}

fn identify(packet: &Packet<'_>, link_type: u32) -> Vec<u8> {
    let link_type = (link_type as u16).to_le_bytes();
    let len = packet.original_len.to_le_bytes();
    [&link_type[..], &len, packet.data].concat()
}

/// An item of the ring that is read so and so.
fn record(packet: &Packet<'_>, _: u32) -> Vec<u8> {
    let item = item(packet.data, packet.original_len, 0);
    let len = item.len() as u16;
    let snaplen = 256_u16;
    let how = &[2][..];
    [how, &snaplen.to_le_bytes(), &len.to_le_bytes(), &item].concat()
}

fn comments(packet: &Packet<'_>, _: u32) -> Vec<u8> {
    let comments: Vec<_> = packet.comments.iter().collect();
    comments.join("\n").into_bytes()
}

/// The blocks that it begins with, and the last one.
fn beginning(file: &[u8]) -> Vec<u8> {
    let mut spans: Vec<_> = blocks(file).map(|span| span.bytes).collect();
    let last = spans.pop().expect("it has blocks");
    let whole = spans.iter().map(|span| span.end);
    let end = whole.take_while(|end| *end + last.len() <= FILE).last();
    let piece = &[64][..];
    [piece, &file[..end.unwrap_or_default()], &file[last]].concat()
}
