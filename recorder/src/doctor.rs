//! `droprec doctor`: what this kernel offers and lacks, a line each.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

use crate::kernel::checks::{self, Outcome};

/// Prints every check. True: a recording can start.
#[must_use]
pub fn run() -> bool {
    let checks = checks::all(&checks::read_btf());
    for check in &checks {
        let mark = match check.outcome {
            Outcome::Good => "ok",
            Outcome::Poor => "poor",
            Outcome::Missing => "MISSING",
        };
        line(format_args!("{mark:<8}{:<14}{}", check.name, check.finding));
    }
    let can_record = checks.iter().all(|check| check.outcome != Outcome::Missing);
    line(if can_record {
        "A recording can start."
    } else {
        "A recording cannot start."
    });
    can_record
}

fn line(text: impl Display) {
    // A reader who has read enough misses nothing.
    let _ = writeln!(io::stdout(), "{text}");
}
