//! `--stack`: each drop tells the way that it came by, as the kernel's own tracing does.

use std::{
    collections::BTreeMap,
    net::UdpSocket,
    path::Path,
    process::{Command, Stdio},
    sync::PoisonError,
};

use droprec_testbed::{
    Datapath, Droprec, Packet, PacketSocket, Pair, Recording, Stacks, feature,
    frame::{Origin, UNHANDLED},
    run, until,
};

use serde_json::Value;

use crate::{DROPREC, kinds, openvswitch};

const COUNT: u32 = 20;

/// The frames without what debug information tells, where it is installed: functions that were inlined, and lines.
pub(crate) fn functions(stack: &[String]) -> Vec<String> {
    let frames = stack.iter().filter(|frame| !frame.contains(" (inlined)"));
    let without_line = |frame: &String| match frame.rsplit_once(' ') {
        Some((function, line)) if line.contains(':') => function.to_owned(),
        _ => frame.clone(),
    };
    frames.map(without_line).collect()
}

/// Demands that the stacks of these packets are those that tracing has of drops at their location, each as often as there.
fn are_as_traced(packets: &[&Packet], stacks: &Stacks) {
    let mut by_location = BTreeMap::<&str, Vec<Vec<String>>>::new();
    for packet in packets {
        assert!(!packet.stack.is_empty(), "no stack: {packet:?}");
        let of_location = by_location.entry(packet.get("loc")).or_default();
        of_location.push(functions(&packet.stack));
    }
    for (location, mut had) in by_location {
        let mut traced = stacks.from(location);
        had.sort_unstable();
        traced.sort_unstable();
        assert_eq!(had, traced, "at {location}");
    }
}

/// Has frames dropped by the receiver of a pair, which `prepare` makes ready. The packets that were recorded.
fn drop_frames(
    prepare: impl FnOnce(&Pair),
    frames: impl FnOnce(Origin) -> Vec<Vec<u8>>,
) -> Vec<Packet> {
    let (pair, origin) = (Pair::new(), Origin::new());
    prepare(&pair);
    let frames = frames(origin);
    let recording = Recording::start(DROPREC, &["--stack", "-i", &pair.label()]);
    let stacks = Stacks::of_this_thread();
    pair.frames().send_all(&frames);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let capture = recording.finish().capture;
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    assert_eq!(packets.len(), frames.len());
    are_as_traced(&packets, &stacks);
    packets.into_iter().cloned().collect()
}

/// Whether a stack goes through a function.
fn goes_through(packet: &Packet, function: &str) -> bool {
    let start = format!("{function}+");
    packet.stack.iter().any(|frame| frame.starts_with(&start))
}

#[test]
fn the_stack_of_a_drop_in_a_softirq_is_the_one_that_tracing_has_from_the_location_outward() {
    let kinds = [kinds::udp, kinds::stp, kinds::unhandled_in_vlan];
    for kind in kinds {
        for packet in drop_frames(|_| (), kind) {
            assert_eq!(functions(&packet.stack)[0], packet.get("loc"), "{packet:?}");
            assert!(goes_through(&packet, "net_rx_action"), "{packet:?}");
        }
    }
}

#[test]
fn the_stack_of_a_drop_in_a_system_call_leads_to_the_call() {
    let pair = Pair::new();
    pair.sender.nft("output", "udp dport 7777 drop");
    let socket = pair.sender.enter(|| UdpSocket::bind("0.0.0.0:0"));
    let socket = socket.expect("a port is free");
    let label = pair.sender.label("eth0");
    let recording = Recording::start(DROPREC, &["--stack", "-i", &label]);
    let stacks = Stacks::of_this_thread();
    for _ in 0..COUNT {
        let sent = socket.send_to(b"stack", (Pair::RECEIVER, 7777));
        assert!(sent.is_err(), "the firewall let a packet pass");
    }
    let is_ours = |packet: &Packet| packet.data.ends_with(b"stack");
    recording.wait_for(COUNT as usize, is_ours);
    let capture = recording.finish().capture;
    let packets = capture.packets_where(is_ours);
    assert_eq!(packets.len(), COUNT as usize);
    are_as_traced(&packets, &stacks);
    for packet in packets {
        assert!(goes_through(packet, "udp_sendmsg"), "{packet:?}");
        assert!(goes_through(packet, "do_syscall_64"), "{packet:?}");
    }
}

