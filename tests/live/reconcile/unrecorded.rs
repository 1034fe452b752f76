//! Counters that rise with nothing recorded, as no skb was there or none was dropped.

use std::{
    net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener},
    os::fd::OwnedFd,
};

use droprec_testbed::{Namespace, Pair, Recording, Tun, Xdp, frame::Origin, until};
use rustix::net::{
    AddressFamily, SocketFlags, SocketType, bind, connect, getsockname, listen, socket_with,
};

use super::{told::Told, truth::protocol};
use crate::{DROPREC, kinds::COUNT};

#[test]
fn what_a_driver_drops_before_there_is_an_skb_is_not_recorded_and_the_summary_says_why() {
    let (namespace, origin) = (Namespace::new("tap"), Origin::new());
    let tap = Tun::tap(&namespace, "tap0").at_once();
    let label = namespace.label("tap0");
    let rx_dropped = || namespace.statistic("tap0", "rx_dropped");
    let write = |frames: &[Vec<u8>]| {
        for frame in frames {
            let written = tap.write(frame);
            assert_eq!(
                written.ok(),
                Some(frame.len()),
                "the driver does not take it"
            );
        }
    };
    let recording = Recording::at(DROPREC, &[&label]);
    let before = rx_dropped();
    let unhandled = origin.unhandled(COUNT);
    write(&unhandled);
    let xdp = Xdp::drop_at(&namespace, "tap0");
    let unseen = 3 * u64::from(COUNT);
    write(&Origin::new().unhandled(3 * COUNT));
    drop(xdp);
    let rise = rx_dropped() - before;
    assert_eq!(rise, unhandled.len() as u64 + unseen);
    recording.wait_for(unhandled.len(), |packet| origin.sent(&packet.data));
    let recorded = recording.finish();

    assert_eq!(recorded.capture.packets.len(), unhandled.len());
    let told = Told::of(&recorded);
    let counter = told.counter(&label, "rx_dropped", rise);
    assert_eq!(counter.number("unexplained"), unseen, "{told:#?}");
    assert!(counter.why().contains("before an skb exists"), "{told:#?}");
    told.must_say(&format!(
        "{label}: {COUNT} of the {rise} of rx_dropped are the kernel's; no counter of the ring or the NIC rose"
    ));
}

#[test]
fn connections_for_which_a_listener_has_no_room_are_not_recorded_and_the_summary_says_why() {
    let pair = Pair::new();
    let tcp = |namespace: &Namespace| -> OwnedFd {
        let open = || {
            socket_with(
                AddressFamily::INET,
                SocketType::STREAM,
                SocketFlags::NONBLOCK,
                None,
            )
        };
        namespace.enter(open).expect("a TCP socket")
    };
    let listener = tcp(&pair.receiver);
    let any = SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0);
    bind(&listener, &any).expect("a port of its own");
    listen(&listener, 1).expect("it listens");
    let address = getsockname(&listener).expect("it is bound");
    let SocketAddr::V4(address) = SocketAddr::try_from(address).expect("IPv4") else {
        panic!("not IPv4");
    };
    let target = SocketAddrV4::new(Pair::RECEIVER, address.port());
    let call = || {
        let caller = tcp(&pair.sender);
        // It goes on while nobody waits for it.
        let _ = connect(&caller, &target);
        caller
    };
    // One more than the queue is long is let in.
    let admitted = [call(), call()];
    let is_established = || (protocol(&pair.receiver, "snmp", "TcpCurrEstab") == 2).then_some(());
    until(is_established).expect("two are admitted");
    let names = ["TcpExtListenOverflows", "TcpExtListenDrops"];
    let read = || names.map(|name| protocol(&pair.receiver, "netstat", name));
    let before = read();
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    for _ in 0..20 {
        // Whoever goes does not call again.
        drop(call());
    }
    let are_counted = || {
        let after = read();
        let is_all = after
            .iter()
            .zip(before)
            .all(|(after, before)| after - before >= 20);
        is_all.then_some(after)
    };
    let after = until(are_counted).unwrap_or_else(|| panic!("{before:?}, then {:?}", read()));
    let recorded = recording.finish();
    drop(admitted);

    let told = Told::of(&recorded);
    for ((name, before), after) in names.into_iter().zip(before).zip(after) {
        let counter = told.counter(pair.receiver.name(), name, after - before);
        assert_eq!(counter.number("explained"), 0, "{told:#?}");
        assert!(
            counter.why().contains("the queue of connections was full"),
            "{told:#?}"
        );
    }
}

#[test]
fn callers_to_whom_no_way_leads_back_are_not_said_to_be_too_many_for_the_queue() {
    const CALLERS: u64 = 20;
    /// Of nobody's network (RFC 5737).
    const CALLER: [u8; 4] = [198, 51, 100, 1];
    let (pair, origin) = (Pair::new(), Origin::new());
    for interface in ["all", "eth0"] {
        pair.receiver
            .sysctl(&format!("net/ipv4/conf/{interface}/rp_filter"), "0");
    }
    let listen = || TcpListener::bind((Pair::RECEIVER, 0));
    let listener = pair.receiver.enter(listen).expect("it listens");
    let port = listener.local_addr().expect("it is bound").port();
    let call = |from: u16| {
        let syn = etherparse::PacketBuilder::ethernet2(origin.mac(), Pair::RECEIVER_MAC)
            .ipv4(CALLER, Pair::RECEIVER.octets(), 64)
            .tcp(from, port, 1, 1000)
            .syn();
        let mut frame = Vec::new();
        syn.write(&mut frame, &[]).expect("a SYN can be built");
        frame
    };
    let calls: Vec<Vec<u8>> = (1..=CALLERS as u16).map(call).collect();
    let drops = || protocol(&pair.receiver, "netstat", "TcpExtListenDrops");
    let no_routes = || protocol(&pair.receiver, "snmp", "IpOutNoRoutes");
    let before = (drops(), no_routes());
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    pair.frames().send_all(&calls);
    let are_counted = || (drops() - before.0 == CALLERS).then_some(());
    until(are_counted).unwrap_or_else(|| panic!("{} are counted", drops() - before.0));
    let told = Told::of(&recording.finish());

    assert_eq!(no_routes() - before.1, CALLERS);
    let name = pair.receiver.name();
    let counter = told.counter(name, "TcpExtListenDrops", CALLERS);
    assert_eq!(counter.number("explained"), 0, "{told:#?}");
    let why =
        "as often as TcpExtListenOverflows and TcpExtTCPReqQFullDrop rose; else no route led back";
    assert!(counter.why().contains(why), "{told:#?}");
    told.must_not_tell(name, "TcpExtListenOverflows");
    told.must_not_tell(name, "TcpExtTCPReqQFullDrop");
    let _ = told.counter(name, "IpOutNoRoutes", CALLERS);
}
