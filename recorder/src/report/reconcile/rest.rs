//! What no drop explains of a rise: why it was not recorded, where that is known, and among which drops it may be.

use super::{Finding, blind::culprit};
use crate::{
    counters::{Rise, Source},
    report::accounting::Accounting,
};

/// In words. `books`: where every drop of the recording went, where that is known.
pub(in crate::report) fn rest(finding: &Finding<'_>, books: Option<Accounting>) -> String {
    let why = why(finding, books).map_or(String::new(), |why| format!(": {why}"));
    let told = if culprit(&finding.rise).is_some() {
        "not recorded"
    } else {
        "not explained"
    };
    format!("{} {told}{why}", finding.rest)
}

/// Why what raised a counter was not recorded, what to do about it, and what it may be. `None`: nothing is known.
pub(super) fn why(finding: &Finding<'_>, books: Option<Accounting>) -> Option<String> {
    let Finding { rise, rest, .. } = finding;
    if *rest == 0 {
        return None;
    }
    if let Some(culprit) = culprit(rise) {
        return Some(culprit.why(rise));
    }
    let elsewhere = elsewhere(rise, books);
    let drops: u64 = elsewhere
        .iter()
        .fold(0, |sum, (drops, _)| sum.saturating_add(*drops));
    let names: Vec<&str> = elsewhere.iter().map(|(_, name)| name.as_str()).collect();
    let among = (drops > 0).then(|| {
        let of = if drops < *rest {
            format!("up to {drops} of them ")
        } else {
            String::new()
        };
        format!("{of}perhaps among {}", names.join(" and "))
    });
    // What all of it may be leaves nothing to blame on anybody else.
    let beside = beside(rise).filter(|_| drops < *rest).map(str::to_owned);
    let parts: Vec<String> = among.into_iter().chain(beside).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Drops that were seen and have no row, and those that a recording cannot see while it begins and ends.
fn elsewhere(rise: &Rise, books: Option<Accounting>) -> Vec<(u64, String)> {
    let books = books.unwrap_or_default();
    let filtered = match rise.ifindex {
        0 => books.filtered,
        _ => books.filtered.saturating_sub(books.elsewhere),
    };
    [
        (filtered, "that a filter left out"),
        (
            books.nested,
            "that were lost while others were being recorded, without their place",
        ),
        (
            books.beyond,
            "that came after the last one of -c or --until",
        ),
        (
            rise.margin,
            "that it rose by while the recording began or ended",
        ),
    ]
    .into_iter()
    .filter(|(drops, _)| *drops > 0)
    .map(|(drops, what)| (drops, format!("the {drops} {what}")))
    .collect()
}

/// What else raises a counter of the kernel's drops.
fn beside(rise: &Rise) -> Option<&'static str> {
    match (rise.source, rise.name.as_str(), rise.driver.as_str()) {
        (Source::Link, "rx_dropped" | "tx_dropped", "bond") => {
            Some("a bond counts here too what its ports do")
        }
        (Source::Link, "tx_dropped", "veth") => {
            Some("veth counts here too what its other end had no room for")
        }
        (Source::Link, "rx_dropped", _) => {
            Some("a driver counts here too what it, or an XDP program, drops before an skb exists")
        }
        // net/ipv4/icmp.c, icmp_socket_deliver; net/ipv4/udp.c, __udp4_lib_err; net/ipv4/tcp_ipv4.c, tcp_v4_err
        (Source::Snmp, "IcmpInErrors", _) | (Source::Snmp6, "Icmp6InErrors", _) => Some(
            "the kernel counts here too the ICMP errors that come for sockets that are no more, and frees them as consumed",
        ),
        (Source::Link, "tx_dropped", _) => Some("a driver counts here too what it frees by itself"),
        // net/ipv4/udp.c, udp_sendmsg; net/ipv4/tcp_ipv4.c, tcp_v4_connect; net/ipv4/inet_connection_sock.c,
        // inet_csk_route_req; net/ipv6/ip6_output.c, ip6_dst_lookup_tail
        (Source::Snmp, "IpOutNoRoutes", _) | (Source::Snmp6, "Ip6OutNoRoutes", _) => Some(
            "the kernel counts here too what it refuses a program (\"Network is unreachable\") before there is a packet, and the callers that it finds no way back to (TcpExtListenDrops)",
        ),
        _ => None,
    }
}
