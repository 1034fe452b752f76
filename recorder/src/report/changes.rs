//! What changed meanwhile: the modules that were loaded, and the frames that one of them took over.

use serde::Serialize;
use textwrap::{Options, fill};

use crate::{encode::local_time::LocalTime, enrich::rows::Row, explain};

/// Lines that there are at most besides the first.
const MAX_LINES: usize = 3;
/// Rows of new modules that are looked at: each is compared with all others, of which a hostile file has very many.
const MAX_ROWS: usize = 64;

/// A frame that was dropped at one place, and from then on in a module that was loaded meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// What the frame is.
    pub what: &'a str,
    /// The row that has ended.
    pub from: &'a Row,
    /// The module's own.
    pub to: &'a Row,
    /// When the one ended, and the other one began, in nanoseconds since 1970 UTC.
    pub times: (u64, u64),
}

/// A change as a JSON object, for programs.
#[derive(Debug, Serialize)]
pub struct Object<'a> {
    what: &'a str,
    interface: &'a str,
    from: Side<'a>,
    to: Side<'a>,
    /// In nanoseconds since 1970 UTC.
    until: u64,
    since: u64,
}

/// Where and why it was dropped.
#[derive(Debug, Serialize)]
struct Side<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    loc: &'a str,
}

impl<'a> Side<'a> {
    fn of(row: &'a Row) -> Self {
        Self {
            reason: row.place.reason.as_deref(),
            loc: &row.place.location,
        }
    }
}

impl<'a> Object<'a> {
    /// The object of a change.
    #[must_use]
    pub fn of(change: &Change<'a>) -> Self {
        let Change {
            what,
            from,
            to,
            times: (until, since),
        } = *change;
        Self {
            what,
            interface: &to.place.interface,
            from: Side::of(from),
            to: Side::of(to),
            until,
            since,
        }
    }
}

/// What the modules took over, those of the most frequent rows first.
#[must_use]
pub fn changes<'a>(rows: &[&'a Row], modules: &[String]) -> Vec<Change<'a>> {
    rows.iter()
        .filter(|row| modules.iter().any(|name| is_in(row, name)))
        .take(MAX_ROWS)
        .filter_map(|to| change(rows, to))
        .collect()
}

/// Whether a module dropped the frames of a row: `llc_rcv+0x1e2 [llc]`.
fn is_in(row: &Row, module: &str) -> bool {
    let location = row.place.location.strip_suffix(']');
    location
        .and_then(|location| location.rsplit_once(" ["))
        .is_some_and(|(_, of)| of == module)
}

/// Where the most frequent frame of a row was dropped before.
fn change<'a>(rows: &[&'a Row], to: &'a Row) -> Option<Change<'a>> {
    let (since, _) = to.period?;
    let is_here = |row: &Row| {
        let (one, other) = (&row.place, &to.place);
        (one.netns, one.ifindex, &one.interface) == (other.netns, other.ifindex, &other.interface)
    };
    to.frames.by_count().into_iter().find_map(|frame| {
        let has_it = |row: &Row| {
            row.frames
                .by_count()
                .iter()
                .any(|other| other.what == frame.what)
        };
        let ended = rows.iter().filter_map(|row| {
            let (_, until) = row.period?;
            (until <= since && row.place != to.place && is_here(row) && has_it(row))
                .then_some((until, *row))
        });
        let (until, from) = ended.max_by_key(|(until, _)| *until)?;
        Some(Change {
            what: &frame.what,
            from,
            to,
            times: (until, since),
        })
    })
}

