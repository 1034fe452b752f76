//! Whoever reads the lines may go, or be slow, or have no room.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
};

use crate::{
    make::{self, Order},
    stage::{DROPREC, on_disk, run},
};

fn many() -> Vec<u8> {
    let mut file = make::File::with_interface(Order::Little, "eth0");
    for number in 0..50_000 {
        file = file.udp(1_700_000_000_000_000_000 + number, &[]);
    }
    file.bytes
}

#[test]
fn a_reader_that_has_read_enough_ends_it_quietly() {
    let file = on_disk(&many());
    for form in ["", "--json", "-v"] {
        let script = format!(
            "set -o pipefail; {DROPREC} -r {} {form} | head -n 3",
            file.path().display()
        );
        let said = run(Command::new("bash").args(["-c", &script]), b"");
        assert_eq!(
            (said.code, said.err.as_str()),
            (Some(0), ""),
            "{form}: {said:?}"
        );
        assert_eq!(said.out.lines().count(), 3);
    }
}

#[test]
fn a_full_disk_is_told() {
    let file = on_disk(&many());
    for form in [&[][..], &["--json"], &["--summary"]] {
        let full = File::options()
            .write(true)
            .open("/dev/full")
            .expect("it is there");
        let output = Command::new(DROPREC)
            .arg("-r")
            .arg(file.path())
            .args(form)
            .stdout(full)
            .output()
            .expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert_eq!(
            said,
            "droprec: cannot write to standard output: No space left on device (os error 28)\n"
        );
    }
}

#[test]
fn a_line_is_there_as_soon_as_its_packet_is() {
    let mut child = Command::new(DROPREC)
        .args(["-r", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut pipe = child.stdin.take().expect("it is piped");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut file = make::File::with_interface(Order::Little, "eth0");
    for number in 0..3 {
        let from = if number == 0 { 0 } else { file.bytes.len() };
        file = file.udp(1_700_000_000_000_000_000 + number, &[]);
        pipe.write_all(&file.bytes[from..]).expect("it reads");
        let line = lines.next().expect("a line comes").expect("it is text");
        assert!(line.ends_with("(eth0), length 46"), "{line}");
    }
    drop(pipe);
    assert!(lines.next().is_none());
    assert!(child.wait().expect("it ends").success());
}
