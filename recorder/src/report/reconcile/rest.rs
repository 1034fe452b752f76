//! What no drop explains of a rise: why it was not recorded, where that is known, and among which drops it may be.

use super::{Astray, Finding, blind::culprit};
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
    let mut elsewhere = elsewhere(rise, books);
    let sum = |of: &[(u64, String)]| {
        of.iter()
            .fold(0, |sum: u64, (drops, _)| sum.saturating_add(*drops))
    };
    let certain = sum(&elsewhere);
    elsewhere.extend(finding.astray.map(astray));
    let drops = sum(&elsewhere);
    let names: Vec<&str> = elsewhere.iter().map(|(_, name)| name.as_str()).collect();
    let among = (drops > 0).then(|| {
        let of = if drops < *rest {
            format!("up to {drops} of them ")
        } else {
            String::new()
        };
        format!("{of}perhaps among {}", names.join(" and "))
    });
    let away = rise
        .was_away
        .then(|| "the interface was not in that namespace all the time".to_owned());
    // What all of it may be leaves nothing to blame on anybody else. Whether it was the same interface is not known.
    let beside = beside(rise).filter(|_| certain < *rest && !rise.was_away);
    let or = if drops < *rest { "" } else { "else " };
    let beside = beside.map(|beside| format!("{or}{beside}"));
    let parts: Vec<String> = away.into_iter().chain(among).chain(beside).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Drops that it may have counted in another namespace.
fn astray(drops: Astray<'_>) -> (u64, String) {
    let Astray {
        interface,
        is_one,
        drops,
    } = drops;
    let others = if is_one { "" } else { " and others" };
    let words = format!(
        "the {drops} of {interface}{others}, which may be the same interface in another namespace for a time"
    );
    (drops, words)
}

/// Drops that were seen and have no row, and those that a recording cannot see while it begins and ends.
fn elsewhere(rise: &Rise, books: Option<Accounting>) -> Vec<(u64, String)> {
    let books = books.unwrap_or_default();
    let filtered = match rise.ifindex {
        0 => books.filtered,
        _ if rise.was_away => books.filtered,
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

#[cfg(test)]
mod tests {
    use super::super::tests::{CORE, rise, rows, said};
    use super::*;
    use crate::enrich::rows::Rows;

    #[test]
    fn drops_of_an_interface_that_may_have_moved_are_blamed_on_a_driver_only_if_it_is_another_one()
    {
        let of = |netns, ifindex, by| {
            let mut rise = rise(Source::Link, "rx_dropped", by);
            (rise.netns, rise.ifindex) = (netns, ifindex);
            rise.label = format!("vb@{netns}");
            rise
        };
        let rows = rows(&[(Some("UNHANDLED_PROTO"), CORE, 5)]);
        let last = |rows: &Rows, rises: &[Rise]| {
            let said = said(rows, rises);
            said[said.len() - 2].clone()
        };
        let driver =
            "a driver counts here too what it, or an XDP program, drops before an skb exists";
        let moved = "perhaps among the 5 of eth0, which may be the same interface in another namespace for a time";
        assert_eq!(
            last(&rows, &[of(8, 2, 5)]),
            format!("rx_dropped of vb@8 rose by 5: 5 not explained: {moved}; else {driver}")
        );
        assert_eq!(
            last(&rows, &[of(8, 2, 6)]),
            format!(
                "rx_dropped of vb@8 rose by 6: 6 not explained: up to 5 of them {moved}; {driver}"
            )
        );
        // One of another number is another one, and so is one that has a counter of its own.
        let plain = format!("rx_dropped of vb@8 rose by 5: 5 not explained: {driver}");
        assert_eq!(last(&rows, &[of(8, 3, 5)]), plain);
        let both = said(&rows, &[of(8, 2, 5), of(7, 2, 5)]);
        assert!(both.contains(&plain), "{both:#?}");
    }
}
