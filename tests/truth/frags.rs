//! Packets whose bytes are in pages: what sendfile, splice and `MSG_ZEROCOPY` make, and packet sockets.

use droprec_testbed::{Vnet, send_file, send_spliced, send_uncopied};

use crate::{
    at,
    case::Case,
    frames::{C_TAG, CLOSED, EXPERIMENTAL, IPV4, IPV6, S_TAG, frame},
    judge::{SNAPLEN, hold},
    receiver::{ROUTE4, ROUTE6, TO_RECEIVER},
    wide::{IN_PAGES, Wide},
};

/// A frame that a packet socket puts into pages, all but its link header.
const FRAME: Case<Wide> = Case {
    protocol: "unknown EtherType",
    drop: "no handler",
    at: &["__netif_receive_skb_core"],
    shown: "eth:ethertype:data",
    ..IN_PAGES
};

pub(crate) const CASES: &[Case<Wide>] = &[
    Case {
        name: "sendfile",
        send: |wide, mark| {
            wide.udp(false, CLOSED, mark, |socket| {
                send_file(socket, &mark.payload_of(8000));
            })
        },
        ..IN_PAGES
    },
    Case {
        name: "splice",
        send: |wide, mark| {
            wide.udp(false, CLOSED, mark, |socket| {
                // More than a page: of one alone, some kernels make a copy.
                send_spliced(socket, &mark.payload_of(6000));
            })
        },
        ..IN_PAGES
    },
    Case {
        name: "MSG_ZEROCOPY",
        send: |wide, mark| {
            wide.udp(false, CLOSED, mark, |socket| {
                send_uncopied(socket, &mark.payload_of(8000));
            })
        },
        ..IN_PAGES
    },
    Case {
        name: "MSG_ZEROCOPY of little",
        send: |wide, mark| {
            wide.udp(false, CLOSED, mark, |socket| {
                send_uncopied(socket, &mark.payload_of(700));
            })
        },
        ..IN_PAGES
    },
    Case {
        name: "MSG_ZEROCOPY",
        protocol: "IPv6, UDP",
        at: at::UDP6,
        shown: "eth:ethertype:ipv6:udp:data",
        send: |wide, mark| {
            wide.udp(true, CLOSED, mark, |socket| {
                send_uncopied(socket, &mark.payload_of(8000));
            })
        },
        ..IN_PAGES
    },
    Case {
        name: "sendfile, to a firewall",
        drop: "nft prerouting",
        at: at::FIREWALL,
        send: |wide, mark| {
            wide.pair.receiver.nft("prerouting", "udp dport 7710 drop");
            wide.udp(false, 7710, mark, |socket| {
                send_file(socket, &mark.payload_of(8000));
            })
        },
        ..IN_PAGES
    },
    Case {
        name: "PACKET_VNET_HDR",
        send: |wide, mark| {
            let payload = mark.payload_of(9000);
            wide.frame(
                Vnet::in_pages(14),
                frame(TO_RECEIVER, &[], EXPERIMENTAL, &payload),
            )
        },
        ..FRAME
    },
    Case {
        name: "PACKET_VNET_HDR, with a tag",
        tags: 1,
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:vlan:ethertype:data",
        send: |wide, mark| {
            let payload = mark.payload_of(8000);
            let tags = [(C_TAG, 0x602a)];
            wide.frame(
                Vnet::in_pages(18),
                frame(TO_RECEIVER, &tags, EXPERIMENTAL, &payload),
            )
        },
        ..FRAME
    },
    Case {
        name: "PACKET_VNET_HDR, with two tags in pages",
        tags: 2,
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:data",
        send: |wide, mark| {
            let payload = mark.payload_of(8000);
            let tags = [(S_TAG, 0x0064), (C_TAG, 0x602a)];
            wide.frame(
                Vnet::in_pages(14),
                frame(TO_RECEIVER, &tags, EXPERIMENTAL, &payload),
            )
        },
        ..FRAME
    },
    Case {
        name: "PACKET_VNET_HDR, with a priority tag",
        tags: 1,
        protocol: "IPv4, UDP",
        drop: "no socket",
        at: at::UDP4,
        shown: "eth:ethertype:vlan:ethertype:ip:udp:data",
        send: |wide, mark| {
            let packet = ROUTE4.udp(CLOSED, &mark.payload_of(8000));
            wide.frame(
                Vnet::in_pages(18),
                frame(TO_RECEIVER, &[(C_TAG, 0xc000)], IPV4, &packet),
            )
        },
        ..FRAME
    },
    Case {
        name: "PACKET_VNET_HDR, longer than the snaplen",
        protocol: "IPv6, UDP",
        drop: "no socket",
        at: at::UDP6,
        shown: "eth:ethertype:ipv6:udp:data",
        send: |wide, mark| {
            let packet = ROUTE6.udp(CLOSED, &mark.payload_of(8952));
            wide.frame(Vnet::in_pages(54), frame(TO_RECEIVER, &[], IPV6, &packet))
        },
        ..FRAME
    },
];

#[test]
fn packets_whose_bytes_are_in_pages_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
