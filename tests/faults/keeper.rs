//! The process that looks into network namespaces is killed while drops are recorded.

use std::time::Duration;

use droprec_testbed::{Droprec, children, pause, until};
use rustix::process::{Pid, Signal, kill_process};

use crate::stage::{DROPREC, Stage};

/// So much is said of it.
const ENDED: &str =
    "the process that looks into other network namespaces (droprec-netns) has ended";

/// Kills it, and waits until that is said.
fn kill_keeper(droprec: &Droprec) {
    let [keeper]: [Pid; 1] = children(droprec.pid())[..].try_into().expect("one process");
    assert_eq!(kill_process(keeper, Signal::KILL), Ok(()));
    let is_said = until(|| droprec.stderr().contains(ENDED).then_some(()));
    assert!(is_said.is_some(), "nothing is said: {}", droprec.stderr());
}

#[test]
fn that_the_keeper_of_namespaces_is_killed_is_said_once_with_what_is_lacking_and_drops_are_recorded_on()
 {
    let stage = Stage::new();
    let (label, number, file) = (stage.label(), stage.netns().to_string(), stage.file());
    let file = file.to_str().expect("a path of letters and digits");
    for filter in [["-i", &label], ["--netns", &number]] {
        let droprec = Droprec::start(DROPREC, &[filter[0], filter[1], "-w", file]);
        stage.cause(3);
        kill_keeper(&droprec);
        // It looks for names ten times a second.
        pause(Duration::from_millis(500));
        stage.cause(4);
        let ended = droprec.stop().succeeded();

        assert_eq!(ended.accounting().written, 7, "{}", ended.stderr);
        assert_eq!(ended.stderr.matches(ENDED).count(), 1, "{}", ended.stderr);
        let lacks = format!(
            "nothing that comes later is taken for {} {}",
            filter[0], filter[1]
        );
        assert!(ended.stderr.contains(&lacks), "{}", ended.stderr);
        // Neither is said to be gone that is there, nor a counter read but once to stand still.
        for wrong in ["any more;", &format!("of {label} rose by")] {
            assert!(!ended.stderr.contains(wrong), "{wrong}: {}", ended.stderr);
        }
    }
}
