//! "Dropped packets" among the interfaces of Wireshark.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use droprec_testbed::{Capture, Droprec, Pair, frame::Origin, run, until};
use rustix::process::Signal;

use crate::{
    DROPREC,
    home::{Home, RIGHTS},
};

/// The user's tshark, capturing dropped packets, with further arguments.
fn capturing(home: &Home, capabilities: &str, arguments: &[&str]) -> Droprec {
    let mut command = home.command(capabilities, "tshark");
    command.args(["-n", "-i", "droprec"]).args(arguments);
    Droprec::spawn(command, Stdio::piped())
}

/// Whether such a droprec still runs.
fn is_left(program: &Path) -> bool {
    let program = program.to_string_lossy();
    let processes = fs::read_dir("/proc").expect("proc is mounted");
    processes.flatten().any(|process| {
        let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
        line.starts_with(program.as_bytes())
    })
}

#[test]
fn dropped_packets_are_among_the_interfaces_and_have_options() {
    let home = Home::installed();
    let listed = home.tshark(&["-D"]);
    assert!(listed.contains("droprec (Dropped packets)"), "{listed}");
    let types = home.tshark(&["-i", "droprec", "-L"]);
    assert!(types.contains("EN10MB (Ethernet)"), "{types}");
    // Wireshark makes a preference of each option that it understands.
    let preferences = home.tshark(&["-G", "currentprefs"]);
    for option in ["at", "snaplen", "all", "stack"] {
        let name = format!("extcap.droprec.{option}:");
        assert!(preferences.contains(&name), "{name}");
    }
}

#[test]
fn a_real_drop_is_captured_through_tshark_as_it_happens() {
    let home = Home::installed();
    let (pair, origin) = (Pair::new(), Origin::new());
    let file = home.path().join("drops.pcapng");
    let path = file.to_str().expect("a path of letters and digits");
    let at = format!("extcap.droprec.at:{}", pair.label());
    let tshark = capturing(&home, RIGHTS, &["-o", &at, "-w", path]);
    let frames = origin.unhandled(1);
    // It says nowhere when it records.
    let captured = until(|| {
        pair.frames().send_all(&frames);
        let bytes = fs::read(&file).unwrap_or_default();
        let packets = Capture::of(&bytes).packets;
        packets
            .iter()
            .any(|packet| origin.sent(&packet.data))
            .then_some(())
    });
    assert!(captured.is_some(), "{}", tshark.stderr());
    // As Ctrl-C on a terminal, for all of its processes.
    run(
        "kill",
        &["-INT", "--", &format!("-{}", tshark.pid().as_raw_nonzero())],
    );
    let ended = tshark.wait();
    assert!(ended.status.success(), "{}", ended.stderr);
    assert!(
        until(|| (!is_left(&home.program())).then_some(())).is_some(),
        "droprec still runs"
    );

    let fields = [
        "droprec.reason",
        "frame.interface_name",
        "eth.src",
        "droprec.what",
    ];
    let found = home.fields(&[], &fields, &file);
    let mac: Vec<String> = origin
        .mac()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let (label, what) = (pair.label(), "EtherType 0x88b5 (local experimental)");
    assert!(!found.is_empty());
    for packet in found {
        assert_eq!(packet, ["UNHANDLED_PROTO", &*label, &*mac.join(":"), what]);
    }
}

#[test]
fn who_lacks_the_rights_is_told_by_tshark_at_once_what_to_do() {
    let home = Home::installed();
    let ended = capturing(&home, "", &["-c", "1"]).wait();
    let remedy = format!(
        "sudo setcap cap_bpf,cap_perfmon,cap_syslog,cap_sys_admin,cap_sys_ptrace+ep {}",
        home.program().display()
    );
    assert!(!ended.status.success());
    for wanted in ["CAP_BPF and CAP_PERFMON not held", &remedy] {
        assert!(
            ended.stderr.contains(wanted),
            "no {wanted} in {}",
            ended.stderr
        );
    }
}

