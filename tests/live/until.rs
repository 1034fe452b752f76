//! `--until`: a recording that ends with the drop that is waited for, in each form, and a reading that does.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use droprec_testbed::{Capture, Droprec, Ended, Pair, feature, frame::Origin, until};

use crate::{DROPREC, kinds};

/// Waits for a drop of the second kind of three with these pairs, in this form. What there is after the drop that is waited for
/// must not be there, and what was before it must.
fn ended(pairs: &[&str], arguments: &[&str]) -> Ended {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let mut command = Command::new(DROPREC);
    command.args(["-i", &label]).args(arguments);
    for pairs in pairs {
        command.args(["--until", pairs]);
    }
    let mut droprec = Droprec::spawn(command, Stdio::piped());
    droprec.wait_until_ready();
    let socket = pair.frames();
    socket.send_all(&kinds::stp(origin)[..20]);
    socket.send_all(&kinds::udp(origin)[..20]);
    socket.send_all(&kinds::unhandled_in_vlan(origin)[..20]);
    let ended = droprec.wait().succeeded();
    ended.accounting().must_balance();
    assert_eq!(ended.accounting().written, 21, "{}", ended.stderr);
    let last = ended.stderr.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("--until ended it: ") && last.contains(" UDP "),
        "{}",
        ended.stderr
    );
    ended
}

/// What a drop of a UDP datagram to a closed port is known by here: its reason where there are any, else the function.
fn closed_port() -> &'static str {
    if feature::reasons() {
        "reason=NO_SOCKET"
    } else {
        "loc=__udp4_lib_rcv"
    }
}

#[test]
fn lines_end_with_the_first_drop_of_a_reason_or_a_place() {
    for pairs in [
        &[closed_port()][..],
        &["loc=*udp*"],
        &["loc=no_such_function", closed_port()],
        &["dev=eth1 proto=0x0004", "dev=eth0 dir=in proto=0x800"],
        &["what=\"UDP * > *:9\""],
        &["dev=eth0 what=UDP* len=*"],
    ] {
        let ended = ended(pairs, &[]);
        let lines: Vec<&str> = ended.text().lines().collect();
        assert_eq!(lines.len(), 21, "{pairs:?}: {}", ended.text());
        assert!(lines[..20].iter().all(|line| line.contains("STP")));
        assert!(lines[20].contains(" UDP "), "{pairs:?}: {}", lines[20]);
        let said = ended.stderr.lines().last().unwrap_or_default();
        assert_eq!(said.strip_prefix("--until ended it: "), Some(lines[20]));
    }
}

#[test]
fn json_ends_with_the_drop_too_and_a_file_does() {
    let json = ended(&[closed_port()], &["--json"]);
    assert_eq!(json.text().lines().count(), 21);
    assert!(
        json.text()
            .lines()
            .last()
            .is_some_and(|line| line.contains("UDP"))
    );

    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("drops.pcapng");
    let path = file.to_str().expect("a path of letters and digits");
    let _ = ended(&[closed_port()], &["-w", path]);
    let capture = Capture::read(&file);
    assert_eq!(capture.packets.len(), 21);
    assert!(capture.packets[20].get("what").starts_with("UDP"));
}

/// What `-r` prints of a file, and says on standard error.
fn read(file: &Path, arguments: &[&str]) -> Ended {
    let file = file.to_str().expect("its name is UTF-8");
    let ended = Droprec::run(DROPREC, &[&["-r", file], arguments].concat()).succeeded();
    assert_eq!(ended.stderr, "", "{arguments:?}");
    ended
}

