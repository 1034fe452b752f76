//! A recording in Prometheus' text format, version 0.0.4 (Prometheus' documentation, "Exposition formats"), as the textfile
//! collector of `node_exporter` takes it.
//!
//! A label without a value is, for Prometheus, a label that is not there: what the kernel does not tell is left empty.

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt::{self, Display, Formatter},
};

use super::accounting::Accounting;
use crate::enrich::rows::{Place, Rows};

/// Kinds that have a line of their own, as many as the kernel half counts. Prometheus keeps each for ever that it once saw.
const MAX_KINDS: usize = 16_384;
/// What stands in each label of the line of all other drops.
const OTHER: &str = "other";

/// A recording as it stands. Every count only grows from one to the next.
#[derive(Debug)]
pub struct Metrics<'a> {
    /// Drops by kind, those that were not recorded included.
    pub rows: &'a Rows,
    /// Drops of no known kind.
    pub unknown: u64,
    /// Where the drops went.
    pub accounting: Accounting,
    /// Bytes written.
    pub bytes: u64,
    /// When the recording was armed, nanoseconds since 1970 UTC.
    pub started: u64,
}

/// What makes drops one line: reason, location, interface, and the inode number of the namespace. Interfaces that had a name
/// one after the other are one.
type Labels<'a> = (&'a str, &'a str, &'a str, u32);

/// The labels of drops at a place.
fn labels(place: &Place) -> Labels<'_> {
    let reason = place.reason.as_deref().unwrap_or_default();
    let interface = match place.ifindex {
        0 => "",
        _ => &place.interface,
    };
    (reason, &place.location, interface, place.netns)
}

/// Drops by their labels, in the order that they came up, and those that are in no line of their own.
fn by_labels(rows: &Rows) -> (Vec<(Labels<'_>, u64)>, u64) {
    let (mut lines, mut others) = (Vec::<(Labels<'_>, u64)>::new(), 0);
    let mut indices: HashMap<Labels<'_>, usize> = HashMap::new();
    for row in rows.all() {
        let labels = labels(&row.place);
        match indices.entry(labels) {
            Entry::Occupied(index) => lines[*index.get()].1 += row.drops(),
            Entry::Vacant(index) if lines.len() < MAX_KINDS && !row.place.is_rest() => {
                index.insert(lines.len());
                lines.push((labels, row.drops()));
            }
            Entry::Vacant(_) => others += row.drops(),
        }
    }
    lines.retain(|(_, drops)| *drops > 0);
    (lines, others)
}

/// The value of a label.
struct Value<T>(T);

impl<T: Display> Display for Value<T> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        let escaped = text
            .replace('\\', r"\\")
            .replace('"', r#"\""#)
            .replace('\n', r"\n");
        write!(out, "\"{escaped}\"")
    }
}

/// The two lines before a metric's values.
fn head(out: &mut Formatter<'_>, name: &str, kind: &str, help: &str) -> fmt::Result {
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}")
}

impl Display for Metrics<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let name = "droprec_build_info";
        head(out, name, "gauge", "The version of droprec.")?;
        let version = Value(env!("CARGO_PKG_VERSION"));
        writeln!(out, "{name}{{version={version}}} 1")?;

        let name = "droprec_start_time_seconds";
        head(
            out,
            name,
            "gauge",
            "When the recording began, in seconds since 1970 UTC.",
        )?;
        let milliseconds = self.started / 1_000_000;
        let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
        writeln!(out, "{name} {seconds}.{rest:03}")?;

        self.drops(out)?;
        self.books(out)?;
        self.lost(out)
    }
}

