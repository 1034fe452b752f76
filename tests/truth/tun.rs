//! A tun device: what a process writes to it and the host does not take, and what nobody reads from it.

use droprec_testbed::{Namespace, Tun, Vnet};

use crate::{
    at,
    case::{Case, Gso, Link, Shape, Stage},
    frames::{CLOSED, IPV4, IPV6, Route4, Route6, unsummed},
    judge::{SNAPLEN, hold},
    sockets::RawIp,
};

const HOST: [u8; 4] = [192, 0, 2, 1];
const PEER: [u8; 4] = [192, 0, 2, 2];
const HOST6: [u8; 16] = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const PEER6: [u8; 16] = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
const IN: Route4 = Route4(PEER, HOST, 64);
const IN6: Route6 = Route6(PEER6, HOST6, 64);
/// To a host behind the device that nobody reads.
const OUT: Route4 = Route4(HOST, [198, 51, 100, 2], 64);
const OUT6: Route6 = Route6(
    HOST6,
    [0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
    64,
);

pub(crate) struct Tunnel {
    host: Namespace,
    tun: Tun,
    offloading: Tun,
    raw: RawIp,
    _unread: Tun,
}

impl Stage for Tunnel {
    fn build() -> Self {
        let host = Namespace::new("tun");
        host.ip("link set lo up");
        host.sysctl("net/ipv6/conf/default/disable_ipv6", "0");
        host.sysctl("net/ipv6/conf/default/router_solicitations", "0");
        host.sysctl("net/ipv6/conf/default/addr_gen_mode", "1");
        let stage = Self {
            tun: Tun::new(&host, "tun0"),
            offloading: Tun::with_vnet(&host, "tun1", false),
            _unread: Tun::new(&host, "tun2"),
            raw: RawIp::open(&host),
            host,
        };
        let host = &stage.host;
        host.ip("address add 192.0.2.1/24 dev tun0");
        host.ip("address add 2001:db8::1/64 dev tun0 nodad");
        host.ip("link set tun2 txqueuelen 2");
        host.ip("route add 198.51.100.0/24 dev tun2");
        host.ip("route add 2001:db8:1::/64 dev tun2");
        stage
    }

    fn drops_in(&self) -> &Namespace {
        &self.host
    }
}

impl Tunnel {
    fn write(&self, packet: Vec<u8>) -> Vec<Vec<u8>> {
        // What it refuses, it drops as well.
        let _ = self.tun.write(&packet);
        vec![packet]
    }

    fn write_as(&self, how: Vnet, packet: Vec<u8>) -> Vec<Vec<u8>> {
        let written = self.offloading.write(&how.before(&packet));
        written.expect("the device takes such packets");
        vec![packet]
    }

    /// Fills the queue that nobody reads, and sends one more.
    fn overflow(&self, fill: &[u8], packet: Vec<u8>) -> Vec<Vec<u8>> {
        for _ in 0..8 {
            self.raw.send(fill);
        }
        self.raw.send(&packet);
        vec![packet]
    }
}

const WRITTEN: Case<Tunnel> = Case {
    device: "tun",
    protocol: "IPv4, UDP",
    drop: "no socket",
    at: at::UDP4,
    dev: &["tun0"],
    link: Link::Synth(IPV4),
    shown: "eth:ethertype:ip:udp:data",
    ..Case::PLAIN
};

/// What a process says more of than its bytes.
const OFFLOADING: Case<Tunnel> = Case {
    dev: &["tun1"],
    shape: Shape::Frags,
    ..WRITTEN
};

const UNREAD: Case<Tunnel> = Case {
    drop: "queue full",
    at: &["tun_net_xmit"],
    dev: &["tun2"],
    ..WRITTEN
};

pub(crate) const CASES: &[Case<Tunnel>] = &[
    Case {
        name: "a closed port",
        send: |tunnel, mark| tunnel.write(IN.udp(CLOSED, mark.bytes())),
        ..WRITTEN
    },
    Case {
        name: "a closed port",
        protocol: "IPv4, TCP",
        at: &["tcp_v4_rcv"],
        shown: "eth:ethertype:ip:tcp:data",
        send: |tunnel, mark| tunnel.write(IN.tcp(CLOSED, mark.bytes())),
        ..WRITTEN
    },
    Case {
        name: "a closed port",
        protocol: "IPv6, UDP",
        at: at::UDP6,
        link: Link::Synth(IPV6),
        shown: "eth:ethertype:ipv6:udp:data",
        send: |tunnel, mark| tunnel.write(IN6.udp(CLOSED, mark.bytes())),
        ..WRITTEN
    },
    Case {
        name: "a closed port, in pages",
        drop: "no route back",
        at: &[
            "ip_rcv_finish_core",
            "ip_error",
            "__udp4_lib_rcv",
            "udp_rcv",
        ],
        send: |tunnel, mark| {
            tunnel.write_as(Vnet::in_pages(64), IN.udp(CLOSED, &mark.payload_of(8000)))
        },
        ..OFFLOADING
    },
    Case {
        name: "a closed port, several segments",
        protocol: "IPv4, TCP",
        at: &["tcp_v4_rcv"],
        gso: Some(Gso {
            of: "TCP",
            size: 1400,
            headers: 54,
        }),
        shown: "eth:ethertype:ip:tcp:data",
        send: |tunnel, mark| {
            let packet = unsummed(IN.tcp(CLOSED, &mark.payload_of(12_000)));
            tunnel.write_as(Vnet::tcp(false, 20, 40, 1400), packet)
        },
        ..OFFLOADING
    },
    Case {
        name: "nobody reads",
        send: |tunnel, mark| tunnel.overflow(&OUT.udp(7760, b"first"), OUT.udp(7760, mark.bytes())),
        ..UNREAD
    },
    Case {
        name: "nobody reads",
        protocol: "IPv6, UDP",
        link: Link::Synth(IPV6),
        shown: "eth:ethertype:ipv6:udp:data",
        send: |tunnel, mark| {
            tunnel.overflow(&OUT6.udp(7760, b"first"), OUT6.udp(7760, mark.bytes()))
        },
        ..UNREAD
    },
];

#[test]
fn packets_of_a_tun_device_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
