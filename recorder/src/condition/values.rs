//! What values the keys of a drop have, as far as they are not just any text: who waits for another waits for ever.

use super::pair::number;
use crate::filter::names::Place;

/// What a key is, where this value is none that it ever has. A value with `*` or `?` may be any.
pub(super) fn other_than(key: &str, value: &str) -> Option<String> {
    if value.contains(['*', '?']) {
        return None;
    }
    if let Some(words) = words(key) {
        // A number stands for what has no name.
        let is_known = words.contains(&value) || (key == "hw" && number(value).is_some());
        return (!is_known).then(|| one_of(words));
    }
    let has = match key {
        "ifindex" | "iif" | "len" | "caplen" | "prio" | "queue" | "cpu" | "uid" | "sock"
        | "pid" => "a number",
        "proto" => "a number, as in 0x0800",
        "mark" | "hash" => "a number, as in 0x10",
        "loc" if value.parse::<Place>().is_err() => {
            return Some("a function, as in ip_rcv or ip_rcv+0xcf, or a module, as in [ip]".into());
        }
        "gso" if !is_gso(value) => {
            return Some("segments and bytes, as in 4x1448, or bytes".into());
        }
        _ => return None,
    };
    number(value).is_none().then(|| has.to_owned())
}

/// A reason as drops have it: in capital letters, without a prefix that nobody needs to type.
pub(super) fn reason(typed: &str) -> String {
    let upper = typed.to_ascii_uppercase();
    let name = upper.strip_prefix("SKB_DROP_REASON_");
    name.unwrap_or(&upper).to_owned()
}

/// A place as `loc` has it, in whichever way `--location` takes it: without the `0x` of its offset, as dropwatch tells it, or of
/// a module alone.
pub(super) fn location(typed: &str) -> String {
    let (place, module) = match typed.split_once('[') {
        Some((place, module)) => (place.trim(), Some(module)),
        None => (typed.trim(), None),
    };
    let (function, offset) = match place.split_once('+') {
        Some((function, offset)) => (function, Some(offset)),
        None => (place, None),
    };
    let mut location = if function.is_empty() { "*" } else { function }.to_owned();
    if let Some(offset) = offset {
        let digits = offset.strip_prefix("0x").unwrap_or(offset);
        let digits = match digits.trim_start_matches('0') {
            "" => "0",
            digits => digits,
        };
        location.push_str("+0x");
        location.push_str(&digits.to_ascii_lowercase());
    }
    if let Some(module) = module {
        location.push_str(" [");
        location.push_str(module);
    }
    location
}

/// The values of a key that has only these.
fn words(key: &str) -> Option<&'static [&'static str]> {
    Some(match key {
        "dir" => &["in", "out"],
        "pkt_type" => &[
            "host",
            "broadcast",
            "multicast",
            "otherhost",
            "outgoing",
            "loopback",
            "user",
            "kernel",
        ],
        "csum" => &["none", "unnecessary", "complete", "partial"],
        "l2" => &["mac", "synth", "none"],
        "sock_role" => &["sender", "receiver"],
        "deferred" => &["yes"],
        "hw" => &["drop", "exception"],
        _ => return None,
    })
}

/// `4x1448` or `1448`.
fn is_gso(value: &str) -> bool {
    let mut numbers = value.splitn(2, 'x');
    numbers.all(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn one_of(words: &[&str]) -> String {
    match words {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use droprec_ebpf::record::{HAS_CSUM, HAS_PKT_TYPE, INCOMING, Record};

    use super::*;
    use crate::enrich::pairs::{csum, pkt_type};

    #[test]
    fn whatever_a_drop_tells_may_be_waited_for() {
        for number in 0..16 {
            let record = Record {
                flags: INCOMING | HAS_PKT_TYPE | HAS_CSUM,
                pkt_type: number,
                csum: number,
                ..Record::default()
            };
            let told = [("pkt_type", pkt_type(&record)), ("csum", csum(&record))];
            for (key, value) in told {
                assert_eq!(value.and_then(|value| other_than(key, value)), None);
            }
        }
        for (key, value) in [
            ("dir", "in"),
            ("l2", "synth"),
            ("hw", "drop"),
            ("hw", "7"),
            ("deferred", "yes"),
            ("gso", "4x1448"),
            ("gso", "1448"),
            ("mark", "0x10"),
            ("mark", "16"),
            ("proto", "0x88b6"),
            ("proto", "2048"),
            ("len", "60"),
            ("len", "6?"),
            ("pkt_type", "*cast"),
            ("netns", "web"),
            ("comm", "nc"),
            ("loc", "ip_rcv+cf"),
            ("loc", "nft_do_chain [nf_tables]"),
        ] {
            assert_eq!(other_than(key, value), None, "{key}={value}");
        }
    }

    #[test]
    fn a_place_becomes_what_drops_have_however_it_is_spelled() {
        for (typed, has) in [
            ("ip_rcv", "ip_rcv"),
            ("ip_rcv+0xcf", "ip_rcv+0xcf"),
            ("ip_rcv+cf", "ip_rcv+0xcf"),
            ("ip_rcv+0xCF", "ip_rcv+0xcf"),
            ("ip_rcv+0x00cf", "ip_rcv+0xcf"),
            ("ip_rcv+0", "ip_rcv+0x0"),
            ("ip_*+c?", "ip_*+0xc?"),
            ("ip_rcv+*", "ip_rcv+0x*"),
            ("[nf_tables]", "* [nf_tables]"),
            ("nft_*[nf_tables]", "nft_* [nf_tables]"),
            ("a+1 [m]", "a+0x1 [m]"),
        ] {
            assert_eq!(location(typed), has, "{typed}");
        }
    }

    #[test]
    fn what_a_key_never_is_is_told_with_what_it_is() {
        for (key, value, has) in [
            ("len", "abc", "a number"),
            ("cpu", "x", "a number"),
            ("cpu", "-1", "a number"),
            ("dir", "sideways", "in or out"),
            ("dir", "IN", "in or out"),
            ("pkt_type", "foo", "host, broadcast, multicast"),
            ("proto", "88b6", "0x0800"),
            ("mark", "ff", "0x10"),
            ("gso", "4x", "4x1448"),
            ("gso", "x", "4x1448"),
            ("deferred", "no", "yes"),
            ("loc", "ip_rcv+xyz", "ip_rcv+0xcf"),
            ("loc", "+0xcf", "a function"),
            ("loc", "ip_rcv [ip", "[ip]"),
        ] {
            let said = other_than(key, value).unwrap_or_default();
            assert!(said.contains(has), "{key}={value}: {said}");
        }
    }
}
