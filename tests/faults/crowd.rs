//! Thousands of namespaces that come and go with their interfaces, as those of containers do.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use droprec_testbed::{
    FrameSocket, Namespace, Packet, Recording, children, frame::Origin, memory, on_this_processor,
};

use crate::stage::DROPREC;

/// That nothing handles, and no other test uses.
const ETHERTYPE: u16 = 0xa7c0;
const THOUSAND: usize = 1000;
/// There are so many at a time.
const AT_ONCE: usize = 100;
/// What there may be more of memory after the second thousand than after the first, in KiB.
const MORE: u64 = 3 * 1024;

/// What a recording has of memory in KiB, with the process that looks into namespaces for it.
fn memory_of(recording: &Recording) -> u64 {
    let pid = recording.droprec.pid();
    let all = children(pid).into_iter().chain([pid]);
    all.map(|pid| memory(pid, "VmRSS")).sum()
}

/// Makes namespaces with these numbers, each at the other end of a cable from `hub`: `p7` there, `w7` in the namespace.
fn come(hub: &Namespace, numbers: &[u32]) -> Vec<Namespace> {
    let mut ip = Command::new("ip");
    ip.args(["-n", hub.name(), "-batch", "-"])
        .stdin(Stdio::piped());
    let mut ip = ip.spawn().expect("this test needs ip");
    let mut lines = ip.stdin.take().expect("it is piped");
    let mut there = Vec::new();
    for number in numbers {
        let namespace = Namespace::new("crowd");
        let peer = format!("peer name w{number} netns {}", namespace.name());
        writeln!(lines, "link add p{number} up type veth {peer}").expect("ip reads it");
        there.push(namespace);
    }
    drop(lines);
    assert!(ip.wait().is_ok_and(|status| status.success()), "{there:?}");
    for (namespace, number) in there.iter().zip(numbers) {
        namespace.ip(&format!("link set w{number} up"));
    }
    there
}

#[test]
fn each_drop_of_thousands_of_namespaces_that_come_and_go_is_at_its_own_interface_and_memory_stays_flat()
 {
    let (hub, origin) = (Namespace::new("hub"), Origin::new());
    let arguments = ["--ethertype", &format!("{ETHERTYPE:#x}")];
    let recording = Recording::start(DROPREC, &arguments);
    let is_ours = |packet: &Packet| origin.sent(&packet.data);
    let frame = |number: u32| origin.ethernet([0xff; 6], ETHERTYPE, &number.to_be_bytes());
    let (mut names, mut sizes) = (Vec::new(), Vec::new());
    let numbers: Vec<u32> = (0..2 * THOUSAND as u32).collect();
    for numbers in numbers.chunks(AT_ONCE) {
        let crowd = come(&hub, numbers);
        on_this_processor(|| {
            for (namespace, number) in crowd.iter().zip(numbers) {
                FrameSocket::open(&hub, &format!("p{number}")).send(&frame(*number));
                let label = namespace.label(&format!("w{number}"));
                names.push((label, namespace.inode().to_string()));
            }
        });
        recording.wait_for(names.len(), is_ours);
        if names.len().is_multiple_of(THOUSAND) {
            sizes.push(memory_of(&recording));
        }
    }
    let recorded = recording.finish();
    let packets = recorded.capture.packets_where(is_ours);
    let had = packets.iter().map(|packet| packet.data.clone());
    assert!(
        had.eq(numbers.iter().map(|number| frame(*number))),
        "not each once"
    );
    for (packet, (label, netns)) in packets.into_iter().zip(&names) {
        assert_eq!(
            (&packet.interface, packet.get("netns")),
            (label, &netns[..])
        );
    }
    assert_eq!(recorded.ended.accounting().written, names.len() as u64);
    println!("memory after each thousand, in KiB: {sizes:?}");
    assert!(sizes[1] <= sizes[0] + MORE, "memory grows: {sizes:?} KiB");
}
