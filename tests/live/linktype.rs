//! The same drops recorded with each `--linktype`.

use std::{net::SocketAddrV4, process::Command};

use droprec_pcapng::link_type;
use droprec_testbed::{
    Capture, Interface, Namespace, Packet, PacketSocket, Pair, Recorded, Recording, Tun, fields,
    frame::{Origin, UNHANDLED},
    run, tcpdump,
};
use rustix::net::{
    AddressFamily, SendFlags, SocketFlags, SocketType, ipproto, sendto, socket_with,
};

use crate::{
    DROPREC,
    compare::LINK_HEADER,
    kinds::{self, CLOSED_PORT},
    local_output::packets_in,
};

/// Bytes of an SLL2 header.
const SLL2_HEADER: usize = 20;
/// `ARPHRD_ETHER` and `ARPHRD_NONE` (`include/uapi/linux/if_arp.h`): veth's, and tun's.
const ETHER: u16 = 1;
const NONE: u16 = 0xfffe;
/// An address in the receiver's network that is nobody's.
const NOBODY: [u8; 4] = [192, 0, 2, 77];
/// The address of the tun device.
const AT_TUN: [u8; 4] = [198, 51, 100, 1];

/// A packet that is dropped at an interface, and what the files must say of it.
struct Dropped {
    label: String,
    ifindex: u64,
    device_type: u16,
    /// None: it has none of its own.
    link_header: Option<Vec<u8>>,
    /// What is behind it.
    payload: Vec<u8>,
    /// As a made-up link header and SLL2 have to say it.
    protocol: u16,
    /// As SLL2 has to say it.
    packet_type: u8,
    /// What tshark sees behind the link header.
    protocols: &'static str,
    /// Its field for SLL2's protocol.
    field: &'static str,
    /// The link type with `--linktype native`.
    native: u16,
}

/// A sender, a receiver, and a tun device.
struct Scene {
    pair: Pair,
    origin: Origin,
    namespace: Namespace,
    tun: Tun,
}

impl Scene {
    fn new() -> Self {
        let (pair, namespace) = (Pair::new(), Namespace::new("tun"));
        let tun = Tun::new(&namespace, "tun0");
        namespace.ip("address add 198.51.100.1/24 dev tun0");
        let blackhole = "tc qdisc replace dev tun0 root blackhole";
        let inside = ["netns", "exec", namespace.name()].into_iter();
        run(
            "ip",
            &inside.chain(blackhole.split(' ')).collect::<Vec<_>>(),
        );
        // Nobody is asked for, so that what has no neighbour is dropped at once.
        pair.sender.sysctl("net/ipv4/neigh/eth0/mcast_solicit", "0");
        Self {
            pair,
            origin: Origin::new(),
            namespace,
            tun,
        }
    }

    fn labels(&self) -> [String; 3] {
        let Self {
            pair, namespace, ..
        } = self;
        [
            pair.label(),
            pair.sender.label("eth0"),
            namespace.label("tun0"),
        ]
    }

    /// A frame that the receiver drops, as it is sent.
    fn received(&self, frame: &[u8], protocol: u16, protocols: &'static str) -> Dropped {
        let payload = frame[LINK_HEADER..].to_vec();
        Dropped {
            label: self.pair.label(),
            ifindex: self.pair.receiver.index("eth0"),
            device_type: ETHER,
            link_header: Some(frame[..LINK_HEADER].to_vec()),
            payload,
            protocol,
            packet_type: 0,
            protocols,
            field: "sll.etype",
            native: link_type::ETHERNET,
        }
    }

    /// A packet at the tun device.
    fn at_tun(&self, payload: Vec<u8>) -> Dropped {
        Dropped {
            label: self.namespace.label("tun0"),
            ifindex: self.namespace.index("tun0"),
            device_type: NONE,
            link_header: None,
            payload,
            protocol: 0x0800,
            packet_type: 0,
            protocols: "ethertype:ip:udp:data",
            field: "sll.etype",
            native: link_type::RAW,
        }
    }

