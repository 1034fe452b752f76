//! The counters of which `netstat -s` tells in words of its own, where nstat and `/proc/net` have a name.
//!
//! As net-tools 2.10 prints them, of a `/proc/net/snmp`, `snmp6` and `netstat` in which each counter has a number that no
//! other has. Those that are not here it prints with a name: `InCsumErrors: 5`.

/// What stands behind the number, and the counter.
const SENTENCES: [(&str, &str); 28] = [
    ("with invalid headers", "IpInHdrErrors"),
    ("with invalid addresses", "IpInAddrErrors"),
    ("with unknown protocol", "IpInUnknownProtos"),
    ("incoming packets discarded", "IpInDiscards"),
    ("outgoing packets dropped", "IpOutDiscards"),
    ("dropped because of missing route", "IpOutNoRoutes"),
    ("fragments dropped after timeout", "IpReasmTimeout"),
    ("packet reassemblies failed", "IpReasmFails"),
    ("outgoing packets failed fragmentation", "IpFragFails"),
    ("input ICMP message failed", "IcmpInErrors"),
    ("bad segments received", "TcpInErrs"),
    ("packets to unknown port received", "UdpNoPorts"),
    ("packet receive errors", "UdpInErrors"),
    ("receive buffer errors", "UdpRcvbufErrors"),
    ("send buffer errors", "UdpSndbufErrors"),
    ("packets pruned from receive queue", "TcpExtRcvPruned"),
    (
        "packets dropped from out-of-order queue because of socket buffer overrun",
        "TcpExtOfoPruned",
    ),
    (
        "packets rejected in established connections because of timestamp",
        "TcpExtPAWSEstab",
    ),
    (
        "times the listen queue of a socket overflowed",
        "TcpExtListenOverflows",
    ),
    ("SYNs to LISTEN sockets dropped", "TcpExtListenDrops"),
    (
        "packets pruned from receive queue because of socket buffer overrun",
        "TcpExtPruneCalled",
    ),
    (
        "active connections rejected because of time stamp",
        "TcpExtPAWSActive",
    ),
    ("resets sent", "TcpOutRsts"),
    ("with packets too big", "Ip6InTooBigErrors"),
    ("incoming packets with no route", "Ip6InNoRoutes"),
    ("with truncated packets", "Ip6InTruncatedPkts"),
    (
        "Number of Packets with invalid Checksum",
        "SctpChecksumErrors",
    ),
    ("Number of Out of Blue packets", "SctpOutOfBlues"),
];

/// The counter of a line, with the number before the words or without.
pub(super) fn counter(line: &str) -> Option<&'static str> {
    let said = line
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .trim_start()
        .trim_end_matches('.');
    let found = SENTENCES.iter().find(|(words, _)| *words == said)?;
    Some(found.1)
}

/// The words of a counter.
pub(super) fn words(counter: &str) -> Option<&'static str> {
    let found = SENTENCES.iter().find(|(_, name)| *name == counter)?;
    Some(found.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::verb::counter::cards;

    #[test]
    fn each_sentence_is_of_a_counter_that_is_explained_and_of_no_other() {
        for (words_of_it, name) in SENTENCES {
            assert_eq!(counter(&format!("17 {words_of_it}")), Some(name));
            assert_eq!(words(name), Some(words_of_it));
            assert!(!cards(name).is_empty(), "{name}");
        }
        assert_eq!(counter("17 packets received"), None);
    }
}
