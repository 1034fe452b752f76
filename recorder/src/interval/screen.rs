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
    stack,
    text::into_printable,
};

/// Takes the cursor to the first column of the first line, and away what is on the screen (ECMA-48, CUP and ED).
const CLEAR: &str = "\x1b[H\x1b[J";

/// Columns of a terminal that has room for more than one number beside the names.
const ROOMY: usize = 60;

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
        let lines: Vec<&Line<'_>> = interval.lines.iter().collect();
        // The last line of the terminal is the cursor's.
        let room = size.rows.saturating_sub(1);
        let mut most = interval.most.min(lines.len()).min(room);
        loop {
            let (shown, left_out) = lines.split_at(most);
            let table = table(interval, shown, Sum::of(left_out.iter().copied()), size);
            let text = format!("{head}\n{table}");
            if most == 0 || rows(&text, size) <= room {
                return text;
            }
            most -= 1;
        }
    }
}

impl Default for Screen {
    fn default() -> Self {
        Self::new()
    }
}

/// Lines as a table, each with its call stack below it.
fn table(interval: &Interval<'_>, lines: &[&Line<'_>], left_out: Sum, size: Size) -> String {
    let header = cells::header(interval);
    let mut counts = header.len() - cells::NAMES;
    let mut table = vec![header];
    table.extend(lines.iter().map(|line| cells::line(interval, line)));
    table.extend(cells::rest(interval, left_out));
    if size.columns < ROOMY {
        for cells in &mut table {
            cells.drain(1..counts);
        }
        counts = 1;
    }
    let mut text = columns(&table, counts, None, Some(size.columns));
    // The first piece is the header.
    for (piece, line) in text.iter_mut().skip(1).zip(lines) {
        for frame in line.stack.and_then(stack::frames).unwrap_or_default() {
            piece.push_str("\n    ");
            piece.push_str(&into_printable(frame.into()));
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
        let places = places();
        let line = |place| Line {
            place,
            device: None,
            address: 0,
            stack: None,
            drops: Count { now: 2, total: 4 },
            lost: Count::default(),
        };
        let interval = Interval {
            time: 0,
            period: Duration::from_secs(1),
            lines: places.iter().map(line).collect(),
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