    /// Has each of them dropped.
    fn cause(&self) -> Vec<Dropped> {
        let one = |frames: Vec<Vec<u8>>| frames.into_iter().next().expect("there are some");
        let origin = self.origin;
        let in_vlan = one(kinds::unhandled_in_vlan(origin));
        let frames = [
            self.received(&one(origin.unhandled(1)), UNHANDLED, "ethertype:data"),
            Dropped {
                // The kernel takes what is of no VLAN of its own for somebody else's.
                packet_type: 3,
                ..self.received(&in_vlan, 0x8100, "ethertype:vlan:ethertype:data")
            },
            Dropped {
                packet_type: 2,
                field: "sll.ltype",
                ..self.received(&one(kinds::stp(origin)), 0x0004, "llc:stp")
            },
            self.received(&one(kinds::udp(origin)), 0x0800, "ethertype:ip:udp:data"),
        ];
        let frames_socket = self.pair.frames();
        for dropped in &frames {
            let header = dropped.link_header.as_deref().unwrap_or_default();
            frames_socket.send(&[header, &dropped.payload].concat());
        }

        let mut bare = packets_in(kinds::udp_to(origin, NOBODY, CLOSED_PORT, 64));
        let sent = Dropped {
            label: self.pair.sender.label("eth0"),
            ifindex: self.pair.sender.index("eth0"),
            device_type: ETHER,
            packet_type: 4,
            ..self.at_tun(bare.swap_remove(0))
        };
        let socket = self
            .pair
            .sender
            .enter(|| {
                socket_with(
                    AddressFamily::INET,
                    SocketType::RAW,
                    SocketFlags::CLOEXEC,
                    Some(ipproto::RAW),
                )
            })
            .expect("root may open a raw socket");
        let target = SocketAddrV4::new(NOBODY.into(), 0);
        let result = sendto(&socket, &sent.payload, SendFlags::empty(), &target);
        assert_eq!(result, Ok(sent.payload.len()));

        let mut bare = packets_in(kinds::udp_to(origin, AT_TUN, CLOSED_PORT, 64));
        let came_in = self.at_tun(bare.swap_remove(0));
        let written = self.tun.write(&came_in.payload).ok();
        assert_eq!(written, Some(came_in.payload.len()));

        let unhandled = Dropped {
            protocol: UNHANDLED,
            packet_type: 4,
            protocols: "ethertype:data",
            native: link_type::LINUX_SLL2,
            ..self.at_tun(format!("no IP, from {:?}", origin.mac()).into_bytes())
        };
        let socket = self
            .namespace
            .enter(|| PacketSocket::here("tun0", UNHANDLED));
        // The queue refuses it, which the socket may be told.
        let _ = socket.send(&unhandled.payload);
        frames
            .into_iter()
            .chain([sent, came_in, unhandled])
            .collect()
    }
}

/// Records the same drops with each of these types, side by side.
fn recorded<const N: usize>(types: [&str; N]) -> (Vec<Dropped>, [Recorded; N]) {
    let scene = Scene::new();
    let labels = scene.labels();
    let interfaces = labels.iter().flat_map(|label| ["-i", label]);
    let recordings = types.map(|kind| {
        let arguments = ["--linktype", kind].into_iter().chain(interfaces.clone());
        Recording::start(DROPREC, &arguments.collect::<Vec<_>>())
    });
    let drops = scene.cause();
    let recorded = recordings.map(|recording| {
        let is_ours = |packet: &Packet| {
            drops
                .iter()
                .any(|dropped| dropped.payload == payload(packet))
        };
        recording.wait_for(drops.len(), is_ours);
        recording.finish()
    });
    (drops, recorded)
}

/// What is behind the link header.
fn payload(packet: &Packet) -> &[u8] {
    let header = match packet.link_type {
        link_type::ETHERNET => LINK_HEADER,
        link_type::LINUX_SLL2 => SLL2_HEADER,
        _ => 0,
    };
    packet.data.get(header..).unwrap_or_default()
}

/// The packet that is this dropped, which must be the only one, whole, and at its interface.
fn only<'c>(capture: &'c Capture, dropped: &Dropped) -> &'c Packet {
    let found = capture.packets_where(|packet| payload(packet) == dropped.payload);
    let [packet] = found[..] else {
        panic!(
            "{} packets have {:x?}: {capture:#?}",
            found.len(),
            dropped.payload
        );
    };
    assert_eq!(packet.interface, dropped.label, "{packet:?}");
    assert_eq!(
        packet.original_len as usize,
        packet.data.len(),
        "{packet:?}"
    );
    let own = dropped.link_header.as_ref().map_or(0, Vec::len);
    let len = (own + dropped.payload.len()).to_string();
    assert_eq!(packet.get("len"), len, "{packet:?}");
    packet
}

/// What tshark says of that packet in these fields.
fn shown(recorded: &Recorded, packet: &Packet, wanted: &[&str]) -> String {
    let number = recorded
        .capture
        .packets
        .iter()
        .position(|other| other.packetid == packet.packetid)
        .expect("it is in the file");
    let filter = format!("frame.number == {}", number + 1);
    fields(&filter, wanted, &recorded.file).join("\n")
}

#[test]
fn with_each_link_type_a_packet_has_the_same_bytes_behind_its_header() {
    let (drops, [ethernet, native, sll2]) = recorded(["ethernet", "native", "sll2"]);
    for dropped in &drops {
        let made_up = [&[0; 12][..], &dropped.protocol.to_be_bytes()].concat();
        let (word, word_else) = match dropped.link_header {
            Some(_) => ("mac", "mac"),
            None => ("synth", "none"),
        };
        let header = dropped.link_header.as_ref().unwrap_or(&made_up);

        let packet = only(&ethernet.capture, dropped);
        assert_eq!(packet.link_type, link_type::ETHERNET, "{packet:?}");
        assert_eq!(packet.data[..LINK_HEADER], header[..], "{packet:?}");
        assert_eq!(packet.get("l2"), word, "{packet:?}");

        let packet = only(&native.capture, dropped);
        assert_eq!(packet.link_type, dropped.native, "{packet:?}");
        if dropped.native == link_type::ETHERNET {
            assert_eq!(packet.data[..LINK_HEADER], header[..], "{packet:?}");
        }
        assert_eq!(packet.get("l2"), word_else, "{packet:?}");

        let packet = only(&sll2.capture, dropped);
        assert_eq!(packet.link_type, link_type::LINUX_SLL2, "{packet:?}");
        assert_eq!(packet.get("l2"), word_else, "{packet:?}");
    }
}

