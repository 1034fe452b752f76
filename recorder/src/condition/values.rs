//! What values the keys of a drop have, as far as they are not just any text: who waits for another waits for ever.

use super::pair::number;

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
        "gso" if !is_gso(value) => {
            return Some("segments and bytes, as in 4x1448, or bytes".into());
        }
        _ => return None,
    };
    number(value).is_none().then(|| has.to_owned())
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
        ] {
            assert_eq!(other_than(key, value), None, "{key}={value}");
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
        ] {
            let said = other_than(key, value).unwrap_or_default();
            assert!(said.contains(has), "{key}={value}: {said}");
        }
    }
}
