//! Whether drops at a place raise a counter, by the rules.
//!
//! A hostile file has very many of both. What patterns say is found out once of each place and once of each counter, so that
//! little is left to do for each pair of them.

use super::rules::{Counter, Raised, Rule, UNTOLD, rules};
use crate::{
    counters::{Rise, Source},
    enrich::rows::{Place, Row},
    explain,
};

/// The index of each namespace's own loopback, which never moves; 0 is none (`include/net/net_namespace.h`,
/// `LOOPBACK_IFINDEX`).
const LOOPBACK: u32 = 1;

/// A counter that rose, and the rules that tell of it, by their order.
pub(super) struct Raisable<'a> {
    rise: &'a Rise,
    rules: Vec<(usize, Raised)>,
}

impl<'a> Raisable<'a> {
    pub(super) fn of(rise: &'a Rise) -> Self {
        let is_its = |rule: &Rule| rule.raises.iter().any(|counter| is_counter(rise, counter));
        let rules = rules().enumerate().filter(|(_, rule)| is_its(rule));
        Self {
            rise,
            rules: rules.map(|(order, rule)| (order, rule.raised)).collect(),
        }
    }

    /// Whether drops may raise it in place of another one.
    pub(super) fn may_be_instead(&self) -> bool {
        self.rules
            .iter()
            .any(|(_, raised)| *raised == Raised::Instead)
    }
}

/// The drops of a row.
pub(super) struct Drops<'rows, 'rises> {
    pub(super) row: &'rows Row,
    /// How they raise what a rule says, in the order of the rules. `None`: it tells of others.
    said: Vec<Option<Raised>>,
    /// Of the counters that some of them may have raised in place of others, the first two: one of them is another than
    /// whichever is asked of.
    instead: Vec<&'rises Rise>,
}

impl<'rows, 'rises> Drops<'rows, 'rises> {
    /// `instead`: counters that drops may raise in place of others.
    pub(super) fn of(row: &'rows Row, instead: &[Raisable<'rises>]) -> Self {
        let mut drops = Self {
            row,
            said: rules().map(|rule| said(rule, &row.place)).collect(),
            instead: Vec::new(),
        };
        let raised = instead
            .iter()
            .filter(|counter| drops.how(counter) == Some(Raised::Instead));
        drops.instead = raised.map(|counter| counter.rise).take(2).collect();
        drops
    }

    /// Whether they raise a counter: `Some(true)` all of them, `Some(false)` perhaps some, `None` none.
    pub(super) fn raise(&self, counter: &Raisable<'_>) -> Option<bool> {
        let how = self.how(counter)?;
        let (place, rise) = (&self.row.place, counter.rise);
        let is_home_known =
            (place.netns != 0 || rise.netns == 0) && (place.ifindex != 0 || rise.ifindex == 0);
        Some(how == Raised::ByAll && is_home_known && !self.raised_another(rise))
    }

    /// Whether they would raise an interface's counter, were theirs the same one, which was in another namespace at the time. It
    /// keeps its number there, if that is free.
    pub(super) fn raise_if_moved(&self, counter: &Raisable<'_>) -> bool {
        let (place, rise) = (&self.row.place, counter.rise);
        let may_be_same = place.ifindex == rise.ifindex
            && rise.ifindex > LOOPBACK
            && ![0, rise.netns].contains(&place.netns);
        let at_home = |raised| !matches!(raised, Raised::Elsewhere | Raised::Above);
        let mut rules = counter.rules.iter();
        may_be_same && rules.any(|(order, raised)| at_home(*raised) && self.said[*order].is_some())
    }

    /// Whether some of them may have raised another counter that rose, in place of this one.
    fn raised_another(&self, rise: &Rise) -> bool {
        self.instead.iter().any(|other| other.key() != rise.key())
    }

    /// How they raise a counter; the surest of what the rules say.
    fn how(&self, counter: &Raisable<'_>) -> Option<Raised> {
        let (place, rise) = (&self.row.place, counter.rise);
        let is_at_home = match (rise.netns, rise.ifindex) {
            (0, _) => true,
            // What is dropped without an interface may be any namespace's.
            (netns, 0) => [netns, 0].contains(&place.netns),
            // So may what came in by none yet be any interface's.
            (netns, _) if place.ifindex == 0 => [netns, 0].contains(&place.netns),
            (netns, ifindex) => (place.netns, place.ifindex) == (netns, ifindex),
        };
        let is_near = |raised: Raised| match raised {
            Raised::Elsewhere => (!is_at_home || place.ifindex == 0) && hands_over(rise),
            Raised::Above => !is_at_home && rise.driver == "vxlan",
            // Of those that were not recorded it is not known.
            Raised::BySent => is_at_home && (self.row.sent || self.row.absent.total() > 0),
            _ => is_at_home,
        };
        let near = counter.rules.iter().filter(|(_, raised)| is_near(*raised));
        near.filter_map(|(order, _)| self.said[*order]).min()
    }
}

