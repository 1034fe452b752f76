//! `-q`: no news is good news.

use std::process::{Command, Stdio};

use droprec_testbed::{Capture, Droprec, until};

use crate::{
    lost,
    stage::{DROPREC, Stage},
};

/// A quiet droprec, which does not say that it is ready: it is once a drop is in its file.
fn record_quietly(stage: &Stage, arguments: &[&str]) -> Droprec {
    let mut command = Command::new(DROPREC);
    command
        .args(["-q", "-i", &stage.label(), "-w"])
        .arg(stage.file())
        .args(arguments);
    let droprec = Droprec::spawn(command, Stdio::piped());
    let records = until(|| {
        stage.cause(1);
        let is_there = stage.file().exists();
        (is_there && !Capture::read_so_far(&stage.file()).packets.is_empty()).then_some(())
    });
    assert!(
        records.is_some(),
        "nothing is recorded: {}",
        droprec.stderr()
    );
    droprec
}

#[test]
fn a_quiet_recording_without_losses_prints_nothing() {
    let stage = Stage::new();
    let ended = record_quietly(&stage, &[]).stop().succeeded();
    assert_eq!(ended.stderr, "");
    assert_eq!(ended.text(), "");
}

#[test]
fn a_quiet_recording_speaks_of_its_losses() {
    let stage = Stage::new();
    let droprec = record_quietly(&stage, &["-B", "4"]);
    stage.cause(200_000);
    let ended = droprec.stop().succeeded();
    assert!(lost::by_the_ring(&ended) > 0, "{}", ended.stderr);
    ended.accounting().must_balance();
    let all_of_losses = ended
        .stderr
        .lines()
        .all(|line| line.starts_with("seen ") || line.starts_with("lost "));
    assert!(all_of_losses, "{}", ended.stderr);
}
