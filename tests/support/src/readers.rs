//! What tshark and tcpdump see in a file. Both must reach its end without a complaint.

use std::{path::Path, process::Command};

use droprec_pcapng::read::{Block, Reader};

/// What they say on standard error although nothing is wrong.
const HARMLESS: [&str; 3] = [
    "reading from file ",
    "Running as user \"root\"",
    // Of SLL2, whose interface indices it looks up on the machine that it runs on.
    "Warning: interface names might be incorrect",
];

fn read(program: &str, arguments: &[&str], file: &Path) -> String {
    let stdout = read_bytes(program, arguments, file);
    String::from_utf8(stdout)
        .unwrap_or_else(|error| panic!("{program} prints what is no UTF-8: {error}"))
}

fn read_bytes(program: &str, arguments: &[&str], file: &Path) -> Vec<u8> {
    let mut command = Command::new(program);
    command.env("TZ", "UTC").args(arguments).arg("-r").arg(file);
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("this test needs {program}, which does not run: {error}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    let complaints: Vec<&str> = stderr
        .lines()
        .filter(|line| !HARMLESS.iter().any(|harmless| line.starts_with(harmless)))
        .collect();
    assert!(
        output.status.success() && complaints.is_empty(),
        "{command:?}: {}, complains {complaints:#?}",
        output.status
    );
    output.stdout
}

/// What tshark prints with these arguments.
#[must_use]
pub fn tshark(arguments: &[&str], file: &Path) -> String {
    let arguments = [&["-n"], arguments].concat();
    read("tshark", &arguments, file)
}

/// These fields of every packet that a display filter lets through: a line each, separated by tabs.
#[must_use]
pub fn fields(filter: &str, fields: &[&str], file: &Path) -> Vec<String> {
    let mut arguments = vec!["-Y", filter, "-T", "fields"];
    arguments.extend(fields.iter().flat_map(|field| ["-e", field]));
    let lines = tshark(&arguments, file);
    lines.lines().map(str::to_owned).collect()
}

/// What tcpdump prints with these arguments.
#[must_use]
pub fn tcpdump(arguments: &[&str], file: &Path) -> String {
    let arguments = [&["-nn", "-e"], arguments].concat();
    read("tcpdump", &arguments, file)
}

/// The packets that tcpdump selects by an expression: the bytes of each, and how many it had.
#[must_use]
pub fn selected(expression: &str, file: &Path) -> Vec<(Vec<u8>, u32)> {
    let capture = read_bytes("tcpdump", &["-w", "-", expression], file);
    let mut reader = Reader::new(&capture[..]);
    let mut packets = Vec::new();
    loop {
        match reader.next_block() {
            Ok(None) => return packets,
            Ok(Some(Block::Packet(packet))) => {
                packets.push((packet.data.to_owned(), packet.original_len));
            }
            Ok(Some(_)) => {}
            Err(error) => panic!("tcpdump writes no capture file: {error}"),
        }
    }
}

/// Demands that both readers get through a file.
pub fn must_be_readable(file: &Path) {
    let _ = tshark(&[], file);
    let _ = tcpdump(&[], file);
}
