//! Drops of all kinds that an expression may ask for: frames that a receiver drops as they come in or finds nobody for, packets
//! that have no link header, and some that are not in one piece.

use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};

use droprec_testbed::{Namespace, Pair, Tun, frame::Origin, run, send_file};

/// What the sender's firewall drops.
const FORBIDDEN: u16 = 7777;
const BROADCAST: [u8; 6] = [0xff; 6];
const BRIDGES: [u8; 6] = [0x01, 0x80, 0xc2, 0, 0, 0];
const ONE: [u8; 4] = [10, 0, 0, 1];
const OTHER: [u8; 4] = [10, 9, 8, 7];
const SIX: [u8; 16] = *b"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01";
const SIXTH: [u8; 16] = *b"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02";
const NEAR: [u8; 16] = *b"\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x01";
const ALL: [u8; 16] = *b"\xff\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\x01";

/// Where it all is dropped.
pub(super) struct Drops {
    origin: Origin,
    /// All that comes in is dropped before anyone has looked at it, and some of what goes out.
    walled: Pair,
    /// What nobody is there for is dropped.
    open: Pair,
    inside: Namespace,
    tun: Tun,
}

impl Drops {
    pub(super) fn new() -> Self {
        let (walled, open) = (Pair::new(), Pair::new());
        let all = "type filter hook ingress device eth0 priority 0; drop;";
        let wall = format!("table netdev test {{ chain wall {{ {all} }}; }}");
        run(
            "ip",
            &["netns", "exec", walled.receiver.name(), "nft", &wall],
        );
        walled
            .sender
            .nft("output", &format!("udp dport {FORBIDDEN} drop"));
        let inside = Namespace::new("inside");
        let tun = Tun::new(&inside, "tun0");
        Self {
            origin: Origin::new(),
            walled,
            open,
            inside,
            tun,
        }
    }

    /// What droprec calls the interfaces.
    pub(super) fn labels(&self) -> [String; 4] {
        [
            self.walled.label(),
            self.walled.sender.label("eth0"),
            self.open.label(),
            self.inside.label("tun0"),
        ]
    }

    /// Causes each of them; tells how many there were.
    pub(super) fn cause(&self) -> usize {
        let frames = [
            self.of_ipv4(),
            self.of_ipv6(),
            self.within(),
            self.without_ip(),
        ]
        .concat();
        self.walled.frames().send_all(&frames);
        let unhandled = self.unhandled();
        self.open.frames().send_all(&unhandled);
        let bare = bare();
        for packet in &bare {
            let written = self.tun.write(packet);
            assert_eq!(written.ok(), Some(packet.len()), "tun0 takes no packet");
        }
        frames.len() + unhandled.len() + bare.len() + self.send()
    }

    fn frame(&self, ether_type: u16, payload: &[u8]) -> Vec<u8> {
        self.origin
            .ethernet(Pair::RECEIVER_MAC, ether_type, payload)
    }

