//! The table at the end: location × reason × interface, with counts.

use comfy_table::{CellAlignment, Table, presets::NOTHING};

use crate::enrich::{devices::Devices, rows::Rows};

/// Lines that it has at most; the rest is one more.
const MAX_LINES: usize = 40;

/// The table as text, without a line break at its end. `None`: nothing was dropped.
#[must_use]
pub fn table(rows: &Rows, devices: &Devices) -> Option<String> {
    let rows = rows.by_count();
    if rows.is_empty() {
        return None;
    }
    // Losses are a column only where there are any.
    let with_lost = rows.iter().any(|row| row.lost > 0);
    let mut table = Table::new();
    table.load_style(NOTHING);
    let mut header = vec!["drops"];
    if with_lost {
        header.push("of these lost");
    }
    header.extend(["reason", "location", "interface"]);
    table.set_header(header);
    let line = |read: u64, lost: u64, rest: [String; 3]| {
        let mut cells = vec![(read + lost).to_string()];
        if with_lost {
            cells.push(lost.to_string());
        }
        cells.extend(rest);
        cells
    };
    for row in rows.iter().take(MAX_LINES) {
        let reason = row.reason.clone().unwrap_or_else(|| "-".to_owned());
        table.add_row(line(
            row.read,
            row.lost,
            [
                reason,
                row.location.clone(),
                devices.get(row.device).label.clone(),
            ],
        ));
    }
    let rest = rows.get(MAX_LINES..).unwrap_or_default();
    if !rest.is_empty() {
        let read = rest.iter().map(|row| row.read).sum();
        let lost = rest.iter().map(|row| row.lost).sum();
        table.add_row(line(
            read,
            lost,
            [
                format!("({} more kinds)", rest.len()),
                String::new(),
                String::new(),
            ],
        ));
    }
    for column in table.column_iter_mut().take(1 + usize::from(with_lost)) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    Some(table.trim_fmt())
}
