//! What a droprec may do while it records, on each kernel.

use std::fs;

use droprec_testbed::{Pair, Recording, children, frame::Origin, threads, until};
use rustix::system::uname;

use crate::DROPREC;

const NONE: &str = "0000000000000000";
const CAP_BPF: &str = "0000008000000000";
/// `CAP_SYS_PTRACE` and `CAP_SYS_ADMIN`.
const KEEPERS: &str = "0000000000280000";

/// Whether this kernel lets nobody without `CAP_BPF` read what a program counts (`__sys_bpf` before v5.19).
fn reading_takes_a_right() -> bool {
    let release = uname().release().to_string_lossy().into_owned();
    let mut numbers = release.split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        panic!("no version: {release}");
    };
    let sysctl = fs::read_to_string("/proc/sys/kernel/unprivileged_bpf_disabled");
    (major, minor) < (5, 19) && sysctl.is_ok_and(|text| text.trim() != "0")
}

#[test]
fn rights_are_given_up_while_names_and_counters_of_other_namespaces_are_still_found() {
    let (first, later, origin) = (Pair::new(), Pair::new(), Origin::new());
    let recording = Recording::at(DROPREC, &[&first.label(), &later.label()]);
    let droprec = &recording.droprec;
    let own = droprec.pid();
    for thread in threads(own) {
        let is_reader = thread["Pid"] == own.to_string();
        let permitted = if is_reader && reading_takes_a_right() {
            CAP_BPF
        } else {
            NONE
        };
        for set in ["CapPrm", "CapEff"] {
            assert_eq!(thread[set], permitted, "{set}: {thread:#?}");
        }
        for set in ["CapInh", "CapAmb", "CapBnd"] {
            assert_eq!(thread[set], NONE, "{set}: {thread:#?}");
        }
        assert_eq!(thread["NoNewPrivs"], "1", "{thread:#?}");
    }
    let [keeper] = children(own)[..] else {
        panic!("not one process: {:?}", children(own));
    };
    for thread in threads(keeper) {
        assert_eq!(thread["CapPrm"], KEEPERS, "{thread:#?}");
    }
    first.frames().send_all(&origin.unhandled(3));
    later.cut();
    later.join();
    let label = later.label();
    let is_back = || {
        droprec.stderr().contains("has that name now")
            || droprec.stderr().contains("is called so again")
    };
    assert!(
        until(|| is_back().then_some(())).is_some(),
        "{label} is not found again: {}",
        droprec.stderr()
    );
    later.frames().send_all(&origin.unhandled(2));
    recording.wait_for(5, |packet| origin.sent(&packet.data));
    let recorded = recording.finish();
    let packets = recorded
        .capture
        .packets_where(|packet| origin.sent(&packet.data));
    let at = |label: &str| packets.iter().filter(|of| of.interface == label).count();
    assert_eq!((at(&first.label()), at(&label)), (3, 2));
    assert!(packets.iter().all(|packet| packet.get("loc").contains('+')));
    let rose = format!("rx_dropped of {} rose by 3", first.label());
    let stderr = &recorded.ended.stderr;
    assert!(stderr.contains(&rose), "no {rose:?}: {stderr}");
}
