//! The table at the end: location × reason × interface, with counts.

use super::columns::{columns, more_kinds};
use crate::{
    enrich::{
        absent::Absent,
        rows::{Place, Row, Rows},
    },
    explain,
};

/// Lines that it has at most; the rest is one more.
const MAX_LINES: usize = 40;

/// Columns that half a line takes at least beside all else; where there are fewer, it goes below.
const HALF_A_LINE: usize = 24;

/// Half a line on what drops there mean.
pub(super) fn meaning(row: &Row) -> Option<&'static str> {
    let Place {
        reason, location, ..
    } = &row.place;
    let frames = row.frames.by_count();
    let is_tagged = frames.iter().any(|frame| {
        let rest = frame.what.strip_prefix("VLAN");
        rest.is_some_and(|rest| rest.starts_with([' ', ',']))
    });
    explain::phrase(reason.as_deref(), Some(location), is_tagged)
}

/// The table as text for a terminal of so many columns, or for elsewhere; without a line break at its end. `None`: nothing was
/// dropped.
#[must_use]
pub fn table(rows: &Rows, terminal: Option<usize>) -> Option<String> {
    let rows = rows.by_count();
    if rows.is_empty() {
        return None;
    }
    let absent: Absent = rows.iter().map(|row| row.absent).sum();
    // Of others' files it is not known whether they were dropped.
    let is_foreign = rows.iter().all(|row| row.place.is_untold());
    let mut counts = vec![if is_foreign { "packets" } else { "drops" }];
    counts.extend(absent.columns().map(|(title, _)| title));
    let what = ["reason", "location", "interface", "what it means"];
    let header = counts.iter().copied().chain(what).map(str::to_owned);
    let mut lines: Vec<Vec<String>> = vec![header.collect()];
    let counts = counts.len();
    let line = |drops: u64, these: Absent, what: [&str; 4]| {
        let parts = absent.columns().map(|(_, count)| count(these));
        let numbers = [drops].into_iter().chain(parts);
        let numbers = numbers.map(|number| number.to_string());
        numbers.chain(what.map(str::to_owned)).collect()
    };
    for row in rows.iter().take(MAX_LINES) {
        let place = &row.place;
        let cells = [
            place.reason.as_deref().unwrap_or("-"),
            &place.location,
            &place.interface,
            meaning(row).unwrap_or_default(),
        ];
        lines.push(line(row.drops(), row.absent, cells));
    }
    let rest = rows.get(MAX_LINES..).unwrap_or_default();
    if !rest.is_empty() {
        let drops = rest.iter().map(|row| row.drops()).sum();
        let absent = rest.iter().map(|row| row.absent).sum();
        let kinds = more_kinds(rest.len());
        lines.push(line(drops, absent, [&kinds, "", "", ""]));
    }
    Some(columns(&lines, counts, Some(HALF_A_LINE), terminal).join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(terminal: Option<usize>) -> Vec<String> {
        let mut rows = Rows::default();
        let index = rows.of(Place {
            reason: Some("NOT_SPECIFIED".to_owned()),
            location: "stp_pdu_rcv+0x92".to_owned(),
            interface: "eth0".to_owned(),
            ..Place::default()
        });
        rows.count(index, None, "STP BPDU", Some(4));
        let table = table(&rows, terminal).unwrap();
        table.lines().map(str::to_owned).collect()
    }

    #[test]
    fn what_it_means_goes_on_below_itself_where_the_terminal_is_narrow() {
        let whole = lines(None);
        assert_eq!(whole.len(), 2);
        let at = whole[0].find("what it means").unwrap();
        let (meaning, longest) = (&whole[1][at..], whole[1].len());
        let narrow = lines(Some(longest - 10));
        assert!(
            narrow.iter().all(|line| line.len() <= longest - 10),
            "{narrow:?}"
        );
        let parts: Vec<&str> = narrow[1..].iter().map(|line| line[at..].trim()).collect();
        assert!(parts.len() > 1 && parts.join(" ") == meaning, "{narrow:?}");
    }

    #[test]
    fn what_it_means_is_below_where_there_is_no_room_beside() {
        assert_eq!(
            lines(Some(60)),
            [
                " drops  reason         location  interface",
                "        what it means",
                "     1  NOT_SPECIFIED  stp_pdu_rcv+0x92  eth0",
                "        a spanning tree frame, and no bridge here wants it",
            ]
        );
        for line in lines(Some(40)) {
            assert!(line.len() <= 40, "{line}");
        }
    }

    #[test]
    fn a_terminal_that_is_wide_enough_changes_nothing() {
        assert_eq!(lines(Some(1000)), lines(None));
    }
}