#[test]
fn the_stack_tells_who_emptied_a_queue() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let recording = Recording::start(DROPREC, &["--stack", "-i", &pair.label()]);
    let stacks = Stacks::of_this_thread();
    let open = || PacketSocket::here("eth0", UNHANDLED);
    let socket = pair.receiver.enter(open);
    pair.frames().send_all(&origin.unhandled(COUNT));
    socket.wait_for(COUNT);
    // Not by closing it: a process that another test has just begun may hold it too, and would be the one that empties it.
    socket.set_ring();
    recording.wait_for(COUNT as usize, |packet| origin.sent(&packet.data));
    let capture = recording.finish().capture;
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    assert_eq!(packets.len(), COUNT as usize);
    are_as_traced(&packets, &stacks);
    for packet in packets {
        assert!(goes_through(packet, "packet_setsockopt"), "{packet:?}");
    }
}

#[test]
fn frames_in_a_module_are_named_with_the_module() {
    let _alone = openvswitch::ALONE
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if !feature::module("openvswitch") {
        return;
    }
    run("modprobe", &["openvswitch"]);
    let mut datapath = None;
    let prepare = |pair: &Pair| datapath = Some(Datapath::new(&pair.receiver, "eth0"));
    // It has no flow for them.
    for packet in drop_frames(prepare, |origin| origin.unhandled(COUNT)) {
        let receive = |frame: &String| {
            frame.starts_with("ovs_vport_receive+") && frame.ends_with(" [openvswitch]")
        };
        assert!(functions(&packet.stack).iter().any(receive), "{packet:?}");
    }
}

#[test]
fn without_stack_there_is_none() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    pair.frames().send_all(&origin.unhandled(1));
    recording.wait_for(1, |packet| origin.sent(&packet.data));
    let capture = recording.finish().capture;
    assert!(capture.packets.iter().all(|packet| packet.stack.is_empty()));
}

/// What a droprec prints of drops that another records, and what that other's file says when it is read back.
fn printed_and_read(arguments: &[&str], count: impl Fn(&str) -> usize) -> (String, String) {
    let (pair, origin) = (Pair::new(), Origin::new());
    let frames = kinds::udp(origin);
    let label = pair.label();
    let mut command = Command::new(DROPREC);
    command.args(["--stack", "-i", &label]).args(arguments);
    let mut printing = Droprec::spawn(command, Stdio::piped());
    printing.wait_until_ready();
    let recording = Recording::start(DROPREC, &["--stack", "-i", &label]);
    pair.frames().send_all(&frames);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    until(|| (count(&printing.stdout()) >= frames.len()).then_some(()));
    let printed = printing.stop().succeeded();
    let recorded = recording.finish();
    (printed.text().to_owned(), read(&recorded.file, arguments))
}

fn read(file: &Path, arguments: &[&str]) -> String {
    let file = file.to_str().expect("its name is UTF-8");
    let all = [&["-r", file], arguments].concat();
    Droprec::run(DROPREC, &all).succeeded().text().to_owned()
}

/// The drops of a text, without their times, sorted.
fn drops(text: &str) -> Vec<&str> {
    let mut drops = Vec::new();
    for block in text.split_terminator("\n\n") {
        drops.push(block.split_once(' ').expect("a time, and the rest").1);
    }
    drops.sort_unstable();
    drops
}

#[test]
fn a_stack_is_below_its_line_a_frame_a_line_live_and_when_it_is_read_back() {
    for arguments in [&[][..], &["-v"]] {
        let (live, read) = printed_and_read(arguments, |text| text.matches("\n\n").count());
        assert_eq!(drops(&live), drops(&read));
        for drop in drops(&live) {
            let lines: Vec<&str> = drop.lines().skip(1 + arguments.len()).collect();
            assert!(lines.iter().all(|line| line.starts_with('\t')), "{drop}");
            let frames: Vec<String> = lines.iter().map(|line| line[1..].to_owned()).collect();
            let frames = functions(&frames);
            assert!(
                frames.len() > 5 && frames.iter().all(|frame| frame.contains("+0x")),
                "{drop}"
            );
            assert!(drop.contains(&format!(" at {} (", frames[0])), "{drop}");
        }
    }
}

#[test]
fn a_stack_is_an_array_of_json_live_and_when_it_is_read_back() {
    let (live, read) = printed_and_read(&["--json"], |text| text.lines().count());
    let stacks = |text: &str| {
        let stack = |line: &str| {
            let object: Value = serde_json::from_str(line).expect("it is JSON");
            assert!(object.get("comments").is_none(), "{line}");
            let stack = serde_json::from_value(object["stack"].clone());
            let stack: Vec<String> = stack.expect("an array of strings");
            assert_eq!(functions(&stack)[0], object["loc"], "{line}");
            stack
        };
        let mut stacks: Vec<Vec<String>> = text.lines().map(stack).collect();
        stacks.sort_unstable();
        stacks
    };
    assert_eq!(stacks(&live), stacks(&read));
}