/// What there is to say, in lines of at most `width` columns. `None`: no module was loaded.
#[must_use]
pub fn text(rows: &[&Row], modules: &[String], width: usize) -> Option<String> {
    if modules.is_empty() {
        return None;
    }
    let mut clock = LocalTime::default();
    let hanging = Options::new(width).subsequent_indent("    ");
    let mut lines = vec![format!("modules loaded meanwhile: {}", modules.join(", "))];
    for change in changes(rows, modules).into_iter().take(MAX_LINES) {
        let Change {
            what,
            from,
            to,
            times,
        } = change;
        lines.push(format!(
            "{what} at {}: dropped {} until {}, {} since {}",
            to.place.interface,
            place(from),
            clock.seconds(times.0),
            place(to),
            clock.seconds(times.1)
        ));
    }
    let lines: Vec<String> = lines.iter().map(|line| fill(line, &hanging)).collect();
    Some(lines.join("\n"))
}

/// `as UNHANDLED_PROTO in __netif_receive_skb_core`, `in llc_rcv [llc]`: addresses would be in the way.
fn place(row: &Row) -> String {
    let location = &row.place.location;
    let module = location.find(" [").map_or("", |at| &location[at..]);
    let function = explain::function(location);
    match row.place.reason.as_deref() {
        None | Some("NOT_SPECIFIED") => format!("in {function}{module}"),
        Some(reason) => format!("as {reason} in {function}{module}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrich::rows::{Place, Rows};

    const BPDU: &str = "STP BPDU, root 4096/02:00:00:00:00:99";

    /// Rows: a location, when the first and the last frame came, in seconds, and which.
    fn rows(of: &[(&str, u64, u64, &str)]) -> Rows {
        let mut rows = Rows::default();
        for (location, first, last, what) in of {
            let index = rows.of(Place {
                location: (*location).to_owned(),
                interface: "eth0".to_owned(),
                ..Place::default()
            });
            for time in [first, last] {
                rows.count(index, Some(time * 1_000_000_000), what, Some(4));
            }
        }
        rows
    }

    fn told(of: &[(&str, u64, u64, &str)], modules: &[&str]) -> Vec<(String, String)> {
        let modules: Vec<String> = modules.iter().map(|&name| name.to_owned()).collect();
        let rows = rows(of);
        let location = |row: &Row| row.place.location.clone();
        changes(&rows.by_count(), &modules)
            .iter()
            .map(|change| (location(change.from), location(change.to)))
            .collect()
    }

    #[test]
    fn a_frame_that_a_new_module_took_over_is_told_with_where_it_was_dropped_before() {
        let of = [
            ("__netif_receive_skb_core+0x144", 1, 3, BPDU),
            ("llc_rcv+0x1e2 [llc]", 5, 9, BPDU),
        ];
        let change = (of[0].0.to_owned(), of[1].0.to_owned());
        assert_eq!(told(&of, &["llc", "stp"]), [change]);
    }

    #[test]
    fn what_goes_on_as_before_or_is_another_frame_or_in_an_old_module_is_no_change() {
        let before = |last, what| ("__netif_receive_skb_core+0x144", 1, last, what);
        let after = ("llc_rcv+0x1e2 [llc]", 5, 9, BPDU);
        for (first, modules) in [
            (before(6, BPDU), ["llc"]),
            (before(3, "LLDP"), ["llc"]),
            (before(3, BPDU), ["lc"]),
        ] {
            assert_eq!(told(&[first, after], &modules), [], "{first:?} {modules:?}");
        }
    }

    #[test]
    fn the_text_tells_both_places_and_is_absent_where_no_module_came() {
        let rows = rows(&[
            ("__netif_receive_skb_core+0x144", 1, 3, BPDU),
            ("llc_rcv+0x1e2 [llc]", 5, 9, BPDU),
        ]);
        let text = text(&rows.by_count(), &["llc".to_owned()], 1000).unwrap();
        let (modules, change) = text.split_once('\n').unwrap();
        assert_eq!(modules, "modules loaded meanwhile: llc");
        let parts = [
            &format!("{BPDU} at eth0: dropped in __netif_receive_skb_core until ") as &str,
            ", in llc_rcv [llc] since ",
        ];
        assert!(
            change.starts_with(parts[0]) && change.contains(parts[1]),
            "{change}"
        );
        assert_eq!(super::text(&rows.by_count(), &[], 1000), None);
    }
}
