//! What the kernel writes to its log of packets whose addresses it refuses, where `log_martians` is on (`net/ipv4/route.c`,
//! v6.18).

use std::net::Ipv4Addr;

/// What a source is refused for where a route has to be looked up for it.
const LOOKED_UP: [&str; 3] = ["IP_RPFILTER", "IP_LOCAL_SOURCE", "IP_INVALID_SOURCE"];
const ALL: [&str; 4] = [
    "IP_RPFILTER",
    "IP_LOCAL_SOURCE",
    "IP_INVALID_SOURCE",
    "IP_LOCALNET",
];

/// The reasons that such a line may be of, by what stands behind its `martian `: `source 192.0.2.2 from 198.51.100.1, on dev
/// eth0`, where the source is the second one; `destination 0.0.0.1 from 192.0.2.1, dev eth0`. `None`: it is no such line.
pub(super) fn reasons(line: &str) -> Option<&'static [&'static str]> {
    let mut words = line
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty());
    let which = words.next()?;
    let destination = words.next().and_then(address);
    let source = words.nth(1).and_then(address);
    match which {
        "source" => Some(match source {
            Some(source) if source.is_loopback() => &["IP_LOCALNET"],
            Some(source) if is_nobodys(source) => &["IP_INVALID_SOURCE"],
            Some(_) => &LOOKED_UP,
            None => &ALL,
        }),
        "destination" => Some(match destination {
            Some(destination) if destination.is_loopback() => &["IP_LOCALNET"],
            Some(_) => &["IP_INVALID_DEST"],
            None => &["IP_INVALID_DEST", "IP_LOCALNET"],
        }),
        _ => None,
    }
}

fn address(word: &str) -> Option<Ipv4Addr> {
    word.parse().ok()
}

/// Whether it is refused as a source without a look at the routes.
fn is_nobodys(source: Ipv4Addr) -> bool {
    source.is_multicast() || source.is_broadcast() || source.octets()[0] == 0
}
