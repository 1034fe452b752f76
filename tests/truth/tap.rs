//! A tap device: frames that a process writes to it and the host does not take, and frames that nobody reads.

use droprec_testbed::{FrameSocket, Namespace, Sniffer, Tun, Vnet, run, until};

use crate::{
    case::{Case, Gso, Mark, Shape, Stage},
    frames::{C_TAG, CLOSED, EXPERIMENTAL, IPV4, Route4, S_TAG, frame, identified, unsummed},
    judge::{SNAPLEN, hold},
};

/// The addresses of a frame to the host, and of one from it.
const IN: [[u8; 6]; 2] = [[2, 0, 0, 0, 3, 1], [2, 0, 0, 0, 3, 2]];
const OUT: [[u8; 6]; 2] = [[2, 0, 0, 0, 3, 2], [2, 0, 0, 0, 3, 1]];
const ROUTE: Route4 = Route4([192, 0, 2, 2], [192, 0, 2, 1], 64);

pub(crate) struct Tap {
    host: Namespace,
    plain: Tun,
    offloading: Tun,
    aggregating: Tun,
    aggregated: Sniffer,
    _unread: Tun,
    out: FrameSocket,
}

impl Stage for Tap {
    fn build() -> Self {
        let host = Namespace::new("tap");
        host.ip("link set lo up");
        let stage = Self {
            plain: Tun::tap(&host, "tap0"),
            offloading: Tun::with_vnet(&host, "tap1", true),
            aggregating: Tun::aggregating(&host, "tap3"),
            _unread: Tun::tap(&host, "tap2"),
            aggregated: Sniffer::open(&host, "tap3"),
            out: FrameSocket::open(&host, "tap2"),
            host,
        };
        let host = &stage.host;
        for device in ["tap0", "tap1", "tap3"] {
            host.ip(&format!("link set {device} address 02:00:00:00:03:01"));
        }
        host.ip("address add 192.0.2.1/24 dev tap1");
        host.ip("address add 192.0.3.1/24 dev tap3");
        host.ip("link set tap2 txqueuelen 2");
        // Nanoseconds that it waits for another segment.
        let wait = "echo 2000000000 > /sys/class/net/tap3/gro_flush_timeout";
        run("ip", &["netns", "exec", host.name(), "sh", "-c", wait]);
        stage
    }

    fn drops_in(&self) -> &Namespace {
        &self.host
    }
}

impl Tap {
    fn write(&self, frame: Vec<u8>) -> Vec<Vec<u8>> {
        self.plain.write(&frame).expect("the device takes frames");
        vec![frame]
    }

    fn write_as(&self, how: Vnet, frame: Vec<u8>) -> Vec<Vec<u8>> {
        let written = self.offloading.write(&how.before(&frame));
        written.expect("the device takes such frames");
        vec![frame]
    }

    /// Writes segments until the kernel has put them together, which it does not where its clock ticks between them. What
    /// came of the others is no longer than a segment.
    fn aggregate(&self, segments: &[Vec<u8>], mark: &Mark) {
        const TRIES: usize = 50;
        let longest = segments.iter().map(Vec::len).max();
        for _ in 0..TRIES {
            for segment in segments {
                let written = self.aggregating.write(segment);
                written.expect("the device takes frames");
            }
            // The kernel may take its time to look.
            let seen = until(|| {
                let seen = self.aggregated.frames_with(mark.bytes());
                (!seen.is_empty()).then_some(seen)
            });
            let seen = seen.expect("they are received");
            if seen.iter().map(Vec::len).max() > longest {
                return;
            }
        }
    }

    /// Fills the queue that nobody reads, and sends one more.
    fn overflow(&self, frame: Vec<u8>) -> Vec<Vec<u8>> {
        for _ in 0..8 {
            self.out
                .send_dropped(&[&OUT.concat()[..], b"\x88\xb5first"].concat());
        }
        self.out.send_dropped(&frame);
        vec![frame]
    }
}

const WRITTEN: Case<Tap> = Case {
    device: "tap",
    dev: &["tap0"],
    ..Case::PLAIN
};

const UNREAD: Case<Tap> = Case {
    drop: "queue full",
    at: &["tun_net_xmit"],
    dev: &["tap2"],
    ..WRITTEN
};

const SEGMENTS: Case<Tap> = Case {
    protocol: "IPv4, TCP",
    drop: "no socket",
    at: &["tcp_v4_rcv"],
    dev: &["tap1"],
    shown: "eth:ethertype:ip:tcp:data",
    ..WRITTEN
};

pub(crate) const CASES: &[Case<Tap>] = &[
    Case {
        name: "an unknown EtherType",
        send: |tap, mark| tap.write(frame(IN, &[], EXPERIMENTAL, mark.bytes())),
        ..WRITTEN
    },
    Case {
        name: "an unknown VLAN",
        tags: 1,
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:vlan:ethertype:data",
        send: |tap, mark| tap.write(frame(IN, &[(C_TAG, 0x002a)], EXPERIMENTAL, mark.bytes())),
        ..WRITTEN
    },
    Case {
        name: "802.1ad around 802.1Q",
        tags: 2,
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:data",
        send: |tap, mark| {
            let tags = [(S_TAG, 0x0064), (C_TAG, 0x602a)];
            tap.write(frame(IN, &tags, EXPERIMENTAL, mark.bytes()))
        },
        ..WRITTEN
    },
    Case {
        name: "in pages",
        dev: &["tap1"],
        shape: Shape::Frags,
        send: |tap, mark| {
            let frame = frame(IN, &[], EXPERIMENTAL, &mark.payload_of(8000));
            tap.write_as(Vnet::in_pages(64), frame)
        },
        ..WRITTEN
    },
    Case {
        name: "several segments",
        shape: Shape::Frags,
        gso: Some(Gso {
            of: "TCP",
            size: 1400,
            headers: 54,
        }),
        send: |tap, mark| {
            let packet = unsummed(ROUTE.tcp(CLOSED, &mark.payload_of(12_000)));
            tap.write_as(
                Vnet::tcp(false, 34, 54, 1400),
                frame(IN, &[], IPV4, &packet),
            )
        },
        ..SEGMENTS
    },
    Case {
        name: "two segments, put together",
        dev: &["tap3"],
        shape: Shape::Frags,
        gso: Some(Gso {
            of: "TCP (GRO)",
            size: 1000,
            headers: 54,
        }),
        send: |tap, mark| {
            let route = Route4([192, 0, 3, 2], [192, 0, 3, 1], 64);
            let payload = mark.payload_of(1500);
            let parts = payload.chunks(1000).enumerate().map(|(number, part)| {
                let packet = route.tcp_at(1 + 1000 * number as u32, CLOSED, part);
                frame(IN, &[], IPV4, &identified(packet, 0x4711 + number as u16))
            });
            // The second is shorter, and ends the wait.
            tap.aggregate(&parts.collect::<Vec<_>>(), mark);
            vec![frame(IN, &[], IPV4, &unsummed(route.tcp(CLOSED, &payload)))]
        },
        ..SEGMENTS
    },
    Case {
        name: "nobody reads",
        send: |tap, mark| tap.overflow(frame(OUT, &[], EXPERIMENTAL, mark.bytes())),
        ..UNREAD
    },
    Case {
        name: "nobody reads, with a tag",
        tags: 1,
        shown: "eth:ethertype:vlan:ethertype:data",
        send: |tap, mark| tap.overflow(frame(OUT, &[(C_TAG, 0x602a)], EXPERIMENTAL, mark.bytes())),
        ..UNREAD
    },
];

#[test]
fn frames_of_a_tap_device_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
