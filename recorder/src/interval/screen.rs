//! The tables on a terminal, each in the place of the one before.

use std::io::{self, Write as _};

use anyhow::Result;
use textwrap::{core::display_width, fill};

use super::{Interval, Line, Sum, View, cells};
use crate::{
    encode::local_time::LocalTime,
    report::{
        columns::columns,
        width::{self, Size},
    },
    stack::{self, MORE},
    text::into_printable,
};

/// Takes the cursor to the first column of the first line, and away what is on the screen (ECMA-48, CUP and ED).
const CLEAR: &str = "\x1b[H\x1b[J";

/// Columns of a terminal that has room for more than one number beside the names.
const ROOMY: usize = 60;

/// A call stack is cut to so many frames where that makes room for one line more.
const FRAMES: usize = 5;

/// Draws on a terminal of a size that is asked for at each table.
#[derive(Debug)]
pub struct Screen {
    size: fn() -> Size,
    clock: LocalTime,
    /// Nothing that is on the screen is to be overwritten.
    is_foreign: bool,
}

impl Screen {
    /// Standard output's.
    #[must_use]
    pub fn new() -> Self {
        Self::of(|| width::size(io::stdout()))
    }

    fn of(size: fn() -> Size) -> Self {
        Self {
            size,
            clock: LocalTime::default(),
            is_foreign: true,
        }
    }

    /// As much of the table as fits.
    fn text(&mut self, interval: &Interval<'_>, size: Size) -> String {
        let all = interval.all();
        let lost = match all.lost.now {
            0 => String::new(),
            lost => format!(", {lost} of them lost"),
        };
        let head = format!(
            "{}  {} drops in {:.1} s, {:.1}/s{lost}; {} in all",
            self.clock.seconds(interval.time),
            all.drops.now,
            interval.period.as_secs_f64(),
            interval.rate(all.drops.now),
            all.drops.total,
        );
        let head = fill(&head, size.columns);
        // The last line of the terminal is the cursor's.
        let room = size.rows.saturating_sub(1);
        let all = interval.most.min(interval.lines.len()).min(room);
        let ways: Vec<Vec<String>> = interval.lines[..all].iter().map(way).collect();
        let draw = |most: usize, frames: usize| {
            let table = table(interval, &ways[..most], frames, size);
            format!("{head}\n{table}")
        };
        let fits = |text: &String| rows(text, size) <= room;
        // As many lines as there is room for with a few frames each, and of these as many frames.
        let most = (1..=all).rev().find(|most| fits(&draw(*most, FRAMES)));
        let most = most.unwrap_or(all.min(1));
        let longest = ways[..most].iter().map(Vec::len).max();
        let mut texts = (0..=longest.unwrap_or(0)).rev();
        let text = texts.find_map(|frames| Some(draw(most, frames)).filter(fits));
        text.unwrap_or_else(|| draw(0, 0))
    }
}

impl Default for Screen {
    fn default() -> Self {
        Self::new()
    }
}

/// The frames of a line's call stack, fit to print.
fn way(line: &Line<'_>) -> Vec<String> {
    let frames = line.stack.and_then(stack::frames).unwrap_or_default();
    let printable = |frame: String| into_printable(frame.into()).into_owned();
    frames.into_iter().map(printable).collect()
}

/// The first lines as a table, each with so many frames of its way below it.
fn table(interval: &Interval<'_>, ways: &[Vec<String>], frames: usize, size: Size) -> String {
    let (shown, left_out) = interval.lines.split_at(ways.len());
    let header = cells::header(interval);
    let mut counts = header.len() - cells::NAMES;
    let mut table = vec![header];
    table.extend(shown.iter().map(|line| cells::line(interval, line)));
    table.extend(cells::rest(interval, Sum::of(left_out)));
    if size.columns < ROOMY {
        for cells in &mut table {
            cells.drain(1..counts);
        }
        counts = 1;
    }
    let mut text = columns(&table, counts, None, Some(size.columns));
    // The first piece is the header.
    for (piece, way) in text.iter_mut().skip(1).zip(ways) {
        let (shown, more) = way.split_at(frames.min(way.len()));
        let more = (!more.is_empty()).then_some(MORE);
        for frame in shown.iter().map(String::as_str).chain(more) {
            piece.push_str("\n    ");
            piece.push_str(frame);
        }
    }
    text.join("\n")
}

/// How many rows of the terminal a text takes: what is longer than one goes on in the next.
fn rows(text: &str, size: Size) -> usize {
    let rows = |line| display_width(line).div_ceil(size.columns.max(1)).max(1);
    text.lines().map(rows).sum()
}

impl View for Screen {
    fn show(&mut self, out: &mut Vec<u8>, interval: &Interval<'_>) -> Result<()> {
        let size = (self.size)();
        if std::mem::take(&mut self.is_foreign) {
            // It goes up where one scrolls back to.
            out.extend(std::iter::repeat_n(b'\n', size.rows));
        }
        let text = self.text(interval, size);
        writeln!(out, "{CLEAR}{text}")?;
        Ok(())
    }

