//! Lays cells out in columns, as far as a terminal has room for them side by side.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, presets::NOTHING};
use textwrap::{core::display_width, fill};

use super::width::filled;

/// Lines of cells, the first of which is the header, as text for a terminal of so many columns, or for elsewhere: piece by piece,
/// and where there are no remarks, a piece for each line. `counts`: as many of the first cells are numbers. `remark`: columns of
/// the terminal that the last cell takes at least, as it is a remark on all else, and goes below it where there are fewer.
#[must_use]
pub fn columns(
    lines: &[Vec<String>],
    counts: usize,
    remark: Option<usize>,
    terminal: Option<usize>,
) -> Vec<String> {
    let widths = widths(lines);
    let beside = widths.len() - usize::from(remark.is_some());
    let beside: usize = widths[..beside].iter().map(|width| width + 2).sum();
    match terminal {
        Some(columns) if columns < beside + remark.unwrap_or(0) => {
            narrow(lines, counts, remark.is_some(), &widths, columns)
        }
        _ => wide(lines, counts, terminal),
    }
}

/// What stands in the place of the lines that are not shown.
#[must_use]
pub fn more_kinds(count: usize) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("({count} more kind{plural})")
}

/// The widest cell of each column, in columns of a terminal.
fn widths(lines: &[Vec<String>]) -> Vec<usize> {
    let mut widths = Vec::new();
    for line in lines {
        widths.resize(line.len(), 0);
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = display_width(cell).max(*width);
        }
    }
    widths
}

/// A line each; the last column goes on in further lines, so that each line of the table is one of the terminal's.
fn wide(lines: &[Vec<String>], counts: usize, terminal: Option<usize>) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_header(lines.first().cloned().unwrap_or_default());
    table.add_rows(lines.iter().skip(1).cloned());
    for column in table.column_iter_mut().take(counts) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    if let Some(columns) = terminal {
        let last = table.column_count().saturating_sub(1);
        table.set_width(u16::try_from(columns).unwrap_or(u16::MAX));
        table.set_content_arrangement(ContentArrangement::Dynamic);
        for column in table.column_iter_mut().take(last) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.trim_fmt().lines().map(str::to_owned).collect()
}

/// The remark is below all else, which the terminal has too few columns for side by side. A name that is longer than a line
/// is not cut, so that it can be copied.
fn narrow(
    lines: &[Vec<String>],
    counts: usize,
    has_remark: bool,
    widths: &[usize],
    columns: usize,
) -> Vec<String> {
    let head = |line: &[String]| -> String {
        let cells = line.iter().zip(widths).take(counts);
        let cells = cells.map(|(cell, width)| format!(" {cell:>width$} "));
        cells.chain([" ".to_owned()]).collect()
    };
    let piece = |line: &Vec<String>| {
        let head = head(line);
        let indent = " ".repeat(display_width(&head));
        let below = filled(columns)
            .initial_indent(&indent)
            .subsequent_indent(&indent);
        let (place, remark) = line.split_at(line.len() - usize::from(has_remark));
        let place = match (place.get(counts..), widths.get(counts)) {
            (Some([reason, place @ ..]), Some(&width)) => {
                format!("{reason:<width$}  {}", place.join("  "))
            }
            _ => String::new(),
        };
        let mut piece = fill(place.trim_end(), below.clone().initial_indent(&head));
        for remark in remark.iter().filter(|remark| !remark.is_empty()) {
            piece.push('\n');
            piece.push_str(&fill(remark, &below));
        }
        piece
    };
    lines.iter().map(piece).collect()
}