#[test]
fn a_capture_filter_holds_for_dropped_packets() {
    let home = Home::installed();
    let (pair, wanted, other) = (Pair::new(), Origin::new(), Origin::new());
    let mac: Vec<String> = wanted
        .mac()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let filter = format!("ether src {}", mac.join(":"));
    let file = home.path().join("drops.pcapng");
    let path = file.to_str().expect("a path of letters and digits");
    let tshark = capturing(&home, RIGHTS, &["-f", &filter, "-c", "3", "-w", path]);
    let frames = [other.unhandled(1), wanted.unhandled(1)].concat();
    let captured = until(|| {
        pair.frames().send_all(&frames);
        let bytes = fs::read(&file).unwrap_or_default();
        (Capture::of(&bytes).packets.len() >= 3).then_some(())
    });
    assert!(captured.is_some(), "{}", tshark.stderr());
    let packets = Capture::read_so_far(&file).packets;
    assert!(packets.iter().all(|packet| wanted.sent(&packet.data)));
}

#[test]
fn a_wrong_capture_filter_is_told_with_what_is_wrong() {
    let home = Home::installed();
    let ended = capturing(&home, RIGHTS, &["-c", "1", "-f", "udp prot 53"]).wait();
    assert!(!ended.status.success());
    assert!(ended.stderr.contains("syntax error"), "{}", ended.stderr);
}

#[test]
fn a_capture_that_wireshark_ends_has_its_closing_blocks() {
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let fifo = directory.path().join("fifo");
    let path = fifo.to_str().expect("a path of letters and digits");
    run("mkfifo", &[path]);
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let mut command = Command::new(DROPREC);
    command
        .args(["extcap", "--capture", "--extcap-interface", "droprec"])
        .args(["--fifo", path, "--at", &label, "--snaplen", "64"]);
    let droprec = Droprec::spawn(command, Stdio::piped());
    let output =
        droprec_testbed::Output::read(fs::File::open(&fifo).expect("droprec opens it too"));
    let frames = origin.unhandled(3);
    let came = until(|| {
        let came = Capture::of(&output.so_far()).packets.len();
        if came == 0 {
            pair.frames().send_all(&frames);
        }
        (came > 0).then_some(())
    });
    assert!(came.is_some(), "{}", droprec.stderr());
    droprec.signal(Signal::TERM);
    let ended = droprec.wait().succeeded();
    assert_eq!((ended.text(), ended.stderr.as_str()), ("", ""));
    let capture = Capture::of(&output.to_end());
    assert!(!capture.is_cut);
    assert_eq!(capture.statistics.len(), capture.interfaces.len());
    assert!(
        capture
            .packets
            .iter()
            .all(|packet| origin.sent(&packet.data))
    );
}

#[test]
fn what_wireshark_never_asks_gets_a_clear_answer() {
    for (arguments, answer) in [
        (&["extcap"][..], "--extcap-interface droprec"),
        (
            &["extcap", "--extcap-interface", "eth0", "--extcap-dlts"],
            "--extcap-interface droprec",
        ),
        (
            &["extcap", "--extcap-interface", "droprec", "--capture"],
            "--fifo",
        ),
    ] {
        let ended = Droprec::run(DROPREC, arguments);
        assert_eq!(ended.status.code(), Some(1), "{arguments:?}");
        assert!(ended.stderr.contains(answer), "{}", ended.stderr);
    }
}

#[test]
fn a_capture_filter_that_is_being_typed_is_judged() {
    for (filter, said) in [
        ("udp port 53", ""),
        (
            "udp prot 53",
            "can't parse filter expression: syntax error, at \"prot\"\n",
        ),
        (
            "udp port",
            "can't parse filter expression: syntax error, at the end\n",
        ),
    ] {
        let arguments = ["extcap", "--extcap-interface", "droprec"];
        let filter = ["--extcap-capture-filter", filter];
        let ended = Droprec::run(DROPREC, &[&arguments[..], &filter].concat()).succeeded();
        assert_eq!((ended.text(), ended.stderr.as_str()), (said, ""));
    }
}
