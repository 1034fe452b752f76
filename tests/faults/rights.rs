//! Droprec started by a user who is not root, with some rights or none.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, chown},
    path::PathBuf,
    process::{Command, Stdio},
};

use droprec_testbed::{Capture, Droprec, flood, frame::UNHANDLED};

use crate::{
    refusal::{must_have_left_nothing, must_have_refused},
    stage::{DROPREC, Stage},
};

/// `nobody` and `nogroup`.
pub(crate) const NOBODY: u32 = 65_534;

/// A stage whose directory is the user's, and a program that the user can run: the one under test may lie where only root
/// gets.
pub(crate) struct UserStage {
    pub(crate) stage: Stage,
    programs: tempfile::TempDir,
}

impl UserStage {
    pub(crate) fn new() -> Self {
        let (stage, programs) = (
            Stage::new(),
            tempfile::tempdir().expect("a directory under /tmp"),
        );
        chown(stage.directory(), Some(NOBODY), Some(NOBODY)).expect("root may");
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(programs.path(), open).expect("a directory of the test's own");
        let user_stage = Self { stage, programs };
        fs::copy(DROPREC, user_stage.program()).expect("a copy of the program");
        user_stage
    }

    pub(crate) fn program(&self) -> PathBuf {
        self.programs.path().join("droprec")
    }

    /// Droprec so, recording everything, with call stacks.
    fn record(&self, capabilities: &str) -> Droprec {
        let program = self.program();
        let program = program.to_str().expect("a path of letters and digits");
        let mut command = as_nobody(capabilities, program);
        command.args(["--stack", "-w"]).arg(self.stage.file());
        Droprec::spawn(command, Stdio::piped())
    }
}

/// `program` as `nobody`, with these capabilities (`+bpf,+perfmon`) alone.
pub(crate) fn as_nobody(capabilities: &str, program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    if !capabilities.is_empty() {
        command.args(["--inh-caps", capabilities, "--ambient-caps", capabilities]);
    }
    command.arg(program);
    command
}

/// Whether the kernel shows where its functions are to a user with these capabilities.
fn sees_symbols(capabilities: &str) -> bool {
    let mut command = as_nobody(capabilities, "grep");
    command.args(["-qv", "^0000000000000000 ", "/proc/kallsyms"]);
    let status = command.status().expect("this test needs setpriv and grep");
    match status.code() {
        Some(0) => true,
        Some(1) => false,
        _ => panic!("{command:?}: {status}"),
    }
}

#[test]
fn an_ordinary_user_is_told_which_rights_are_missing_and_how_to_get_them() {
    let user = UserStage::new();
    let ended = user.record("").wait();
    let remedies = ["sudo droprec", "setcap cap_bpf,cap_perfmon"];
    must_have_refused(
        &ended,
        &[&["CAP_BPF and CAP_PERFMON not held"], &remedies[..]].concat(),
    );
    must_have_left_nothing(user.stage.directory());

    let ended = user.record("+bpf").wait();
    must_have_refused(
        &ended,
        &[&["capabilities: CAP_PERFMON not held"], &remedies[..]].concat(),
    );
    must_have_left_nothing(user.stage.directory());
}

#[test]
fn cap_bpf_and_cap_perfmon_alone_record_and_what_is_lacking_is_said_once() {
    const ENOUGH: &str = "+bpf,+perfmon";
    let user = UserStage::new();
    let mut droprec = user.record(ENOUGH);
    droprec.wait_until_ready();
    user.stage.cause(3);
    let ended = droprec.stop().succeeded();

    let netns = user.stage.netns().to_string();
    let capture = Capture::read(&user.stage.file());
    let packets = capture.packets_where(|packet| {
        packet.get("netns") == netns || packet.interface == user.stage.label()
    });
    assert_eq!(
        packets.len(),
        3,
        "drops of the test's own: {:#?}",
        capture.packets
    );
    let sees_symbols = sees_symbols(ENOUGH);
    for packet in packets {
        assert_eq!(packet.get("reason"), "UNHANDLED_PROTO");
        assert_eq!(packet.data, flood::frame(UNHANDLED));
        let named = packet.get("loc").starts_with("__netif_receive_skb_core");
        assert_eq!(named, sees_symbols, "{packet:#?}");
        assert_eq!(!packet.stack.is_empty(), sees_symbols, "{packet:#?}");
        assert!(
            !format!("{packet:?}").contains("ffffffff"),
            "an address of the kernel: {packet:#?}"
        );
    }
    let lacks = format!("{} drops lack their call stack", capture.packets.len());
    assert_eq!(
        ended.stderr.contains(&lacks),
        !sees_symbols,
        "{}",
        ended.stderr
    );
    let said = ended
        .stderr
        .lines()
        .filter(|line| line.contains("kallsyms"));
    let said: Vec<&str> = said.collect();
    match said[..] {
        [] if sees_symbols => {}
        [line] if !sees_symbols => assert!(
            line.contains("root") && line.contains("cap_syslog"),
            "{line}"
        ),
        _ => panic!(
            "addresses are {sees_symbols} to be seen, and droprec says: {}",
            ended.stderr
        ),
    }
}

