//! An interface and a process whose names are meant to break a terminal, a line of JSON or a page: whatever form drops are shown
//! in, they stay names.

use std::{
    ffi::CString,
    fs,
    net::{Ipv4Addr, UdpSocket},
    process::{Command, Stdio},
};

use droprec_testbed::{Droprec, Ended, Pair, Terminal, until};
use serde_json::Value;

use crate::{
    DROPREC,
    hostile_names::{must_be_harmless, rename},
};

const COUNT: usize = 5;
/// Red, an element, and what ends a value.
const INTERFACE: &str = "e\x1b[31m<b>\"='";
const SHOWN_INTERFACE: &str = r#"e\x1b[31m<b>"='"#;
/// A cleared screen, an element, what ends a value, and a bell.
const PROCESS: &str = "\x1b[2J<i>\"=\x07x";
const SHOWN_PROCESS: &str = r#"\x1b[2J<i>"=\x07x"#;

/// Something that sends from an interface, all of which is dropped.
struct Hostile(Pair);

impl Hostile {
    fn new() -> Self {
        let pair = Pair::new();
        pair.receiver.nft("output", "udp dport 7777 drop");
        rename(&pair, INTERFACE.as_bytes());
        Self(pair)
    }

    fn label(&self) -> String {
        self.0.receiver.label(INTERFACE)
    }

    fn send(&self) {
        let name = CString::new(PROCESS).expect("there is no zero in it");
        self.0.receiver.enter(|| {
            rustix::thread::set_name(&name).expect("a thread may have any name");
            let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("a UDP socket");
            for _ in 0..COUNT {
                let sent = socket.send_to(b"hostile", (Pair::SENDER, 7777));
                assert!(sent.is_err(), "the firewall let a packet pass");
            }
        });
    }

    /// A droprec that prints what is dropped there, as these arguments say.
    fn printed(&self, arguments: &[&str]) -> Ended {
        let label = self.label();
        let count = COUNT.to_string();
        let droprec = Droprec::start(
            DROPREC,
            &[&["-i", &label, "-c", &count], arguments].concat(),
        );
        self.send();
        droprec.wait().succeeded()
    }
}

#[test]
fn json_has_them_as_values() {
    let ended = Hostile::new().printed(&["--json"]);
    let lines: Vec<&str> = ended.text().lines().collect();
    assert_eq!(lines.len(), COUNT, "{lines:#?}");
    for line in lines {
        must_be_harmless(line);
        let object: Value = serde_json::from_str(line).expect("an object a line");
        assert_eq!(object["dev"], SHOWN_INTERFACE, "{line}");
        assert_eq!(object["comm"], SHOWN_PROCESS, "{line}");
    }
}

#[test]
fn lines_and_tables_have_them_on_a_line() {
    let hostile = Hostile::new();
    for arguments in [
        &["-v"][..],
        &["--interval", "1s"],
        &["--interval", "1s", "--json"],
    ] {
        let ended = hostile.printed(arguments);
        let shown = match arguments {
            [.., "--json"] => SHOWN_INTERFACE.replace('\\', r"\\").replace('"', "\\\""),
            _ => SHOWN_INTERFACE.to_owned(),
        };
        assert!(
            ended.text().contains(&shown),
            "{arguments:?}: {}",
            ended.text()
        );
        for line in ended.text().lines().chain(ended.stderr.lines()) {
            must_be_harmless(line.trim_start_matches('\t'));
        }
    }
}

#[test]
fn a_terminal_is_not_theirs_and_a_page_has_no_element_of_them() {
    let hostile = Hostile::new();
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let [file, page] = ["drops.pcapng", "page.html"].map(|name| directory.path().join(name));
    let (terminal, drawn_on) = Terminal::new(200, 40);
    let mut command = Command::new(DROPREC);
    command.args(["-i", &hostile.label(), "-w"]).arg(&file);
    let drawn_on = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(drawn_on);
    let mut child = drawn_on.spawn().expect("it starts");
    drop(command);
    let drawn = || terminal.pictures().concat().join("\n");
    let has = |words: &str| until(|| drawn().contains(words).then_some(())).is_some();
    assert!(has("Ctrl-C ends it"), "{}", drawn());
    hostile.send();
    // The progress line.
    assert!(has("5 drops, "), "{}", drawn());
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("it runs");
    assert!(child.wait().expect("it is ours").success());
    let drawn = terminal.to_end().concat().join("\n");
    assert!(drawn.contains(SHOWN_INTERFACE), "{drawn}");
    for theirs in ["\x1b[31m", "\x1b[2J", "\x07"] {
        assert!(!drawn.contains(theirs), "{theirs:?} is in {drawn:?}");
    }

    let paths = [&file, &page].map(|path| path.to_str().expect("letters and digits"));
    let _ = Droprec::run(DROPREC, &["-r", paths[0], "--report", paths[1]]).succeeded();
    let html = fs::read_to_string(&page).expect("it was made");
    assert!(html.contains("&lt;b&gt;"), "{html}");
    for theirs in ["m<b>\"", "J<i>\""] {
        assert!(!html.contains(theirs), "{theirs} is in {html}");
    }
    html.lines()
        .for_each(|line| must_be_harmless(line.trim_start()));
}