#[test]
fn a_file_is_read_up_to_the_drop_that_would_have_ended_its_recording() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let recording = droprec_testbed::Recording::at(DROPREC, &[&pair.label()]);
    let socket = pair.frames();
    socket.send_all(&kinds::stp(origin)[..20]);
    socket.send_all(&kinds::udp(origin)[..20]);
    recording.wait_for(40, |packet| origin.sent(&packet.data));
    let recorded = recording.finish();
    let of_kind = closed_port();
    let datagram = recorded
        .capture
        .packets_where(|packet| packet.get("what").starts_with("UDP"));
    // Whichever function has it: a compiler takes one into another.
    let function = datagram[0].get("loc").split('+').next();
    let of_place = format!("loc={}", function.unwrap_or_default());
    // As dropwatch tells it.
    let of_offset = format!("loc=\"{}\"", datagram[0].get("loc").replacen("+0x", "+", 1));
    for pairs in [
        of_kind,
        &of_place,
        &of_offset,
        "what=UDP*",
        "proto=0x0800  what=UDP*",
    ] {
        let lines = read(&recorded.file, &["--until", pairs]);
        assert_eq!(lines.text().lines().count(), 21, "{pairs}");
        let both = ["--until", pairs, "--summary"];
        let summary = read(&recorded.file, &both);
        let last = lines.text().lines().last().unwrap_or_default();
        let said = format!("--until ended it: {last}");
        assert_eq!(
            summary.text().lines().last(),
            Some(said.as_str()),
            "{pairs}"
        );
        let json = read(&recorded.file, &["--until", pairs, "--summary", "--json"]);
        let key = format!("\"ended_by\":\"{last}\"");
        assert!(json.text().contains(&key), "{key}: {}", json.text());
    }
    let of_interface = format!("dev={} what=UDP*", pair.label());
    let lines = read(&recorded.file, &["--until", &of_interface]);
    assert_eq!(lines.text().lines().count(), 21, "{of_interface}");
    let never = read(&recorded.file, &["--until", "dev=no_such_interface"]);
    assert_eq!(never.text().lines().count(), 40);
}

#[test]
fn an_interface_and_a_namespace_are_waited_for_by_the_names_that_lines_have() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let (label, name) = (pair.label(), pair.receiver.name());
    let inode = pair.receiver.inode();
    for pairs in [
        format!("dev={label}"),
        format!("dev=eth0@{inode}"),
        format!("netns={name}"),
    ] {
        let droprec = Droprec::start(DROPREC, &["--until", &pairs]);
        pair.frames().send_all(&kinds::udp(origin)[..20]);
        let ended = droprec.wait().succeeded();
        let line = ended.text().lines().last().unwrap_or_default();
        assert!(line.contains(&format!("({label} ")), "{pairs}: {line}");
    }
}

#[test]
fn a_reason_that_the_kernel_does_not_have_is_refused_before_anything_is_written() {
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("drops.pcapng");
    let path = file.to_str().expect("a path of letters and digits");
    let ended = Droprec::run(DROPREC, &["-w", path, "--until", "reason=NO_SOKET"]);
    assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
    let words = if feature::reasons() {
        "near it are NO_SOCKET"
    } else {
        "loc="
    };
    assert!(ended.stderr.contains(words), "{}", ended.stderr);
    assert!(!file.exists(), "the file was made");
}

#[test]
fn a_value_that_a_key_never_has_is_refused_with_what_it_has() {
    for (pairs, has) in [
        ("len=abc", "a number"),
        ("cpu=x", "a number"),
        ("dir=sideways", "in or out"),
        ("pkt_type=foo", "otherhost"),
        ("proto=88b6", "0x0800"),
    ] {
        let ended = Droprec::run(DROPREC, &["--until", pairs]);
        assert_eq!(ended.status.code(), Some(2), "{pairs}: {}", ended.stderr);
        assert!(ended.stderr.contains(has), "{pairs}: {}", ended.stderr);
    }
}

#[test]
fn a_place_that_no_function_has_is_told_and_waited_for() {
    let pair = Pair::new();
    let arguments = ["-i", &pair.label(), "--until", "loc=tpc_v4_rcv"];
    let droprec = Droprec::start(DROPREC, &arguments);
    let told = until(|| {
        droprec
            .stderr()
            .contains("--until loc=tpc_v4_rcv: no function")
            .then_some(())
    });
    assert!(told.is_some(), "{}", droprec.stderr());
    let ended = droprec.stop().succeeded();
    assert!(
        !ended.stderr.contains("--until ended it"),
        "{}",
        ended.stderr
    );
}