    fn of_ipv4(&self) -> Vec<Vec<u8>> {
        const MDNS: [u8; 4] = [224, 0, 0, 251];
        // Options of TCP: what it carries lies farther back.
        let mut late = tcp(
            40002,
            8080,
            0x02,
            b"\x01\x01\x01\x01\x01\x01\x01\x01GET late",
        );
        late[12] = 0x70;
        let mut packets = vec![
            ipv4(ONE, OTHER, 6, &tcp(40000, 443, 0x02, b"")),
            ipv4(OTHER, ONE, 6, &tcp(443, 40000, 0x12, b"")),
            ipv4(ONE, OTHER, 6, &tcp(40000, 80, 0x18, b"GET / HTTP/1.1\r\n")),
            ipv4(OTHER, ONE, 6, &tcp(22, 1050, 0x04, &[7; 900])),
            ipv4(ONE, OTHER, 6, &late),
            ipv4(ONE, OTHER, 17, &udp(1053, 53, b"question")),
            ipv4(OTHER, ONE, 17, &udp(53, 1053, &[8; 1400])),
            ipv4(ONE, MDNS, 17, &udp(5353, 5353, b"mdns")),
            ipv4(ONE, [255; 4], 17, &udp(68, 67, b"dhcp")),
            ipv4(
                ONE,
                OTHER,
                17,
                &udp(9, 6081, b"\0\0\x65\x58\0\0\x01\0 geneve"),
            ),
            ipv4(ONE, OTHER, 1, b"\x08\0\0\0\0\x01\0\x02ping"),
            ipv4(OTHER, ONE, 1, b"\0\0\0\0\0\x01\0\x02pong"),
            ipv4(ONE, OTHER, 47, b"\0\0\x08\0gre"),
            ipv4(ONE, OTHER, 132, b"\x0b\x59\x0b\x59\0\0\0\0\0\0\0\0sctp"),
            ipv4(ONE, MDNS, 2, b"\x16\0\0\0\xe0\0\0\xfb"),
        ];
        // The first fragment of a datagram, and one that has no header of its own; then options of IP's.
        for (place, value) in [(6, 0x20), (7, 0xb9), (0, 0x47)] {
            let mut packet = ipv4(ONE, OTHER, 17, &udp(1053, 53, b"a part of it"));
            packet[place] = value;
            packets.push(packet);
        }
        packets
            .iter()
            .map(|packet| self.frame(0x0800, packet))
            .collect()
    }

    fn of_ipv6(&self) -> Vec<Vec<u8>> {
        let mut packets = vec![
            ipv6(SIX, SIXTH, 6, &tcp(40000, 443, 0x02, b"")),
            ipv6(SIXTH, SIX, 6, &tcp(80, 40000, 0x10, b"HTTP/1.1 200")),
            ipv6(SIX, SIXTH, 17, &udp(1053, 53, b"question")),
            ipv6(NEAR, ALL, 58, b"\x80\0\0\0\0\x03\0\x04ping"),
            // A fragment.
            ipv6(
                SIX,
                SIXTH,
                44,
                &[b"\x11\0\0\x01\0\0\0\x07", &udp(1053, 53, b"part")[..]].concat(),
            ),
        ];
        // Hop-by-hop options, routing, and options for the destination.
        for header in [0, 43, 60] {
            let behind = tcp(40000, 443, 0x02, b"");
            packets.push(ipv6(
                SIX,
                SIXTH,
                header,
                &[b"\x06\0\x01\x04\0\0\0\0", &behind[..]].concat(),
            ));
        }
        packets
            .iter()
            .map(|packet| self.frame(0x86dd, packet))
            .collect()
    }

    /// IP behind tags and labels.
    fn within(&self) -> Vec<Vec<u8>> {
        let udp = ipv4(ONE, OTHER, 17, &udp(1053, 53, b"within"));
        let tcp = ipv4(OTHER, ONE, 6, &tcp(80, 40000, 0x10, b"within"));
        let layers: [(u16, &[u8], _); 8] = [
            (0x8100, b"\0\x07\x08\0", &udp),
            (0x8100, b"\0\x07\x08\0", &tcp),
            (0x8100, b"\0\x08\x08\0", &udp),
            (0x8100, b"\xe0\0\x08\0", &udp),
            (0x88a8, b"\0\x08\x81\0\0\x07\x08\0", &udp),
            (0x8847, b"\0\x3e\x81\x40", &udp),
            (0x8847, b"\0\x3e\x80\x40\0\x01\x01\x40", &udp),
            (0x8864, b"\x11\0\0\x09\0\x30\0\x21", &udp),
        ];
        let frame = |(ether_type, layer, packet): (u16, &[u8], &Vec<u8>)| {
            self.frame(ether_type, &[layer, packet].concat())
        };
        layers.map(frame).to_vec()
    }

