//! The protocols' counters of a namespace: `/proc/net/snmp`, `netstat` and `snmp6`.

use anyhow::{Context as _, Result};

use super::{Source, reading::Reading};
use crate::{
    kernel::namespaces::{Inside, Table},
    text::printable,
};

/// What is no counter: settings, and how many there are at the moment (RFC 1213, RFC 4022).
const GAUGES: [&str; 7] = [
    "IpForwarding",
    "IpDefaultTTL",
    "TcpRtoAlgorithm",
    "TcpRtoMin",
    "TcpRtoMax",
    "TcpMaxConn",
    "TcpCurrEstab",
];

/// Takes those of a namespace.
pub(super) fn read(reading: &mut Reading, inside: &Inside) -> Result<()> {
    for (source, table, name) in [
        (Source::Snmp, Table::Snmp, "snmp"),
        (Source::Netstat, Table::Netstat, "netstat"),
    ] {
        let text = inside.table(table);
        let text = text.with_context(|| format!("/proc/net/{name} cannot be read"))?;
        for (name, value) in pairs_of_lines(&text) {
            reading.count(source, 0, "", &name, value);
        }
    }
    // Without IPv6 there is no such file.
    let text = inside.table(Table::Snmp6).unwrap_or_default();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(Ok(value))) = (words.next(), words.next().map(str::parse)) {
            reading.count(Source::Snmp6, 0, "", &printable(name), value);
        }
    }
    Ok(())
}

/// Counters of a file in which a line of names stands before each line of values, each behind its protocol: `UdpNoPorts`.
fn pairs_of_lines(text: &str) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let (Some(names), Some(values)) = (lines.next(), lines.next()) {
        let (mut names, mut values) = (names.split_whitespace(), values.split_whitespace());
        let Some(protocol) = names.next().and_then(|name| name.strip_suffix(':')) else {
            continue;
        };
        values.next();
        for (name, value) in names.zip(values) {
            let name = printable(&format!("{protocol}{name}"));
            if let Ok(value) = value.parse()
                && !GAUGES.contains(&name.as_str())
            {
                found.push((name, value));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_behind_its_protocol_and_what_is_none_is_left_out() {
        let text = "Tcp: MaxConn CurrEstab InErrs\nTcp: -1 4 7\nUdp: NoPorts\nUdp: 9\nhalf";
        assert_eq!(
            pairs_of_lines(text),
            [("TcpInErrs".to_owned(), 7), ("UdpNoPorts".to_owned(), 9)]
        );
    }
}
