//! What the kernel says of the rights of a process.

use std::fs;

use droprec_testbed::{Droprec, Pair, children, threads, until};

use crate::stage::{DROPREC, Stage};

/// The sets of capabilities(7) that a process gains anything by.
const SETS: [&str; 4] = ["CapInh", "CapPrm", "CapEff", "CapAmb"];

/// Demands that no thread of it has a capability, or can get one by executing a program.
pub(super) fn must_have_no_rights(droprec: &Droprec) {
    let threads = threads(droprec.pid());
    assert!(
        threads.len() >= 3,
        "it reads, writes and counts: {threads:#?}"
    );
    for thread in threads {
        for set in SETS {
            assert_eq!(thread[set], "0000000000000000", "{set}: {thread:#?}");
        }
        assert_eq!(thread["NoNewPrivs"], "1", "{thread:#?}");
    }
}

#[test]
fn while_it_records_no_thread_of_roots_droprec_has_a_capability_or_can_get_one() {
    let stage = Stage::new();
    let droprec = stage.record(&["--interval", "1s", "--flight-recorder", "1M"]);
    must_have_no_rights(&droprec);
    for thread in threads(droprec.pid()) {
        assert_eq!(thread["CapBnd"], "0000000000000000", "{thread:#?}");
    }
    stage.cause(3);
    let ended = droprec.stop().succeeded();
    assert_eq!(ended.accounting().written, 3);
}

#[test]
fn only_the_keeper_of_namespaces_keeps_two_capabilities_and_it_ends_with_droprec_even_if_that_is_killed()
 {
    const SYS_PTRACE_AND_SYS_ADMIN: &str = "0000000000280000";
    let pair = Pair::new();
    let file = tempfile::NamedTempFile::new().expect("a file under /tmp");
    let path = file.path().to_str().expect("a path of letters and digits");
    for is_killed in [false, true] {
        let droprec = Droprec::start(DROPREC, &["-i", &pair.label(), "-w", path]);
        let [keeper] = children(droprec.pid())[..] else {
            panic!("not one process: {:?}", children(droprec.pid()));
        };
        for thread in threads(keeper) {
            assert_eq!(thread["Name"], "droprec-netns");
            assert_eq!(thread["CapEff"], SYS_PTRACE_AND_SYS_ADMIN, "{thread:#?}");
            assert_eq!(thread["CapPrm"], SYS_PTRACE_AND_SYS_ADMIN, "{thread:#?}");
            assert_eq!(thread["CapBnd"], "0000000000000000", "{thread:#?}");
            assert_eq!(thread["NoNewPrivs"], "1", "{thread:#?}");
        }
        if is_killed {
            drop(droprec);
        } else {
            let _ = droprec.stop().succeeded();
        }
        let gone = until(|| {
            let status = fs::read_to_string(format!("/proc/{keeper}/status"));
            // Whoever inherits it may take his time to bury it.
            let is_gone = status.map_or(true, |text| text.contains("State:\tZ"));
            is_gone.then_some(())
        });
        assert!(gone.is_some(), "{keeper} outlives it");
    }
}
