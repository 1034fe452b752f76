//! A rise as a comment of a file's statistics block, in logfmt, and back.
//!
//! `droprec v=1 counter=rx_dropped source=link rise=5 from=206970 to=206975 netns=4026531840 ifindex=2 dev=eth0`: `dev` is the
//! interface as the file names it, `netns_name` the namespace of a counter that is no interface's, `part` what the source
//! has several of, `since` the nanoseconds since 1970 UTC of a first reading that came only after the recording began, `margin`
//! how much of the rise came while it began or ended, `away` that the interface was not in its namespace all the time,
//! `driver` the interface's, `ring` and `ring_most` the packets that its ring takes, now and at most.

use std::fmt::Write as _;

use super::{Rise, Source};
use crate::text::logfmt;

/// The rise in logfmt.
#[must_use]
pub fn pairs(rise: &Rise) -> String {
    let mut out = String::from("droprec v=1 counter=");
    logfmt(&mut out, &rise.name);
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        " source={} rise={} from={} to={} netns={} ifindex={}",
        rise.source,
        rise.by(),
        rise.before,
        rise.after,
        rise.netns,
        rise.ifindex
    );
    let of = if rise.ifindex == 0 {
        "netns_name"
    } else {
        "dev"
    };
    for (key, value) in [
        (of, &rise.label),
        ("part", &rise.part),
        ("driver", &rise.driver),
    ] {
        if !value.is_empty() {
            let _ = write!(out, " {key}=");
            logfmt(&mut out, value);
        }
    }
    if let Some((now, most)) = rise.ring {
        let _ = write!(out, " ring={now} ring_most={most}");
    }
    if let Some(since) = rise.since {
        let _ = write!(out, " since={since}");
    }
    if rise.margin > 0 {
        let _ = write!(out, " margin={}", rise.margin);
    }
    if rise.was_away {
        out.push_str(" away=1");
    }
    out
}

/// The rise that a comment tells of, whose values `get` finds by their keys. `None`: it tells of none.
#[must_use]
pub fn rise(get: impl Fn(&str) -> Option<String>) -> Option<Rise> {
    let number = |key| get(key)?.parse::<u64>().ok();
    let small = |key| get(key)?.parse().ok();
    let name = get("counter")?;
    let ifindex = small("ifindex")?;
    let of = if ifindex == 0 { "netns_name" } else { "dev" };
    Some(Rise {
        netns: small("netns")?,
        ifindex,
        label: get(of).unwrap_or_default(),
        source: Source::named(&get("source")?)?,
        part: get("part").unwrap_or_default(),
        name,
        before: number("from")?,
        after: number("to")?,
        since: number("since"),
        margin: number("margin").unwrap_or(0),
        was_away: get("away").is_some(),
        driver: get("driver").unwrap_or_default(),
        ring: small("ring").zip(small("ring_most")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logfmt;

    #[test]
    fn what_is_written_is_read_back_whatever_the_names() {
        let plain = Rise {
            netns: 4_026_531_840,
            ifindex: 2,
            label: "eth0".to_owned(),
            source: Source::Link,
            part: String::new(),
            name: "rx_dropped".to_owned(),
            before: 206_970,
            after: 206_975,
            since: None,
            margin: 0,
            was_away: false,
            driver: "virtio_net".to_owned(),
            ring: Some((512, 4096)),
        };
        let hostile = Rise {
            ifindex: 0,
            label: "a \"name\" = x".to_owned(),
            source: Source::Qdisc,
            part: "fq_codel 8001: root".to_owned(),
            name: "rx \\ drops".to_owned(),
            since: Some(7),
            margin: 3,
            was_away: true,
            driver: String::new(),
            ring: None,
            ..plain.clone()
        };
        for written in [plain, hostile] {
            let text = pairs(&written);
            let read = logfmt::pairs(&text).expect("droprec's own");
            let read = rise(|key| read.get(key).map(std::borrow::Cow::into_owned));
            assert_eq!(read, Some(written), "{text}");
        }
    }
}