    fn disturbed(&mut self) {
        self.is_foreign = true;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::interval::order::Order;
    use crate::{enrich::rows::Place, interval::counts::Count};

    const LOCATION: &str = "__netif_receive_skb_core.constprop.0+0x821";

    fn places() -> Vec<Place> {
        let place = |number| Place {
            reason: Some("UNHANDLED_PROTO".to_owned()),
            location: LOCATION.to_owned(),
            interface: format!("eth{number}"),
            ..Place::default()
        };
        (0..30).map(place).collect()
    }

    fn drawn(screen: &mut Screen) -> String {
        drawn_with(screen, &places(), None)
    }

    fn drawn_with(screen: &mut Screen, places: &[Place], stack: Option<&str>) -> String {
        let line = |place| Line {
            place,
            device: None,
            address: 0,
            stack,
            drops: Count { now: 2, total: 4 },
            lost: Count::default(),
        };
        let interval = Interval {
            time: 0,
            period: Duration::from_secs(1),
            lines: places.iter().map(line).collect(),
            order: Order::default(),
            most: usize::MAX,
            may_lose: true,
            nested: Count::default(),
            uncounted: Count::default(),
        };
        let mut out = Vec::new();
        screen.show(&mut out, &interval).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// What is on a terminal of this size after it was drawn once: its rows, where the cursor went below the last one none.
    fn rows_of(drawn: &str, size: Size) -> Vec<String> {
        let (_, text) = drawn.split_once(CLEAR).unwrap();
        let mut rows = Vec::new();
        for line in text.strip_suffix('\n').unwrap().split('\n') {
            assert!(line.is_ascii());
            let mut rest = line;
            while rest.len() > size.columns {
                let (row, more) = rest.split_at(size.columns);
                rows.push(row.to_owned());
                rest = more;
            }
            rows.push(rest.to_owned());
        }
        assert!(rows.len() < size.rows, "it scrolls: {rows:#?}");
        rows
    }

    #[test]
    fn a_table_fits_any_terminal_and_tells_what_it_has_no_room_for() {
        for (columns, rows, size) in [
            (200, 24, || Size {
                columns: 200,
                rows: 24,
            }),
            (80, 24, || Size {
                columns: 80,
                rows: 24,
            }),
            (40, 24, || Size {
                columns: 40,
                rows: 24,
            }),
            (80, 10, || Size {
                columns: 80,
                rows: 10,
            }),
        ] as [(usize, usize, fn() -> Size); 4]
        {
            let drawn = drawn(&mut Screen::of(size));
            let on_screen = rows_of(&drawn, Size { columns, rows });
            let all = on_screen.join("\n");
            assert!(on_screen[0].contains("60 drops in 1.0 s"), "{all}");
            assert!(all.contains("eth0"), "{all}");
            let shown = all.matches("UNHANDLED_PROTO").count();
            assert!(
                all.contains(&format!("({} more kinds)", 30 - shown)),
                "{all}"
            );
            assert!(on_screen.len() + 4 >= rows, "there is room left: {all}");
        }
        let whole = drawn(&mut Screen::of(|| Size {
            columns: 200,
            rows: 50,
        }));
        assert!(
            !whole.contains("more kinds") && whole.contains("eth29"),
            "{whole}"
        );
        drawn(&mut Screen::of(|| Size {
            columns: 1,
            rows: 1,
        }));
    }

    #[test]
    fn call_stacks_are_cut_where_the_lines_would_have_no_room() {
        let frames: Vec<String> = (0..30).map(|frame| format!("frame_{frame}+0x1")).collect();
        let stack = stack::comment(&frames);
        let size: fn() -> Size = || Size {
            columns: 120,
            rows: 36,
        };
        // A line has one of its own, and one more says that its call stack goes on.
        for (lines, shown, frames) in [(1, 1, 30), (2, 2, 14), (3, 3, 9), (20, 4, 6)] {
            let drawn = drawn_with(&mut Screen::of(size), &places()[..lines], Some(&stack));
            let on_screen = rows_of(&drawn.replace(MORE, "more"), size());
            let all = on_screen.join("\n");
            assert_eq!(all.matches("UNHANDLED_PROTO").count(), shown, "{all}");
            assert_eq!(all.matches("frame_").count(), shown * frames, "{all}");
            let cut = if frames < 30 { shown } else { 0 };
            assert_eq!(all.matches("    more").count(), cut, "{all}");
        }
        let small: fn() -> Size = || Size {
            columns: 120,
            rows: 6,
        };
        let drawn = drawn_with(&mut Screen::of(small), &places()[..1], Some(&stack));
        assert_eq!(drawn.matches("frame_").count(), 1, "{drawn}");
    }

    #[test]
    fn only_what_was_drawn_is_drawn_over() {
        let mut screen = Screen::of(|| Size {
            columns: 80,
            rows: 24,
        });
        let scroll = "\n".repeat(24);
        assert!(drawn(&mut screen).starts_with(&scroll));
        assert!(drawn(&mut screen).starts_with(CLEAR));
        screen.disturbed();
        assert!(drawn(&mut screen).starts_with(&scroll));
        assert!(drawn(&mut screen).starts_with(CLEAR));
    }
}
