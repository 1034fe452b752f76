//! The protocols' counters of a namespace: `/proc/net/snmp`, `netstat` and `snmp6`.

use std::fs;

use anyhow::{Context as _, Result};

use super::{Source, reading::Reading};
use crate::text::printable;

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

/// Takes those of the calling thread's namespace.
pub(super) fn read(reading: &mut Reading) -> Result<()> {
    for (source, file) in [(Source::Snmp, "snmp"), (Source::Netstat, "netstat")] {
        for (name, value) in pairs_of_lines(&contents(file)?) {
            reading.count(source, 0, "", &name, value);
        }
    }
    // Without IPv6 there is no such file.
    let text = contents("snmp6").unwrap_or_default();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(Ok(value))) = (words.next(), words.next().map(str::parse)) {
            reading.count(Source::Snmp6, 0, "", &printable(name), value);
        }
    }
    Ok(())
}

fn contents(file: &str) -> Result<String> {
    let path = format!("/proc/thread-self/net/{file}");
    fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))
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
