//! What cannot be read is named, with what to do about it.

use std::{fs, os::unix::fs::PermissionsExt as _, process::Command};

use droprec_testbed::tshark;

use crate::{
    make::{Order, UDP, classic},
    stage::{DROPREC, on_disk, read, read_bytes, run},
};

#[test]
fn an_empty_file_a_directory_and_a_missing_one_are_told_apart() {
    let empty = on_disk(b"");
    let path = empty.path().display();
    assert_eq!(
        read(empty.path(), &[]).one_complaint(),
        format!("droprec: {path} is empty")
    );
    let directory = tempfile::tempdir().expect("there is room for one");
    let said = read(directory.path(), &[]);
    assert!(said.one_complaint().contains("Is a directory"), "{said:?}");
    let said = read(&directory.path().join("none"), &[]);
    assert!(said.one_complaint().contains("No such file"), "{said:?}");
}

#[test]
fn a_file_that_one_may_not_read_is_told() {
    let directory = tempfile::tempdir().expect("there is room for one");
    let path = directory.path().join("closed");
    fs::write(&path, UDP).expect("there is room for it");
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).expect("it is ours");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("it is ours");
    // Root may read everything.
    let mut command = if rustix::process::geteuid().is_root() {
        let program = directory.path().join("droprec");
        fs::copy(DROPREC, &program).expect("there is room for it");
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg(program);
        command
    } else {
        Command::new(DROPREC)
    };
    let said = run(command.arg("-r").arg(&path), b"");
    assert!(
        said.one_complaint()
            .ends_with("Permission denied (os error 13)"),
        "{said:?}"
    );
}

#[test]
fn text_is_said_to_be_text() {
    for text in [
        "hi",
        "12:00:00.000000 IP 192.0.2.1 > 192.0.2.2\n",
        "\n# a script\n",
    ] {
        let said = read_bytes(text.as_bytes(), &[]);
        assert!(
            said.one_complaint()
                .starts_with("droprec: standard input is text"),
            "{said:?}"
        );
    }
}

#[test]
fn what_is_nothing_that_is_known_is_said_to_be_no_capture() {
    for bytes in [
        &b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\0"[..],
        &[0; 100],
        b"\n\r\r",
        b"\n\n\n\n\n",
        b"\xD4\xC3",
    ] {
        let said = read_bytes(bytes, &[]);
        let complaint = said.one_complaint();
        assert!(
            complaint.contains("is no capture file")
                || complaint.contains("in the midst of a block"),
            "{complaint}"
        );
        assert!(said.out.is_empty());
    }
}

#[test]
fn captures_in_the_formats_of_others_are_named_with_what_converts_them() {
    let capture = on_disk(&classic(
        Order::Little,
        0xA1B2_C3D4,
        1,
        &[],
        &[(1_700_000_000, 1, UDP, 46)],
    ));
    let directory = tempfile::tempdir().expect("there is room for one");
    let other = directory.path().join("other");
    let back = directory.path().join("back.pcapng");
    for (format, name) in [
        ("snoop", "a snoop capture"),
        ("netmon1", "a Network Monitor 1 capture"),
        ("netmon2", "a Network Monitor 2 capture"),
        ("ngsniffer", "a Sniffer capture"),
        ("ngwsniffer_2_0", "a NetXRay capture"),
    ] {
        let editcap = |arguments: &[&std::ffi::OsStr]| {
            let said = run(Command::new("editcap").args(arguments), b"");
            assert_eq!(said.code, Some(0), "{said:?}");
        };
        editcap(&[
            "-F".as_ref(),
            format.as_ref(),
            capture.path().as_ref(),
            other.as_ref(),
        ]);
        let said = read(&other, &[]);
        let complaint = said.one_complaint();
        assert!(complaint.contains(&format!(" is {name}: ")), "{complaint}");
        assert!(
            complaint.ends_with("editcap FILE FILE.pcapng"),
            "{complaint}"
        );
        // The remedy is one.
        editcap(&[other.as_ref(), back.as_ref()]);
        assert_eq!(tshark(&[], &back).lines().count(), 1);
        let out = read(&back, &[]).good();
        assert!(out.contains("UDP 192.0.2.1:1000"), "{out}");
    }
}

#[test]
fn a_name_with_control_characters_is_shown_and_not_obeyed() {
    let directory = tempfile::tempdir().expect("there is room for one");
    let said = read(&directory.path().join("a\x1b[31m\n\u{202e}b"), &[]);
    let complaint = said.one_complaint();
    assert!(
        complaint.contains("a\\x1b[31m\\x0a\\u{202e}b"),
        "{complaint}"
    );
}