impl Metrics<'_> {
    /// The drops by kind.
    fn drops(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let name = "droprec_drops_total";
        let help = "Packets that the kernel dropped and no filter left out, by kind, those that were not recorded included.";
        head(out, name, "counter", help)?;
        let (lines, others) = by_labels(self.rows);
        for ((reason, location, interface, netns), drops) in lines {
            let (reason, location, interface) = (Value(reason), Value(location), Value(interface));
            let netns = Some(netns).filter(|netns| *netns != 0);
            let netns = Value(netns.map_or_else(String::new, |netns| netns.to_string()));
            writeln!(
                out,
                "{name}{{reason={reason},location={location},interface={interface},netns={netns}}} {drops}"
            )?;
        }
        let others = others + self.unknown;
        if others > 0 {
            let other = Value(OTHER);
            writeln!(
                out,
                "{name}{{reason={other},location={other},interface={other},netns={other}}} {others}"
            )?;
        }
        Ok(())
    }

    /// Where all of them went, but for those that were lost.
    fn books(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let books = &self.accounting;
        let counter = |out: &mut Formatter<'_>, name: &str, help: &str, value: u64| {
            head(out, name, "counter", help)?;
            writeln!(out, "{name} {value}")
        };
        let help = "Packets that the kernel reported as dropped.";
        counter(out, "droprec_seen_total", help, books.seen)?;
        if let Some(counted) = books.counted {
            let help = "Of these, those that were only counted, by kind.";
            counter(out, "droprec_counted_total", help, counted)?;
        } else {
            let help = "Of these, those in the file or on the screen.";
            counter(out, "droprec_written_total", help, books.written)?;
            let help = "Bytes written.";
            counter(out, "droprec_written_bytes_total", help, self.bytes)?;
        }
        let help = "Of these, those that a filter left out.";
        counter(out, "droprec_filtered_total", help, books.filtered)?;
        let help = "Of these, those left out as private data of processes.";
        counter(out, "droprec_suppressed_total", help, books.suppressed)?;
        let help = "Of these, those that --rate or --sample left out.";
        counter(out, "droprec_rate_limited_total", help, books.limited)?;
        if let Some(overwritten) = books.overwritten {
            let help = "Of these, those in memory whose room newer ones took.";
            counter(out, "droprec_overwritten_total", help, overwritten)?;
            let name = "droprec_kept_packets";
            let help = "Of these, those in memory and not written yet.";
            head(out, name, "gauge", help)?;
            writeln!(out, "{name} {}", books.kept)?;
        }
        Ok(())
    }

    /// Those that were lost, by the cause.
    fn lost(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let books = &self.accounting;
        let name = "droprec_lost_total";
        let help = "Of these, those that droprec lost: the ring was full, the processor in the midst of another drop, the file not to be written, or too many kinds to count.";
        head(out, name, "counter", help)?;
        let uncounted = books.counted.map(|_| books.uncounted);
        for (cause, lost) in [
            ("ring_full", Some(books.ring_full)),
            ("nested", Some(books.nested)),
            ("unwritten", Some(books.unwritten)),
            ("uncounted", uncounted),
        ] {
            if let Some(lost) = lost {
                writeln!(out, "{name}{{cause={}}} {lost}", Value(cause))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrich::absent::Absent;

    fn text(rows: &Rows, unknown: u64) -> String {
        let metrics = Metrics {
            rows,
            unknown,
            accounting: Accounting::default(),
            bytes: 0,
            started: 0,
        };
        metrics.to_string()
    }

    fn place(interface: &str, ifindex: u32) -> Place {
        Place {
            reason: Some("NO_SOCKET".to_owned()),
            location: "ip_rcv+0x1".to_owned(),
            interface: interface.to_owned(),
            netns: 7,
            ifindex,
        }
    }

    /// The lines of drops, with what is behind the name.
    fn drops(text: &str) -> Vec<&str> {
        let lines = text.lines();
        lines
            .filter_map(|line| line.strip_prefix("droprec_drops_total"))
            .collect()
    }

    #[test]
    fn no_name_breaks_out_of_its_label() {
        let mut rows = Rows::default();
        let index = rows.of(place("e\"\\\n0", 2));
        rows.count_only(index, 3);
        assert_eq!(
            drops(&text(&rows, 0)),
            [r#"{reason="NO_SOCKET",location="ip_rcv+0x1",interface="e\"\\\n0",netns="7"} 3"#]
        );
    }

    #[test]
    fn an_interface_that_is_made_anew_goes_on_in_its_line_as_none_may_come_twice() {
        let mut rows = Rows::default();
        for ifindex in [2, 9] {
            let index = rows.of(place("eth0", ifindex));
            rows.count_only(index, 3);
            rows.count_absent(
                index,
                Absent {
                    lost: 1,
                    limited: 0,
                },
            );
        }
        let text = text(&rows, 0);
        let lines = drops(&text);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].ends_with("} 8"), "{lines:?}");
    }

    #[test]
    fn what_is_not_known_is_left_empty() {
        let mut rows = Rows::default();
        let index = rows.of(Place {
            reason: None,
            netns: 0,
            ..place("none", 0)
        });
        rows.count_only(index, 1);
        assert_eq!(
            drops(&text(&rows, 0)),
            [r#"{reason="",location="ip_rcv+0x1",interface="",netns=""} 1"#]
        );
    }

    #[test]
    fn kinds_beyond_the_most_and_drops_of_no_kind_are_one_line_and_none_is_missing() {
        let mut rows = Rows::default();
        let kinds = MAX_KINDS as u32 + 5;
        for number in 0..kinds {
            let index = rows.of(place(&format!("eth{number}"), 2));
            rows.count_only(index, 1);
        }
        let last = rows.of(place("eth0", 2));
        rows.count_only(last, 1);
        let text = text(&rows, 4);
        let lines = drops(&text);
        assert_eq!(lines.len(), MAX_KINDS + 1);
        assert_eq!(
            lines.last(),
            Some(&r#"{reason="other",location="other",interface="other",netns="other"} 9"#)
        );
        let values = lines.iter().map(|line| line.rsplit(' ').next());
        let sum: u32 = values
            .map(|value| value.unwrap().parse::<u32>().unwrap())
            .sum();
        assert_eq!(sum, kinds + 1 + 4);
    }
}
