//! A droprec that does not run for a while (SIGSTOP), as on a machine that has too much to do.

use std::{
    net::{Ipv4Addr, UdpSocket},
    thread,
    time::Duration,
};

use droprec_testbed::{
    Capture, Namespace, Packet, Recording, must_be_readable, on_this_processor, until,
};
use rustix::process::Signal;

use crate::{
    stage::{DROPREC, Stage},
    tally::Tally,
};

#[test]
fn a_count_holds_to_the_drop_when_the_time_is_over_while_more_wait() {
    const DURATION: Duration = Duration::from_secs(5);
    let stage = Stage::new();
    let droprec = stage.record(&["-c", "50", "--duration", "5s"]);
    // Time passes for it once it has written something.
    stage.cause(1);
    let written = until(|| (!Capture::read_so_far(&stage.file()).packets.is_empty()).then_some(()));
    assert!(
        written.is_some(),
        "nothing is written: {}",
        droprec.stderr()
    );
    droprec.stand_still();
    stage.cause(200);
    // What is claimed is about the passing of time.
    thread::sleep(DURATION);
    droprec.signal(Signal::CONT);
    let ended = droprec.wait().succeeded();

    let accounting = ended.accounting();
    accounting.must_balance();
    assert_eq!(accounting.written, 50, "{}", ended.stderr);
    let tally = Tally::of(&stage.file());
    assert_eq!(tally.packets, 50, "packets in the file");
    assert_eq!(tally.sum(|counted| counted.delivered), 50);
    assert_eq!(tally.sum(|counted| counted.received), accounting.seen);
}

#[test]
fn an_interface_whose_drops_were_all_lost_has_them_in_its_statistics_and_its_next_packet_tells() {
    let [filling, silent, later] = [Stage::new(), Stage::new(), Stage::new()];
    let (silents, laters) = (silent.label(), later.label());
    let droprec = filling.record(&["-B", "4", "-i", &silents, "-i", &laters]);
    droprec.stand_still();
    filling.cause(1000);
    silent.cause(700);
    later.cause(300);
    droprec.signal(Signal::CONT);
    // What was recorded is in the file once the losses were looked at.
    let so_far = || Capture::read_so_far(&filling.file());
    let written = until(|| (!so_far().packets.is_empty()).then_some(()));
    assert!(
        written.is_some(),
        "nothing is written: {}",
        droprec.stderr()
    );
    later.cause(2);
    let ended = droprec.stop().succeeded();

    let accounting = ended.accounting();
    accounting.must_balance();
    let tally = Tally::of(&filling.file());
    assert_eq!(tally.sum(|counted| counted.received), accounting.seen);
    assert_eq!(tally.sum(|counted| counted.delivered), accounting.written);
    assert_eq!(tally.sum(|counted| counted.dropped), accounting.lost);
    let nested = ended.lost_in_the_midst();
    assert_eq!(tally.of_interface("none").dropped, Some(nested));
    for (label, received, delivered) in [
        (filling.label(), 1000, accounting.written - 2),
        (silents, 700, 0),
        (laters.clone(), 302, 2),
    ] {
        let counted = tally.of_interface(&label);
        let counted = [counted.received, counted.delivered, counted.dropped];
        let expected = [received, delivered, received - delivered].map(Some);
        assert_eq!(counted, expected, "received, delivered, dropped: {label}");
    }
    let capture = Capture::read(&filling.file());
    let told = capture.packets_where(|packet| packet.interface == laters);
    let told: Vec<Option<u64>> = told.iter().map(|packet| packet.dropcount).collect();
    assert_eq!(told, [Some(300), None], "what its packets tell");
    must_be_readable(&filling.file());
}

#[test]
fn fragments_are_recorded_again_after_those_of_packets_that_were_lost() {
    let namespace = Namespace::new("alone");
    namespace.ip("link set lo up");
    let label = namespace.label("lo");
    let arguments = ["-i", &label, "-s", "65535", "-B", "4"];
    let recording = Recording::start(DROPREC, &arguments);
    let socket = namespace.enter(|| UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)));
    let socket = socket.expect("a UDP socket");
    let send = |len: usize, port: u16| {
        let sent = socket.send_to(&vec![0x5a; len], (Ipv4Addr::LOCALHOST, port));
        // That nobody is there is told at the next call.
        let _ = sent.or_else(|_| socket.send_to(&vec![0x5a; len], (Ipv4Addr::LOCALHOST, port)));
    };
    let is_later = |packet: &Packet| packet.get("what").ends_with(":7002");
    on_this_processor(|| {
        recording.droprec.stand_still();
        for _ in 0..200 {
            send(10, 7001);
        }
        // There is no place in the ring for these, so nobody is told of their fragments: more than a buffer holds (4 MiB).
        for _ in 0..400 {
            send(20_000, 7001);
        }
        recording.droprec.signal(Signal::CONT);
        // The ring has room again.
        recording.wait_for(1, |_| true);
        for count in 1..=5 {
            send(20_000, 7002);
            recording.wait_for(count, is_later);
        }
    });
    let recorded = recording.finish();

    assert!(recorded.ended.accounting().lost > 0, "nothing was lost");
    let packets = recorded.capture.packets_where(is_later);
    assert_eq!(packets.len(), 5, "{}", recorded.ended.stderr);
    // The first one's record is what tells that the others' fragments are nobody's.
    for packet in &packets[1..] {
        let whole = packet.original_len as usize;
        assert_eq!(packet.data.len(), whole, "{:?}", packet.pairs);
        assert!(packet.data[42..].iter().all(|byte| *byte == 0x5a));
    }
}
