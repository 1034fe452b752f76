//! Counters of what no recorder of skbs can see, and why: by the kernel's own names, and by words in drivers' names.

use crate::counters::{Rise, Source};

/// Who lost it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Culprit {
    /// The NIC's ring, or its own memory: it had no room.
    Ring,
    /// The driver, which found no memory.
    Memory,
    /// The wire, or the NIC at its end.
    Wire,
    /// A program that drops before there is an skb.
    Xdp,
    /// The driver or the NIC, for a reason that only its name tells.
    Driver,
    /// An interface without hardware, for a reason that only the counter's name tells.
    Software,
    /// The kernel, which has no room for a connection and frees what would begin one as consumed.
    Queue,
    /// The kernel, which begins no connection for one of several causes, and frees what would begin it as consumed.
    Listener,
    /// The kernel, which is told to answer an ARP request at another interface alone, and frees it as consumed.
    ArpFilter,
}

use Culprit::{ArpFilter, Driver, Listener, Memory, Queue, Ring, Software, Wire, Xdp};

/// Kinds of interfaces that have no hardware, as `ip -d link` names them.
const VIRTUAL: [&str; 31] = [
    "bareudp",
    "batadv",
    "bond",
    "bridge",
    "dummy",
    "erspan",
    "geneve",
    "gre",
    "gretap",
    "gtp",
    "hsr",
    "ifb",
    "ip6erspan",
    "ip6gre",
    "ip6gretap",
    "ip6tnl",
    "ipip",
    "ipvlan",
    "macsec",
    "macvlan",
    "macvtap",
    "netkit",
    "sit",
    "team",
    "tun",
    "veth",
    "vlan",
    "vrf",
    "vti",
    "vxlan",
    "wireguard",
];

/// Names of `struct rtnl_link_stats64` (`include/uapi/linux/if_link.h`, v6.18, which says what each one counts), and of
/// `/proc/net/netstat` (`net/ipv4/tcp_input.c`, `tcp_conn_request`, whose packets `tcp_rcv_state_process` consumes;
/// `net/ipv4/tcp_ipv4.c`, `tcp_req_err`; `net/ipv4/arp.c`, `arp_process`; v6.18).
pub(crate) const EXACT: [(Source, &str, Culprit); 17] = [
    (Source::Link, "rx_missed_errors", Ring),
    (Source::Link, "rx_fifo_errors", Ring),
    (Source::Link, "rx_over_errors", Ring),
    (Source::Link, "tx_fifo_errors", Ring),
    (Source::Link, "rx_crc_errors", Wire),
    (Source::Link, "rx_frame_errors", Wire),
    (Source::Link, "rx_length_errors", Wire),
    (Source::Link, "tx_carrier_errors", Wire),
    (Source::Link, "tx_heartbeat_errors", Wire),
    (Source::Link, "tx_window_errors", Wire),
    (Source::Link, "tx_aborted_errors", Wire),
    (Source::Link, "rx_errors", Driver),
    (Source::Link, "tx_errors", Driver),
    (Source::Netstat, "TcpExtListenOverflows", Queue),
    (Source::Netstat, "TcpExtListenDrops", Listener),
    (Source::Netstat, "TcpExtTCPReqQFullDrop", Queue),
    (Source::Netstat, "TcpExtArpFilter", ArpFilter),
];

/// Words of drivers' names; the first that is in a name tells. `rx_no_buffer_count` (e1000e), `rx_out_of_buffer` and
/// `rx_discards_phy` (mlx5), `rx_missed_errors` (igb), `rx_no_dma_resources` (ixgbe), `rx_buff_alloc_err` (mlx5),
/// `alloc_rx_buff_failed` (e1000), `rx_fcs_errors`.
const WORDS: [(&str, Culprit); 29] = [
    ("xdp_drop", Xdp),
    ("xdp_tx_err", Xdp),
    ("xdp_abort", Xdp),
    ("no_buf", Ring),
    ("nobuf", Ring),
    ("out_of_buf", Ring),
    ("buff_alloc", Memory),
    ("buf_alloc", Memory),
    ("alloc_fail", Memory),
    ("buff_failed", Memory),
    ("page_failed", Memory),
    ("no_dma_resources", Ring),
    ("missed", Ring),
    ("fifo", Ring),
    ("overrun", Ring),
    ("overflow", Ring),
    ("discards_phy", Ring),
    ("discard", Ring),
    ("crc", Wire),
    ("fcs", Wire),
    ("align", Wire),
    ("symbol", Wire),
    ("jabber", Wire),
    ("undersize", Wire),
    ("oversize", Wire),
    ("length_err", Wire),
    ("frame_err", Wire),
    ("drop", Driver),
    ("err", Driver),
];

