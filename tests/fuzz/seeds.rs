//! The packets of captures as inputs of the target `identify`, a file each: `seeds DIRECTORY CAPTURE...`
//!
//!     cargo run -p droprec --example seeds -- tests/fuzz/corpus/identify samples/*.pcapng

use std::{
    env,
    fs::{self, File},
    path::PathBuf,
};

use droprec_pcapng::read::{Block, Reader};

fn main() {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let directory = arguments.next().expect("a directory for the inputs");
    fs::create_dir_all(&directory).expect("there is room for a directory");
    let mut count = 0;
    for capture in arguments {
        let file =
            File::open(&capture).unwrap_or_else(|error| panic!("{}: {error}", capture.display()));
        let mut reader = Reader::strict(file);
        let mut link_types = Vec::new();
        while let Some(block) = reader.next_block().expect("it is a good capture") {
            match block {
                Block::Section(_) => link_types.clear(),
                Block::Interface(interface) => link_types.push(interface.link_type),
                Block::Packet(packet) => {
                    let link_type = link_types[packet.interface as usize].to_le_bytes();
                    let len = packet.original_len.to_le_bytes();
                    let input = [&link_type[..], &len, packet.data].concat();
                    count += 1;
                    fs::write(directory.join(format!("seed-{count}")), input)
                        .expect("there is room");
                }
                _ => {}
            }
        }
    }
    println!("{count} inputs in {}", directory.display());
}