#[test]
fn no_place_is_waited_for_or_chosen_where_functions_have_no_names() {
    const ENOUGH: &str = "+bpf,+perfmon";
    if sees_symbols(ENOUGH) {
        return;
    }
    let user = UserStage::new();
    let program = user.program();
    let program = program.to_str().expect("a path of letters and digits");
    for (asked, takes) in [
        (&["--until", "loc=ip_rcv"][..], "loc= of --until takes"),
        (
            &["--until", "reason=NO_SOCKET", "--until", "dev=x loc=*"],
            "loc= of --until takes",
        ),
        (&["--location", "ip_rcv"], "--location, --not-location"),
        (&["--no-noise"], "--no-noise take"),
    ] {
        let mut command = as_nobody(ENOUGH, program);
        command.args(asked).args(["--duration", "1", "-w"]);
        command.arg(user.stage.file());
        let ended = Droprec::spawn(command, Stdio::piped()).wait();
        must_have_refused(&ended, &[takes, "the names of functions", "cap_syslog"]);
        must_have_left_nothing(user.stage.directory());
    }
}

#[test]
fn where_functions_have_no_names_no_driver_is_blamed_for_what_their_reasons_explain() {
    const ENOUGH: &str = "+bpf,+perfmon,+sys_admin,+sys_ptrace";
    if sees_symbols(ENOUGH) {
        return;
    }
    let user = UserStage::new();
    let mut droprec = user.record(ENOUGH);
    droprec.wait_until_ready();
    user.stage.cause(2);
    let ended = droprec.stop().succeeded();
    let label = user.stage.label();
    let told = format!("rx_dropped of {label} rose by 2: perhaps 2 UNHANDLED_PROTO at unnamed ");
    let read = Droprec::run(
        DROPREC,
        &[
            "-r",
            user.stage.file().to_str().expect("letters and digits"),
            "--summary",
        ],
    );
    for said in [&ended.stderr, read.succeeded().text()] {
        // It may go on in the next line.
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(told.trim_end()), "no {told} in {said}");
        assert!(!said.contains("a driver counts here"), "{said}");
    }
}

#[test]
fn explain_needs_no_rights_and_prints_lines_of_a_fixed_width_where_no_terminal_is() {
    let stage = UserStage::new();
    let program = stage.program();
    let program = program.to_str().expect("a path of letters and digits");
    let explain = |asked: &[&str]| {
        let mut command = as_nobody("", program);
        let output = command.arg("explain").args(asked).output();
        let output = output.expect("setpriv runs");
        assert!(output.status.success(), "{asked:?}: {output:?}");
        String::from_utf8(output.stdout).expect("it is text")
    };
    let list = explain(&[]);
    assert!(list.lines().count() > 300, "{list}");
    let dropwatch = "1 drops at ip_rcv+cf (0xffffffff81586d82)";
    let text = explain(&["UNHANDLED_PROTO", "0x0400", dropwatch]);
    assert!(
        text.lines().all(|line| line.chars().count() <= 100),
        "{text}"
    );
    for printed in [list, text] {
        let is_text = printed.chars().all(|c| c == '\n' || !c.is_control());
        assert!(is_text, "{printed}");
    }
}
