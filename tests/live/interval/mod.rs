//! `--interval`: tables of what is dropped, whose sums are what was sent.

mod beside_a_file;
mod forms;
mod judged;
mod names;
mod terminal;
mod truth;
mod ways;

use std::process::{Command, Stdio};

use droprec_testbed::{Droprec, until};
use serde_json::Value;

use crate::DROPREC;

/// A droprec that shows tables of JSON, with further arguments.
struct Tables(Droprec);

impl Tables {
    fn start(arguments: &[&str]) -> Self {
        Self(Droprec::start(DROPREC, &[&["--json"], arguments].concat()))
    }

    /// The tables so far.
    fn so_far(&self) -> Vec<Value> {
        parsed(&self.0.stdout())
    }

    /// Waits until the tables have so many drops of a kind. Whether they have is for the test to see at the end.
    fn wait_for(&self, drops: u64, wanted: impl Fn(&Value) -> bool) {
        until(|| (sum(&self.so_far(), &wanted) >= drops).then_some(()));
    }
}

/// Tables of JSON, one a line; the last one may be on its way.
pub(crate) fn parsed(text: &str) -> Vec<Value> {
    let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
    let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    whole.lines().map(parse).collect()
}

pub(crate) fn number(of: &Value, key: &str) -> u64 {
    of[key]
        .as_u64()
        .unwrap_or_else(|| panic!("{key} is no number: {of}"))
}

fn rows(table: &Value) -> &[Value] {
    table["rows"].as_array().expect("a table has rows")
}

/// How many drops all tables have in rows of a kind.
pub(crate) fn sum(tables: &[Value], wanted: impl Fn(&Value) -> bool) -> u64 {
    let rows = tables.iter().flat_map(rows).filter(|row| wanted(row));
    rows.map(|row| number(row, "count")).sum()
}

/// A droprec with these arguments and standard output.
fn spawn(arguments: &[&str], stdout: impl Into<Stdio>) -> Droprec {
    let mut command = Command::new(DROPREC);
    command.args(arguments);
    let mut droprec = Droprec::spawn(command, stdout.into());
    droprec.wait_until_ready();
    droprec
}