#[test]
fn tshark_dissects_the_packets_of_each_link_type_as_what_they_are() {
    let (drops, [ethernet, native, sll2]) = recorded(["ethernet", "native", "sll2"]);
    for dropped in &drops {
        let protocols = |link: &str| format!("{link}:{}", dropped.protocols);
        let packet = only(&ethernet.capture, dropped);
        let seen = shown(&ethernet, packet, &["frame.protocols"]);
        assert_eq!(seen, protocols("eth"), "{packet:?}");

        let packet = only(&native.capture, dropped);
        let seen = shown(&native, packet, &["frame.protocols"]);
        let expected = match dropped.native {
            link_type::ETHERNET => protocols("eth"),
            link_type::RAW => protocols("raw").replace(":ethertype", ""),
            _ => protocols("sll"),
        };
        assert_eq!(seen, expected, "{packet:?}");

        let packet = only(&sll2.capture, dropped);
        let said = [
            "frame.protocols",
            dropped.field,
            "sll.ifindex",
            "sll.hatype",
            "sll.pkttype",
            "sll.halen",
            "sll.src.eth",
        ];
        let source = dropped.link_header.as_ref().map(|header| {
            let bytes = header[6..12].iter().map(|byte| format!("{byte:02x}"));
            bytes.collect::<Vec<_>>().join(":")
        });
        let expected = format!(
            "{}\t0x{:04x}\t{}\t{}\t{}\t{}\t{}",
            protocols("sll"),
            dropped.protocol,
            dropped.ifindex,
            dropped.device_type,
            dropped.packet_type,
            if source.is_some() { 6 } else { 0 },
            source.unwrap_or_default()
        );
        assert_eq!(shown(&sll2, packet, &said), expected, "{packet:?}");
    }
}

#[test]
fn tcpdump_reads_ethernet_and_sll2_to_the_end_and_refuses_what_is_of_several_link_types() {
    let (_, [ethernet, native, sll2]) = recorded(["ethernet", "native", "sll2"]);
    for recorded in [ethernet, sll2] {
        let shown = tcpdump(&["-q"], &recorded.file);
        // The bytes of what it does not know come in lines that begin with a tab.
        let packets = shown.lines().filter(|line| !line.starts_with('\t')).count();
        assert_eq!(packets, recorded.capture.packets.len(), "{shown}");
    }
    let refused = Command::new("tcpdump")
        .args(["-nn", "-r"])
        .arg(&native.file)
        .output()
        .expect("this test needs tcpdump");
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success(), "{said}");
    let why = "different from the type of the first interface";
    assert!(said.contains(why), "{said}");
}

#[test]
fn an_interface_of_several_link_types_has_all_of_its_statistics_in_the_first_of_its_blocks() {
    let (drops, [native]) = recorded(["native"]);
    let Capture {
        interfaces,
        packets,
        statistics,
        ..
    } = &native.capture;
    let at_tun: Vec<u16> = interfaces
        .iter()
        .filter(|interface| interface.name == drops[drops.len() - 1].label)
        .map(|interface| interface.link_type)
        .collect();
    assert_eq!(at_tun, [link_type::RAW, link_type::LINUX_SLL2]);

    let firsts: Vec<&Interface> = statistics
        .iter()
        .map(|block| &interfaces[block.interface as usize])
        .collect();
    for (number, interface) in interfaces.iter().enumerate() {
        let first = interfaces
            .iter()
            .position(|other| other.name == interface.name);
        let has_statistics = statistics
            .iter()
            .any(|block| block.interface as usize == number);
        assert_eq!(has_statistics, first == Some(number), "{interface:?}");
    }
    for (interface, block) in firsts.iter().zip(statistics) {
        let written = packets
            .iter()
            .filter(|packet| packet.interface == interface.name);
        let written = Some(written.count() as u64);
        // What is filtered, and drops of others that were lost while one was being recorded, are of no interface.
        let passed = block.accepted.zip(block.dropped);
        let passed = passed.map(|(accepted, dropped)| accepted - dropped);
        assert_eq!(
            (block.delivered, passed),
            (written, written),
            "{interface:?}"
        );
    }
    assert_eq!(
        native.ended.accounting().written,
        packets.len() as u64,
        "{}",
        native.ended.stderr
    );
}
