//! The columns in which `ip -s link`, ifconfig and `netstat -i` show an interface's counters, by the names that these have.

/// A column's name after `RX` or `TX`; what `ip` shows in it (iproute2, `ip/ipaddress.c`); and what stands in `/proc/net/dev`,
/// which ifconfig and netstat read (`net/core/net-procfs.c`, `dev_seq_printf_stats`, v6.18).
const RX: [Column; 10] = [
    ("errors", &["rx_errors"], &["rx_errors"]),
    (
        "dropped",
        &["rx_dropped"],
        &["rx_dropped", "rx_missed_errors"],
    ),
    ("missed", &["rx_missed_errors"], &[]),
    ("length", &["rx_length_errors"], &[]),
    ("crc", &["rx_crc_errors"], &[]),
    ("frame", &["rx_frame_errors"], &FRAME),
    ("fifo", &["rx_fifo_errors"], &[]),
    ("overrun", &["rx_over_errors"], &[]),
    ("overruns", &[], &["rx_fifo_errors"]),
    ("nohandler", &["rx_nohandler"], &[]),
];
const TX: [Column; 8] = [
    ("errors", &["tx_errors"], &["tx_errors"]),
    ("dropped", &["tx_dropped"], &["tx_dropped"]),
    ("overruns", &[], &["tx_fifo_errors"]),
    ("carrier", &["tx_carrier_errors"], &CARRIER),
    ("aborted", &["tx_aborted_errors"], &[]),
    ("fifo", &["tx_fifo_errors"], &[]),
    ("window", &["tx_window_errors"], &[]),
    ("heartbt", &["tx_heartbeat_errors"], &[]),
];
type Column = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const FRAME: [&str; 4] = [
    "rx_frame_errors",
    "rx_crc_errors",
    "rx_length_errors",
    "rx_over_errors",
];
const CARRIER: [&str; 4] = [
    "tx_carrier_errors",
    "tx_aborted_errors",
    "tx_window_errors",
    "tx_heartbeat_errors",
];

/// Columns of no losses.
const OTHERS: [&str; 7] = [
    "bytes",
    "packets",
    "mcast",
    "collsns",
    "collisions",
    "transns",
    "compressed",
];

/// The columns of `netstat -i`.
const NETSTAT: [(&str, &[&str]); 6] = [
    ("rx-err", &["rx_errors"]),
    ("rx-drp", &["rx_dropped", "rx_missed_errors"]),
    ("rx-ovr", &["rx_fifo_errors"]),
    ("tx-err", &["tx_errors"]),
    ("tx-drp", &["tx_dropped"]),
    ("tx-ovr", &["tx_fifo_errors"]),
];

/// The counters that stand in a line; of one with values those alone that are not 0, unless all are. `None`: it is no such
/// line.
pub(super) fn names(line: &str) -> Option<Vec<&'static str>> {
    let line = line.trim().to_ascii_lowercase();
    if let Some((_, names)) = NETSTAT.iter().find(|(column, _)| *column == line) {
        return Some(names.to_vec());
    }
    let (direction, rest) = line.split_once([' ', ':'])?;
    let columns: &[Column] = match direction {
        "rx" => &RX,
        "tx" => &TX,
        _ => return None,
    };
    // The second of two headings is `RX errors:`.
    let rest = rest.trim_start();
    let rest = rest.strip_prefix("errors: ").unwrap_or(rest);
    let mut found: Vec<(&Column, Option<u64>)> = Vec::new();
    // Older ifconfigs, and busybox's, print `errors:0`.
    let mut words = rest
        .split(|c: char| c.is_whitespace() || c == ':')
        .filter(|word| !word.is_empty())
        .peekable();
    while let Some(word) = words.next() {
        let value = words.next_if(|next| next.parse::<u64>().is_ok());
        let value = value.and_then(|value| value.parse().ok());
        match columns.iter().find(|(name, ..)| *name == word) {
            Some(column) => found.push((column, value)),
            None if OTHERS.contains(&word) => {}
            None => return None,
        }
    }
    let is_all_zero = found
        .iter()
        .all(|(_, value)| matches!(value, None | Some(0)));
    let names = found
        .into_iter()
        .filter(|(_, value)| is_all_zero || *value != Some(0))
        .flat_map(|((_, by_ip, by_ifconfig), value)| match value {
            Some(_) => *by_ifconfig,
            None => *by_ip,
        });
    let names: Vec<&str> = names.copied().collect();
    (!names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headings_of_ip_have_each_counter_by_its_name() {
        for (line, expected) in [
            (
                "    RX:  bytes packets errors dropped  missed   mcast           ",
                &["rx_errors", "rx_dropped", "rx_missed_errors"][..],
            ),
            (
                "    RX errors:  length    crc   frame    fifo overrun           ",
                &[
                    "rx_length_errors",
                    "rx_crc_errors",
                    "rx_frame_errors",
                    "rx_fifo_errors",
                    "rx_over_errors",
                ],
            ),
            (
                "    TX:  bytes packets errors dropped carrier collsns           ",
                &["tx_errors", "tx_dropped", "tx_carrier_errors"],
            ),
        ] {
            assert_eq!(names(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn of_ifconfigs_values_those_that_are_not_0_count() {
        assert_eq!(
            names("        RX errors 0  dropped 5  overruns 0  frame 0").as_deref(),
            Some(&["rx_dropped", "rx_missed_errors"][..])
        );
        assert_eq!(
            names("        TX errors 0  dropped 0 overruns 0  carrier 2  collisions 0").as_deref(),
            Some(&CARRIER[..])
        );
        assert_eq!(names("RX errors 0").as_deref(), Some(&["rx_errors"][..]));
        for (line, expected) in [
            (
                "          RX packets:123 errors:0 dropped:206975 overruns:0 frame:0",
                &["rx_dropped", "rx_missed_errors"][..],
            ),
            (
                "          TX packets:9 errors:0 dropped:0 overruns:0 carrier:2",
                &CARRIER,
            ),
            ("RX errors:5", &["rx_errors"]),
        ] {
            assert_eq!(names(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn any_other_line_is_none() {
        for line in [
            "",
            "rx",
            "tx error on eth0",
            "rx_drop; rm -rf /",
            "RX packets 5",
        ] {
            assert_eq!(names(line), None, "{line}");
        }
    }
}