/// How drops at a place raise what a rule says. `None`: it tells of others.
fn said(rule: &Rule, place: &Place) -> Option<Raised> {
    if place.is_unnamed() && !rule.functions.is_empty() {
        return said_wherever(rule, place);
    }
    let function = explain::function(&place.location);
    let is_there =
        rule.functions.is_empty() || rule.functions.iter().any(|of| is_like(of, function));
    if !is_there {
        return None;
    }
    let reason = told_reason(place);
    if rule.reasons.is_empty() || is_because(rule, reason.unwrap_or(UNTOLD)) {
        return Some(rule.raised);
    }
    // Where only the reason would tell.
    (reason.is_none() && !rule.functions.is_empty()).then_some(Raised::BySome)
}

/// The same where the function has no name: any may be it, and only a reason that the rule names tells more.
fn said_wherever(rule: &Rule, place: &Place) -> Option<Raised> {
    let is_of_rule = match told_reason(place) {
        Some(reason) => is_because(rule, reason),
        None => rule.reasons.is_empty() || is_because(rule, UNTOLD) || place.reason.is_none(),
    };
    is_of_rule.then_some(match rule.raised {
        Raised::ByAll => Raised::BySome,
        raised => raised,
    })
}

/// The reason of drops. `NOT_SPECIFIED` says that there is none, too.
fn told_reason(place: &Place) -> Option<&str> {
    let reason = place.reason.as_deref();
    reason.filter(|reason| *reason != "NOT_SPECIFIED")
}

fn is_because(rule: &Rule, reason: &str) -> bool {
    rule.reasons.iter().any(|of| is_like(of, reason))
}

/// Whether it is an interface that takes packets from another one, or gives them to it.
fn hands_over(rise: &Rise) -> bool {
    let kinds = [
        "veth", "macvlan", "macvtap", "ipvlan", "ipvtap", "netkit", "vxcan",
    ];
    kinds.contains(&rise.driver.as_str())
}

pub(super) fn is_counter(rise: &Rise, (source, name): &Counter) -> bool {
    if *source != rise.source {
        return false;
    }
    if *source == Source::Qdisc {
        let is_in = ["ingress ", "clsact "]
            .iter()
            .any(|kind| rise.part.starts_with(kind));
        return rise.name == "drops" && *name == if is_in { "drops in" } else { "drops out" };
    }
    is_like(name, &rise.name)
}

