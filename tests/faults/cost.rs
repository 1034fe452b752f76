//! What a drop costs the kernel that a filter leaves out, beside one that is recorded, by the kernel's own account of programs
//! (`kernel.bpf_stats_enabled`, `Documentation/admin-guide/sysctl/kernel.rst`).

use std::fs;

use droprec_testbed::{
    Droprec, Idle, Ingress, Pair,
    flood::{flood_of, frame},
    frame::{Origin, UNHANDLED},
};
use rustix::process::{Pid, getpid};

use crate::{attached, stage::DROPREC};

const FLOOD: u32 = 40_000;
/// Whatever else the machine does makes some of them dearer.
const FLOODS: u64 = 20;
const ENABLED: &str = "/proc/sys/kernel/bpf_stats_enabled";

/// Filters that want nothing of the flood, and have to look into it in different ways.
const FILTERS: &[&[&str]] = &[
    &["--reason", "NO_SOCKET"],
    &["--not-reason", "*"],
    &["--location", "tcp_v4_rcv"],
    &["-i", "lo"],
    &["--netns", "/proc/self/ns/net"],
    &["--ethertype", "lldp"],
    &["--ethertype", "vlan"],
    &["--proto", "icmp"],
    &["--daddr", "198.51.100.0/24"],
    &["--port", "443"],
    &["tcp", "--saddr", "2001:db8::/32", "--dport", "443"],
    &["tcp port 443"],
    &["net 198.51.100.0/24 and udp"],
    &["ether proto 0x88cc or vlan"],
];

/// The kernel counts how long programs run, as long as this is there.
struct Statistics(String);

impl Statistics {
    fn enabled() -> Self {
        let before = fs::read_to_string(ENABLED).expect("Linux has it since 5.1");
        fs::write(ENABLED, "1").expect("root may");
        Self(before)
    }
}

impl Drop for Statistics {
    fn drop(&mut self) {
        // If it fails, programs run a little slower.
        let _ = fs::write(ENABLED, &self.0);
    }
}

/// Nanoseconds that the program of each process takes on a drop, in the flood in which it takes least: of all its programs the
/// one that runs longest.
fn least<const N: usize>(processes: [Pid; N], flood: impl Fn()) -> [u64; N] {
    let mut least = [u64::MAX; N];
    for _ in 0..FLOODS {
        let before = processes.map(attached::runs);
        flood();
        for ((least, process), before) in least.iter_mut().zip(processes).zip(before) {
            let during = attached::runs(process).into_iter().map(|(program, after)| {
                let before = before.get(&program).copied().unwrap_or_default();
                (after.0 - before.0, after.1 - before.1)
            });
            let longest = during.max_by_key(|(_, time)| *time);
            let (runs, time) = longest.expect("it has a program");
            assert!(runs >= FLOOD.into(), "only {runs} runs");
            *least = (*least).min(time / runs);
        }
    }
    least
}

/// Has a frame dropped over and over before a droprec that records it and one with a filter; gives the costs of both, without
/// what a program costs that does nothing: most of that is the counting.
fn costs(stage: &Pair, frame: &[u8], filter: &[&str]) -> [u64; 2] {
    let label = stage.label();
    let _idle = Idle::at_drops();
    let recorded = Droprec::start(DROPREC, &["-w", "/dev/null", "-i", &label]);
    let filtered = Droprec::start(DROPREC, &[&["-w", "/dev/null"], filter].concat());
    let flood = || stage.receiver.enter(|| flood_of("eth0", frame, FLOOD));
    let [nothing, whole, part] = least([getpid(), recorded.pid(), filtered.pid()], flood);
    let all = FLOODS * u64::from(FLOOD);
    let books = filtered.stop().succeeded().accounting();
    assert!(books.filtered >= all, "{books:?}");
    let books = recorded.stop().succeeded().accounting();
    assert!(books.written + books.lost >= all, "{books:?}");
    [whole, part].map(|cost| cost.saturating_sub(nothing))
}

/// Demands of each filter that it leaves a frame out for less than a third of what it costs to record it.
fn must_cost_less(stage: &Pair, frame: &[u8]) {
    let _enabled = Statistics::enabled();
    let mut dear = Vec::new();
    for filter in FILTERS {
        let [whole, part] = costs(stage, frame, filter);
        let told = format!("{part} of {whole} ns: {}", filter.join(" "));
        println!("{told}");
        if part * 3 >= whole {
            dear.push(told);
        }
    }
    assert!(dear.is_empty(), "{dear:#?}");
}

#[test]
fn a_drop_that_a_filter_leaves_out_costs_less_than_a_third_of_one_that_is_recorded() {
    // Of a protocol that nothing handles, and of one that filters have more to look for in.
    let pair = Pair::new();
    must_cost_less(&pair, &frame(UNHANDLED));
    Ingress::Classifier.drop_all(&pair.receiver, "eth0");
    let udp = Origin::new()
        .to_receiver()
        .ipv4(Pair::SENDER.octets(), Pair::RECEIVER.octets(), 64)
        .udp(40_000, 9);
    let mut datagram = Vec::new();
    udp.write(&mut datagram, &[0; 64])
        .expect("a short datagram can be built");
    must_cost_less(&pair, &datagram);
}
