//! Two droprecs that are given the same file.

use droprec_testbed::{Capture, Droprec, must_be_readable};

use rustix::process::Signal;

use crate::{
    refusal::must_have_refused,
    stage::{DROPREC, Stage},
};

#[test]
fn a_second_droprec_refuses_the_file_of_one_that_runs_and_takes_nothing_from_it() {
    let stage = Stage::new();
    let first = stage.record(&["-U"]);
    stage.cause(3);
    let file = stage.file();
    let file = file.to_str().expect("a path of letters and digits");
    let second = Droprec::run(DROPREC, &["-i", &stage.label(), "-w", file]);
    must_have_refused(&second, &[file, "another droprec", "-w"]);
    stage.cause(2);
    let ended = first.stop().succeeded();

    let accounting = ended.accounting();
    accounting.must_balance();
    assert_eq!(accounting.written, 5, "{}", ended.stderr);
    assert_eq!(Capture::read(&stage.file()).packets.len(), 5);
    must_be_readable(&stage.file());
}

#[test]
fn a_file_whose_droprec_has_been_killed_can_be_written_by_another() {
    let stage = Stage::new();
    let first = stage.record(&[]);
    first.signal(Signal::KILL);
    let _ = first.wait();
    let second = stage.record(&[]);
    stage.cause(2);
    let _ = second.stop().succeeded();
    assert_eq!(Capture::read(&stage.file()).packets.len(), 2);
}