/// Whether a text is as a pattern says, in which one `*` may stand for anything.
pub(crate) fn is_like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => {
            text.len() >= head.len() + tail.len() && text.starts_with(head) && text.ends_with(tail)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{rise, rows, said},
        *,
    };
    use crate::enrich::rows::Rows;

    /// Whether drops there, at that interface of the same namespace, raise a counter of interface 2, whose driver that is.
    fn raise(
        (reason, location): (&str, &str),
        ifindex: u32,
        driver: &str,
        (source, name): Counter,
    ) -> Option<bool> {
        let mut rows = Rows::default();
        let row = rows.of(Place {
            reason: Some(reason.to_owned()),
            location: format!("{location}+0x1"),
            interface: String::new(),
            netns: if ifindex == 0 { 0 } else { 7 },
            ifindex,
        });
        rows.count(row, None, "", None);
        rows.note_sent(row);
        let is_interfaces = source == Source::Link;
        let rise = Rise {
            netns: 7,
            ifindex: if is_interfaces { 2 } else { 0 },
            label: String::new(),
            source,
            part: String::new(),
            name: name.to_owned(),
            before: 0,
            after: 1,
            since: None,
            margin: 0,
            was_away: false,
            driver: driver.to_owned(),
            ring: None,
        };
        Drops::of(rows.by_count()[0], &[]).raise(&Raisable::of(&rise))
    }

    const TX_DROPPED: Counter = (Source::Link, "tx_dropped");
    const RX_DROPPED: Counter = (Source::Link, "rx_dropped");

    #[test]
    fn what_the_other_end_of_a_cable_has_no_room_for_is_perhaps_its_senders() {
        let full = ("NOT_SPECIFIED", "veth_xmit");
        assert_eq!(raise(full, 3, "veth", TX_DROPPED), Some(false));
        assert_eq!(raise(full, 3, "", TX_DROPPED), None);
        // It may be without another end, too.
        assert_eq!(raise(full, 2, "veth", TX_DROPPED), Some(false));
    }

    #[test]
    fn what_a_tunnel_does_not_take_is_perhaps_counted_at_it() {
        let flags = ("VXLAN_INVALID_HDR", "vxlan_rcv");
        let errors = (Source::Link, "rx_frame_errors");
        assert_eq!(raise(flags, 3, "vxlan", errors), Some(false));
        assert_eq!(raise(flags, 3, "veth", errors), None);
    }

    #[test]
    fn what_came_by_no_interface_yet_is_perhaps_any_ones() {
        let garbage = ("NOT_SPECIFIED", "tun_get_user");
        assert_eq!(raise(garbage, 0, "tun", RX_DROPPED), Some(false));
        assert_eq!(raise(garbage, 3, "tun", RX_DROPPED), None);
        let unhandled = ("UNHANDLED_PROTO", "__netif_receive_skb_core");
        assert_eq!(raise(unhandled, 2, "", RX_DROPPED), Some(true));
        assert_eq!(raise(unhandled, 0, "", RX_DROPPED), Some(false));
    }

    #[test]
    fn what_compilers_put_into_its_caller_is_found_there() {
        let piled_up = ("NOT_SPECIFIED", "macvlan_handle_frame");
        assert_eq!(raise(piled_up, 2, "", RX_DROPPED), Some(false));
    }

    #[test]
    fn a_copy_of_a_fragment_is_no_packet_that_was_not_put_together() {
        let failed = (Source::Snmp, "IpReasmFails");
        let of = |reason| raise((reason, "inet_frag_queue_insert"), 2, "", failed);
        assert_eq!(of("DUP_FRAG"), None);
        assert_eq!(
            raise(("FRAG_REASM_TIMEOUT", "ip_expire"), 2, "", failed),
            Some(false)
        );
    }

    #[test]
    fn a_sender_that_is_told_of_a_drop_perhaps_counts_it_too() {
        for name in ["UdpSndbufErrors", "IpOutDiscards"] {
            for place in [
                ("NETFILTER_DROP", "nf_hook_slow"),
                ("TC_EGRESS", "__dev_queue_xmit"),
                ("NOT_SPECIFIED", "__dev_forward_skb2"),
            ] {
                assert_eq!(
                    raise(place, 2, "", (Source::Snmp, name)),
                    Some(false),
                    "{place:?}"
                );
            }
        }
    }

    #[test]
    fn each_of_these_raises_a_counter_of_its_namespace() {
        for (place, source, name, is_certain) in [
            (
                ("IP_INADDRERRORS", "ip6_forward"),
                Source::Snmp6,
                "Ip6InAddrErrors",
                true,
            ),
            (
                ("NOT_SPECIFIED", "ipv6_parse_hopopts"),
                Source::Snmp6,
                "Ip6InHdrErrors",
                false,
            ),
            (
                ("PKT_TOO_SMALL", "icmpv6_rcv"),
                Source::Snmp6,
                "Icmp6InErrors",
                false,
            ),
            (
                ("TCP_INVALID_SYN", "tcp_validate_incoming"),
                Source::Snmp,
                "TcpInErrs",
                false,
            ),
            (
                ("NO_SOCKET", "cookie_v4_check"),
                Source::Netstat,
                "TcpExtListenOverflows",
                false,
            ),
            (
                ("TCP_MD5NOTFOUND", "tcp_v4_rcv"),
                Source::Netstat,
                "TcpExtTCPMD5NotFound",
                true,
            ),
            (
                ("NOT_SPECIFIED", "__udp4_lib_rcv"),
                Source::Snmp,
                "UdpIgnoredMulti",
                false,
            ),
        ] {
            let said = raise(place, 2, "", (source, name));
            assert_eq!(said, Some(is_certain), "{place:?} {name}");
        }
    }

    #[test]
    fn drops_at_a_place_without_a_name_explain_perhaps_what_their_reason_raises() {
        for location in ["unnamed 1", "unnamed"] {
            for reason in [Some("UNHANDLED_PROTO"), Some("NOT_SPECIFIED"), None] {
                let rows = rows(&[(reason, location, 2), (Some("NO_SOCKET"), "unnamed 2", 5)]);
                let told = reason.map_or(String::new(), |reason| format!(" {reason}"));
                assert_eq!(
                    said(&rows, &[rise(Source::Link, "rx_dropped", 2)]),
                    [
                        format!("rx_dropped of eth0 rose by 2: perhaps 2{told} at {location}"),
                        "eth0: perhaps all 2 of rx_dropped are the kernel's; no counter of the ring or the NIC rose".to_owned(),
                    ]
                );
            }
        }
    }
}
