//! What was dropped most often, why, and what to do about it: the answer to who looks at a summary.

use std::collections::HashSet;

use textwrap::fill;

use super::{table::meaning, width::filled};
use crate::{
    encode::local_time::LocalTime,
    enrich::{
        absent::Absent,
        frames::Frame,
        rows::{Place, Row},
    },
    explain::{
        self, Explanation,
        unhandled::{self, Unhandled},
    },
};

/// Rows that are explained; `droprec explain` has the others.
const MAX_ROWS: usize = 3;
/// Frames that are shown of each.
const MAX_FRAMES: usize = 3;

/// What there is to say of a row.
#[derive(Debug)]
pub struct Answer<'a> {
    /// Of which.
    pub row: &'a Row,
    /// The frames that it was most often, the most frequent first.
    pub frames: Vec<&'a Frame>,
    /// What it means that they were dropped.
    pub explanation: Option<&'static Explanation>,
    /// Where nothing handles the most frequent frame's protocol: what that is.
    pub unhandled: Option<&'static Unhandled>,
    /// Who sends the most frequent frame, where nothing here wants it.
    pub sender: Option<&'static str>,
    /// How the most frequent frame's `skb->protocol` is misread.
    pub trap: Option<&'static str>,
}

/// What a frame is that was dropped there because nothing handles its protocol. `None`: it was not, or nothing is known of it.
#[must_use]
pub fn unhandled(place: &Place, frame: &Frame) -> Option<&'static Unhandled> {
    // Before there were reasons, and for a packet of any kind, this function dropped nothing else.
    let is_unhandled = explain::function(&place.location) == "__netif_receive_skb_core"
        && place
            .reason
            .as_deref()
            .is_none_or(|reason| reason == "UNHANDLED_PROTO");
    is_unhandled.then(|| unhandled::of(&frame.what))?
}

/// Who sends a frame that was dropped there because nothing wants it, whether or not its protocol has a handler.
fn sender(place: &Place, frame: &Frame) -> Option<&'static str> {
    let has_handler = ["llc_rcv", "snap_rcv"].contains(&explain::function(&place.location));
    let known = match unhandled(place, frame) {
        None if has_handler => unhandled::of(&frame.what),
        known => known,
    };
    known.map(|known| known.sender)
}

impl<'a> Answer<'a> {
    /// What there is to say of this one.
    #[must_use]
    pub fn of(row: &'a Row) -> Self {
        let place = &row.place;
        let mut frames = row.frames.by_count();
        frames.truncate(MAX_FRAMES);
        let first = frames.first();
        Self {
            row,
            explanation: explain::of(place.reason.as_deref(), Some(&place.location)),
            unhandled: first.and_then(|frame| unhandled(place, frame)),
            sender: first.and_then(|frame| sender(place, frame)),
            trap: first.and_then(|frame| unhandled::trap(frame.protocol?)),
            frames,
        }
    }

    /// The answer as text of lines no longer than `width`, the first of which stands out. `said`: paragraphs that stand above.
    fn text(&self, width: usize, clock: &mut LocalTime, said: &mut HashSet<String>) -> String {
        let heading = filled(width).subsequent_indent("    ");
        let mut parts = vec![fill(&self.heading(clock), heading)];
        let indented = filled(width).initial_indent("  ").subsequent_indent("  ");
        let hanging = indented.clone().subsequent_indent("      ");
        for frame in &self.frames {
            let about = if frame.is_exact() { "" } else { "at least " };
            let line = format!("{about}{} × {}", frame.at_least(), frame.what);
            parts.push(fill(&line, &hanging));
        }
        let Absent { lost, limited } = self.row.absent;
        for (count, why) in [
            (lost, "the ring had no room for them"),
            (limited, "--rate or --sample left them out"),
        ] {
            if count > 0 {
                parts.push(format!("  {count} × not known: {why}"));
            }
        }
        let mut paragraphs = Vec::from_iter(self.sender.map(str::to_owned));
        match (self.unhandled, self.explanation) {
            (Some(unhandled), _) => paragraphs.push(unhandled.remedy.to_owned()),
            (None, Some(explanation)) => paragraphs.extend([
                explanation.meaning.to_owned(),
                format!("To check: {}", explanation.check),
            ]),
            (None, None) => {}
        }
        paragraphs.extend(self.trap.map(str::to_owned));
        paragraphs.retain(|paragraph| said.insert(paragraph.clone()));
        let filled = paragraphs
            .iter()
            .map(|paragraph| fill(paragraph, &indented));
        parts.extend(filled);
        parts.join("\n")
    }

