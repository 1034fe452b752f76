//! The variety of frames that filters are held against: each is recorded whole, and others find in it what is said of it.

use std::net::IpAddr;

use droprec_testbed::{
    Ingress, Packet, Pair, Recorded, Recording,
    frame::Origin,
    tshark,
    variety::{Flow, Sample, number, variety},
};
use etherparse::IpNumber;

use crate::{DROPREC, compare::is_because};

/// Records all of them, dropped in this way.
fn record(ingress: Ingress, samples: &[Sample], origin: Origin) -> Recorded {
    let pair = Pair::new();
    ingress.drop_all(&pair.receiver, "eth0");
    let recording = Recording::start(DROPREC, &["-i", &pair.label(), "-s", "0"]);
    let socket = pair.frames();
    for sample in samples {
        socket.send(&sample.frame);
    }
    recording.wait_for(samples.len(), |packet| origin.sent(&packet.data));
    recording.finish()
}

/// Demands that each is in the file once, as it was sent, and for this reason.
fn must_be_recorded(ingress: Ingress, reason: &str) {
    let origin = Origin::new();
    let samples = variety(origin);
    let recorded = record(ingress, &samples, origin);
    let is_ours = |packet: &Packet| origin.sent(&packet.data);
    let packets = recorded.capture.packets_where(is_ours);
    let mut numbers: Vec<_> = packets.iter().map(|packet| number(&packet.data)).collect();
    numbers.sort_unstable();
    let all: Vec<_> = (0..samples.len()).map(Some).collect();
    assert_eq!(numbers, all, "{ingress:?}");
    let place = packets[0].get("loc");
    for packet in packets {
        let sample = &samples[number(&packet.data).expect("it has one")];
        assert_eq!(packet.data, sample.frame, "{}: {packet:?}", sample.name);
        is_because(packet, reason);
        assert_eq!(packet.get("loc"), place, "{}", sample.name);
    }
}

#[test]
fn all_kinds_of_frames_that_a_firewall_drops_at_the_interface_are_recorded_at_one_place() {
    must_be_recorded(Ingress::Chain, "NETFILTER_DROP");
}

#[test]
fn all_kinds_of_frames_that_tc_drops_at_the_interface_are_recorded_at_one_place() {
    must_be_recorded(Ingress::Classifier, "TC_INGRESS");
}

#[test]
fn tshark_finds_in_each_kind_of_frame_what_is_said_of_it() {
    let origin = Origin::new();
    let samples = variety(origin);
    let recorded = record(Ingress::Chain, &samples, origin);
    let keys = [
        "ieee8021ad.id",
        "vlan.id",
        "ip.src",
        "ip.dst",
        "ip.proto",
        "ipv6.src",
        "ipv6.dst",
        "tcp.srcport",
        "tcp.dstport",
        "udp.srcport",
        "udp.dstport",
        "sctp.srcport",
        "sctp.dstport",
    ];
    let mut arguments = vec!["-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE"];
    arguments.extend(["-T", "fields"]);
    arguments.extend(keys.iter().flat_map(|key| ["-e", key]));
    let shown = tshark(&arguments, &recorded.file);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines.len(), recorded.capture.packets.len());
    for (packet, line) in recorded.capture.packets.iter().zip(lines) {
        let sample = &samples[number(&packet.data).expect("it has one")];
        let layers = &sample.facts.layers;
        let texts = |of: &dyn Fn(&Flow) -> Option<String>| -> String {
            layers.iter().filter_map(of).collect::<Vec<_>>().join(",")
        };
        let address = |is_ipv6: bool, of: fn(&Flow) -> IpAddr| {
            texts(&|flow| (flow.is_ipv6() == is_ipv6).then(|| of(flow).to_string()))
        };
        let port = |protocol: IpNumber, end: usize| {
            texts(&|flow| (flow.protocol == protocol).then_some(flow.ports?[end].to_string()))
        };
        let protocols = texts(&|flow| (!flow.is_ipv6()).then(|| flow.protocol.0.to_string()));
        let expected = [
            address(false, |flow| flow.saddr),
            address(false, |flow| flow.daddr),
            protocols,
            address(true, |flow| flow.saddr),
            address(true, |flow| flow.daddr),
            port(IpNumber::TCP, 0),
            port(IpNumber::TCP, 1),
            port(IpNumber::UDP, 0),
            port(IpNumber::UDP, 1),
            port(IpNumber::SCTP, 0),
            port(IpNumber::SCTP, 1),
        ];
        let mut shown = line.splitn(3, '\t');
        let vlans: Vec<&str> = shown.by_ref().take(2).filter(|of| !of.is_empty()).collect();
        assert_eq!(
            shown.next(),
            Some(&*expected.join("\t")),
            "{}: {packet:?}",
            sample.name
        );
        // Those within a tunnel come behind the frame's own.
        let own: Vec<String> = sample.facts.vlans.iter().map(u16::to_string).collect();
        let vlans = vlans.join(",");
        assert!(
            vlans.starts_with(&own.join(",")),
            "{}: {vlans}",
            sample.name
        );
    }
}
