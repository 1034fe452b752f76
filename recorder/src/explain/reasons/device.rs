//! What devices and drivers refuse.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "CANFD_RX_INVALID_FRAME",
        phrase: "it is no proper CAN FD frame",
        meaning: "It came as a CAN FD frame, from a device that is none, or with a wrong length.",
        verdict: Trouble,
        check: "Find the program or driver that sends it; dmesg says \"dropped non conform CAN FD skbuff\" once.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "net/can/af_can.c: canfd_rcv (v7.2)",
    },
    Explanation {
        name: "CANXL_RX_INVALID_FRAME",
        phrase: "it is no proper CAN XL frame",
        meaning: "It came as a CAN XL frame, from a device that is none, or with a wrong length.",
        verdict: Trouble,
        check: "Find the program or driver that sends it; dmesg says \"dropped non conform CAN XL skbuff\" once.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "net/can/af_can.c: canxl_rcv (v7.2)",
    },
    Explanation {
        name: "CAN_RX_INVALID_FRAME",
        phrase: "it is no proper CAN frame",
        meaning: "It came as a CAN frame, from a device that is none, or with a wrong length.",
        verdict: Trouble,
        check: "Find the program or driver that sends it; dmesg says \"dropped non conform CAN skbuff\" once.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "net/can/af_can.c: can_rcv (v7.2)",
    },
    Explanation {
        name: "CPU_BACKLOG",
        phrase: "the processor's backlog is full",
        meaning: "Packets for this processor (by RPS, from veth, lo or a tunnel) come faster than it works them off, and \
            more than net.core.netdev_max_backlog wait. One busy flow can be stopped earlier (flow limit).",
        verdict: Trouble,
        check: "`cat /proc/net/softnet_stat`: a line a processor, column 2 is this drop, column 11 the flow limit. Raise \
            `sysctl net.core.netdev_max_backlog`, spread the load (`/sys/class/net/DEV/queues/rx-*/rps_cpus`), or find the \
            flood.",
        counters: &[
            "/proc/net/softnet_stat: dropped (column 2)",
            "ip -s link: rx dropped",
        ],
        kernels: ("5.18", "7.2"),
        source: "net/core/dev.c: enqueue_to_backlog (v7.2)",
    },
    Explanation {
        name: "DEV_HDR",
        phrase: "its driver's header is invalid",
        meaning: "What stands before the packet for the device's own use (such as virtio-net's header, which says how it \
            is to be segmented) makes no sense.",
        verdict: Trouble,
        check: "Find the program that has the tap device open (QEMU, a VPN) and update it.",
        counters: &[],
        kernels: ("5.18", "7.2"),
        source: "drivers/net/tap.c: tap_get_user (v7.2)",
    },
    Explanation {
        name: "DEV_READY",
        phrase: "the interface is not up",
        meaning: "The interface that it was for is down, is just being taken down, or has nobody at its other end (a tun \
            device that no program holds).",
        verdict: Depends,
        check: "`ip link show DEV`; `ip monitor link` while it happens. For tun and tap: is the program (VPN, virtual \
            machine) running?",
        counters: &["ip -s link: tx dropped", "ip -s link: rx dropped"],
        kernels: ("5.18", "7.2"),
        source: "net/core/dev.c: __dev_queue_xmit, enqueue_to_backlog; drivers/net/tun.c: tun_net_xmit; \
            drivers/net/vxlan/vxlan_core.c; net/bridge/br_netfilter_hooks.c (v7.2)",
    },
    Explanation {
        name: "FULL_RING",
        phrase: "the driver's ring is full",
        meaning: "The program or virtual machine that reads from the tun or tap device does not read fast enough.",
        verdict: Trouble,
        check: "`ip -s link show DEV`. Give the machine more processors or queues (multiqueue), or a longer ring: `ip link \
            set DEV txqueuelen 10000`.",
        counters: &["ip -s link: tx dropped"],
        kernels: ("5.18", "7.2"),
        source: "drivers/net/tun.c: tun_net_xmit; drivers/net/tap.c: tap_handle_frame; net/xfrm/xfrm_iptfs.c (v7.2)",
    },
    Explanation {
        name: "IPVLAN_MULTICAST_BACKLOG",
        phrase: "too many multicasts wait for the ipvlan interfaces",
        meaning: "An ipvlan device gives multicasts and broadcasts to all its interfaces a little later, and more came \
            than may wait (1000).",
        verdict: Depends,
        check: "Find who sends so many multicasts or broadcasts.",
        counters: &["ip -s link: rx dropped"],
        kernels: ("7.2", "7.2"),
        source: "drivers/net/ipvlan/ipvlan_core.c: ipvlan_multicast_enqueue (v7.2)",
    },
    Explanation {
        name: "MACVLAN_BROADCAST_BACKLOG",
        phrase: "too many broadcasts wait for the macvlan interfaces",
        meaning: "A macvlan device gives broadcasts and multicasts to all its interfaces a little later, and more came \
            than may wait.",
        verdict: Depends,
        check: "`ip link set DEV type macvlan bcqueuelen N` (1000) allows more; find who broadcasts so much.",
        counters: &["ip -s link: rx dropped"],
        kernels: ("7.2", "7.2"),
        source: "drivers/net/macvlan.c: macvlan_broadcast_enqueue (v7.2)",
    },
    Explanation {
        name: "OTHERHOST",
        phrase: "its destination address is another host's",
        meaning: "The frame's destination MAC address is not this interface's. It came because the interface takes in \
            everything (promiscuous: tcpdump runs, or it is a bridge port) or because a switch does not know where the address \
            is and sends to all ports. The same is said of a VLAN's frame that no interface has.",
        verdict: Harmless,
        check: "`ip -d link show DEV` (promiscuity) and `ip -s -s link show DEV`. If a tag is in the frame, `ip -d link | \
            grep vlan`. Nothing to do when a capture is running.",
        counters: &["ip -s -s link: otherhost dropped"],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/ip_input.c: ip_rcv_core; net/ipv6/ip6_input.c: ip6_rcv_core; net/core/dev.c: \
            __netif_receive_skb_core marks it (v7.2)",
    },
    Explanation {
        name: "PSP_INPUT",
        phrase: "its PSP encryption is not what its socket demands",
        meaning: "The connection is encrypted by PSP and this segment is not, or the other way round, or it has another \
            key.",
        verdict: Trouble,
        check: "Compare the PSP state of both sides; a change of keys may be under way.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "include/net/psp/functions.h: psp_sk_rx_policy_check (v7.2)",
    },
    Explanation {
        name: "PSP_OUTPUT",
        phrase: "its PSP encryption is not to be had on that device",
        meaning: "The connection is encrypted by PSP with one device, and its route now leads out by another, which \
            cannot.",
        verdict: Trouble,
        check: "`ip route get DESTINATION`: the route has moved to another device.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "net/psp/psp_sock.c: psp_validate_xmit (v7.2)",
    },
    Explanation {
        name: "TAP_FILTER",
        phrase: "a filter of the tap device refused it",
        meaning: "A BPF program that the owner of the tun or tap device has put on it (TUNSETFILTEREBPF) did not let it \
            through.",
        verdict: Depends,
        check: "Look at the program that holds the device; `bpftool prog` lists what is loaded.",
        counters: &["ip -s link: tx dropped"],
        kernels: ("5.18", "7.2"),
        source: "drivers/net/tun.c: tun_net_xmit (v7.2)",
    },
    Explanation {
        name: "TAP_TXFILTER",
        phrase: "a filter of the tap device refused it",
        meaning: "The owner of the tap device (a virtual machine) told which Ethernet addresses it wants (TUNSETTXFILTER), \
            and this frame is for another.",
        verdict: Harmless,
        check: "Nothing, unless the guest misses multicasts: then its list of addresses is not up to date.",
        counters: &["ip -s link: tx dropped"],
        kernels: ("5.18", "7.2"),
        source: "drivers/net/tun.c: tun_net_xmit (v7.2)",
    },
    Explanation {
        name: "XDP",
        phrase: "an XDP program dropped it",
        meaning: "A program attached to the interface in generic mode said drop, or could not redirect it where it wanted. \
            Drops in the driver's own XDP happen before there is a packet, and no recorder of packets sees them.",
        verdict: Depends,
        check: "`ip link show DEV` and `bpftool net show` name the program.",
        counters: &[],
        kernels: ("5.18", "7.2"),
        source: "net/core/dev.c: do_xdp_generic (v7.2)",
    },
];