    fn without_ip(&self) -> Vec<Vec<u8>> {
        let arp = |operation| {
            let head = [0, 1, 8, 0, 6, 4, 0, operation];
            [&head[..], &self.origin.mac(), &ONE, &[0; 6], &OTHER].concat()
        };
        let spanning_tree = [&[0x42, 0x42, 3][..], &[0; 35]].concat();
        let llc = |destination, payload: &[u8]| {
            self.origin
                .ethernet(destination, payload.len() as u16, payload)
        };
        vec![
            self.origin.ethernet(BROADCAST, 0x0806, &arp(1)),
            self.frame(0x0806, &arp(2)),
            llc(BRIDGES, &spanning_tree),
            llc(BRIDGES, b"\xfe\xfe\x03\x83is-is"),
            llc(Pair::RECEIVER_MAC, b"\xe0\xe0\x03\xff\xffnetware"),
            llc(BRIDGES, b"\xaa\xaa\x03\0\0\x0c\x20\0cdp"),
            self.origin.ethernet(BROADCAST, 0x88b5, b"experiment"),
            self.frame(0x88cc, b"\x02\x07lldp"),
            self.frame(0x88b5, b"x"),
        ]
    }

    /// Frames that the open receiver has nobody for. Of some tags nothing is left in the skb.
    fn unhandled(&self) -> Vec<Vec<u8>> {
        let mut frames = self.origin.unhandled(2);
        for payload in [
            &b"\0\x07\x88\xb5forgotten tag"[..],
            b"\xe0\0\x81\0\0\x07\x88\xb5forgotten tags",
        ] {
            frames.push(self.frame(0x8100, payload));
        }
        frames
    }

    /// Sends what the firewall drops on its way out: bytes that were copied, and bytes that stay in their pages.
    fn send(&self) -> usize {
        let bind = || UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0));
        let socket = self.walled.sender.enter(bind).expect("a port is free");
        let target = SocketAddrV4::new(Pair::RECEIVER, FORBIDDEN);
        socket.connect(target).expect("there is a route");
        assert!(socket.send(b"copied").is_err(), "the firewall lets it pass");
        send_file(&socket, &[0x11; 300]);
        send_file(&socket, &[0x22; 1200]);
        3
    }
}

/// Packets without a link header that come in, and that nobody takes: their checksum is wrong, or there is no IPv6.
fn bare() -> Vec<Vec<u8>> {
    vec![
        ipv4(ONE, OTHER, 17, &udp(1053, 53, b"bare")),
        ipv4(OTHER, ONE, 6, &tcp(443, 40000, 0x02, b"bare")),
        ipv6(SIX, SIXTH, 6, &tcp(9, 80, 0x10, b"bare")),
    ]
}

fn ipv4(source: [u8; 4], destination: [u8; 4], protocol: u8, payload: &[u8]) -> Vec<u8> {
    let [l0, l1] = (20 + payload.len() as u16).to_be_bytes();
    let head = [0x45, 0, l0, l1, 0, 1, 0, 0, 64, protocol, 0, 0];
    [&head[..], &source, &destination, payload].concat()
}

fn ipv6(source: [u8; 16], destination: [u8; 16], next: u8, payload: &[u8]) -> Vec<u8> {
    let [l0, l1] = (payload.len() as u16).to_be_bytes();
    [
        &[0x60, 0, 0, 0, l0, l1, next, 64][..],
        &source,
        &destination,
        payload,
    ]
    .concat()
}

fn ports(source: u16, destination: u16) -> [u8; 4] {
    let ([s0, s1], [d0, d1]) = (source.to_be_bytes(), destination.to_be_bytes());
    [s0, s1, d0, d1]
}

fn tcp(source: u16, destination: u16, flags: u8, payload: &[u8]) -> Vec<u8> {
    let rest = [0, 0, 0, 1, 0, 0, 0, 2, 0x50, flags, 1, 0, 0, 0, 0, 0];
    [&ports(source, destination)[..], &rest, payload].concat()
}

fn udp(source: u16, destination: u16, payload: &[u8]) -> Vec<u8> {
    let [l0, l1] = (8 + payload.len() as u16).to_be_bytes();
    [&ports(source, destination)[..], &[l0, l1, 0, 0], payload].concat()
}