    /// `UNHANDLED_PROTO at eth0, 11:20:01 to 11:20:09: no handler for its protocol; usually harmless`.
    fn heading(&self, clock: &mut LocalTime) -> String {
        let place = &self.row.place;
        let name = if place.is_untold() {
            "packets"
        } else {
            place.name()
        };
        let mut heading = name.to_owned();
        if !place.interface.is_empty() {
            heading.push_str(" at ");
            heading.push_str(&place.interface);
        }
        if let Some((first, last)) = self.row.period {
            let (first, last) = (clock.seconds(first), clock.seconds(last));
            heading.push_str(", ");
            heading.push_str(&first);
            if first != last {
                heading.push_str(" to ");
                heading.push_str(&last);
            }
        }
        if let Some(explanation) = self.explanation {
            for part in [
                ": ",
                meaning(self.row).unwrap_or(explanation.phrase),
                "; ",
                &explanation.verdict.to_string(),
            ] {
                heading.push_str(part);
            }
        } else if place.is_untold() {
            heading.push_str(": the file tells neither reason nor place");
        }
        heading
    }
}

/// The answers of the first of these rows as paragraphs. `None`: there are none.
#[must_use]
pub fn answers(rows: &[&Row], width: usize) -> Option<String> {
    let mut clock = LocalTime::default();
    let mut said = HashSet::new();
    let answers = rows.iter().take(MAX_ROWS);
    let texts: Vec<String> = answers
        .map(|row| Answer::of(row).text(width, &mut clock, &mut said))
        .collect();
    let rest = if rows.len() > MAX_ROWS {
        "\n\n`droprec explain REASON|LOCATION` tells of the others."
    } else {
        ""
    };
    // Each begins with an empty line, and another one follows.
    (!texts.is_empty()).then(|| format!("\n{}{rest}\n", texts.join("\n\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{enrich::rows::Rows, report::table::table};

    fn rows(reason: Option<&str>, location: &str, interface: &str, frames: &[&str]) -> Rows {
        let mut rows = Rows::default();
        let index = rows.of(Place {
            reason: reason.map(str::to_owned),
            location: location.to_owned(),
            interface: interface.to_owned(),
            ..Place::default()
        });
        for frame in frames {
            rows.count(index, None, frame, None);
        }
        rows
    }

    fn heading(rows: &Rows) -> String {
        let answers = answers(&rows.by_count(), 200).expect("there is a row");
        answers.trim().lines().next().unwrap_or_default().to_owned()
    }

    #[test]
    fn others_packets_are_not_called_drops() {
        let untold = "the file tells neither reason nor place";
        let without_interface = rows(None, "-", "", &["ARP"]);
        assert_eq!(heading(&without_interface), format!("packets: {untold}"));
        let with_interface = rows(None, "-", "eth0", &["ARP"]);
        assert_eq!(
            heading(&with_interface),
            format!("packets at eth0: {untold}")
        );
        let table = table(&with_interface, None).expect("there is a row");
        assert!(table.trim_start().starts_with("packets"), "{table}");
    }

    #[test]
    fn what_the_place_knows_better_is_said_under_the_reasons_name() {
        let reply = "ICMP echo reply 192.0.2.1 > 192.0.2.2";
        let rows = rows(Some("NO_SOCKET"), "ping_rcv+0xb3", "eth0", &[reply]);
        let said = heading(&rows);
        assert!(said.starts_with("NO_SOCKET at eth0: a ping's"), "{said}");
        assert!(said.ends_with("; usually harmless"), "{said}");
        let table = table(&rows, None).expect("there is a row");
        assert!(table.contains("a ping's answer"), "{table}");
    }

    #[test]
    fn a_vlans_frames_among_others_are_not_said_to_be_another_hosts() {
        let rows = rows(
            Some("OTHERHOST"),
            "ip_rcv_core+0x22c",
            "eth0",
            &["UDP 192.0.2.1:1 > 192.0.2.2:9", "VLAN 42, ARP"],
        );
        let phrase = "it is another host's, or its VLAN is none of this one's";
        assert_eq!(
            heading(&rows),
            format!("OTHERHOST at eth0: {phrase}; usually harmless")
        );
        let table = table(&rows, None).expect("there is a row");
        assert!(table.contains(phrase), "{table}");
    }

    #[test]
    fn a_tag_of_which_only_the_beginning_was_recorded_is_one() {
        let rows = rows(
            Some("OTHERHOST"),
            "ip_rcv_core+0x22c",
            "eth0",
            &["VLAN, cut header"],
        );
        assert!(
            heading(&rows).contains("or its VLAN is none of this one's"),
            "{}",
            heading(&rows)
        );
    }
}