/// Words in which others of these are, and that tell of no loss.
const HARMLESS: [&str; 3] = ["interrupt", "deferr", "preferr"];

/// Whether a driver's counter is of checksums that the NIC found wrong. That is no loss: most drivers pass such packets on, and
/// the kernel looks for itself (`drivers/net/ethernet/intel/e1000/e1000_main.c`, `e1000_rx_checksum`, v6.18).
pub(crate) fn is_checksum(name: &str) -> bool {
    name.contains("csum") || name.contains("checksum")
}

/// Whose a counter is. `None`: the kernel's, whose drops are recorded, or no loss at all.
#[must_use]
pub fn culprit(rise: &Rise) -> Option<Culprit> {
    let culprit = named(rise)?;
    let is_hardware = matches!(culprit, Ring | Memory | Wire | Driver);
    if is_hardware && VIRTUAL.contains(&rise.driver.as_str()) {
        return Some(Software);
    }
    Some(culprit)
}

/// By the name alone.
fn named(rise: &Rise) -> Option<Culprit> {
    if rise.source == Source::Ethtool {
        let mut name = rise.name.to_ascii_lowercase();
        for word in HARMLESS {
            name = name.replace(word, "");
        }
        if is_checksum(&name) {
            return None;
        }
        return WORDS
            .iter()
            .find_map(|(word, culprit)| name.contains(word).then_some(*culprit));
    }
    EXACT.iter().find_map(|(source, name, culprit)| {
        (*source == rise.source && *name == rise.name).then_some(*culprit)
    })
}

impl Culprit {
    /// Why no skb was seen, and what to do.
    #[must_use]
    pub fn why(self, rise: &Rise) -> String {
        match self {
            Ring | Memory | Wire | Driver if rise.name.starts_with("tx") => {
                "the driver or the NIC did not send them: look at link, cable and duplex".to_owned()
            }
            Ring => {
                let now = rise.ring.map_or(String::new(), |(now, most)| {
                    format!(", it is {now} of {most} now")
                });
                format!(
                    "the NIC's ring was full before an skb existed: enlarge it (ethtool -G{now}), use more queues, spread their interrupts (irqbalance)"
                )
            }
            Memory => "the driver found no memory for them, before an skb existed: look at free memory and vm.min_free_kbytes".to_owned(),
            Wire => "damaged on the wire or by the NIC, before an skb existed: look at cable, SFP and duplex".to_owned(),
            Xdp => "an XDP program dropped them before an skb existed".to_owned(),
            Driver => "the driver or the NIC counts them by itself, before an skb existed".to_owned(),
            Software => "the interface's own code counts them, and frees them as consumed or has no skb of them".to_owned(),
            Queue => "the kernel frees these as consumed, not as dropped: the queue of connections was full (backlog of listen(2), net.core.somaxconn, net.ipv4.tcp_max_syn_backlog)".to_owned(),
            Listener => "the kernel frees these as consumed, not as dropped: the queue of connections was full as often as TcpExtListenOverflows and TcpExtTCPReqQFullDrop rose; else no route led back to the caller (IpOutNoRoutes, Ip6OutNoRoutes), ICMP said that the answer did not arrive, the caller was not known while the queue was nearly full (tcp_syncookies=0), a security module refused, or memory was short".to_owned(),
            ArpFilter => "ARP requests, which the kernel frees as consumed, not as dropped: by arp_filter=1 it answers only at the interface by which it would send to who asks".to_owned(),
        }
    }
}
