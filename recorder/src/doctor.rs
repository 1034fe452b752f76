//! `droprec doctor`: what this kernel offers and lacks, a line each.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

use crate::{
    kernel::{
        btf::Btf,
        checks::{self, Check, Outcome},
        trial::trial,
    },
    source::rests::Rests,
};

/// Prints every check. True: a recording can start.
#[must_use]
pub fn run() -> bool {
    let btf = checks::read_btf();
    let mut checks = checks::all(&btf);
    if let Ok(btf) = &btf
        && can_start(&checks)
    {
        checks.extend(tried(btf));
    }
    for check in &checks {
        let mark = match check.outcome {
            Outcome::Good => "ok",
            Outcome::Poor => "poor",
            Outcome::Missing => "MISSING",
        };
        line(format_args!("{mark:<8}{:<14}{}", check.name, check.finding));
    }
    let can_record = can_start(&checks);
    line(if can_record {
        "A recording can start."
    } else {
        "A recording cannot start."
    });
    can_record
}

fn can_start(checks: &[Check]) -> bool {
    checks.iter().all(|check| check.outcome != Outcome::Missing)
}

/// What is known only when the kernel half is loaded.
fn tried(btf: &Btf) -> Vec<Check> {
    let (mut checks, outputs) = trial(btf);
    if let Some(outputs) = outputs {
        let name = "fragments";
        checks.push(match Rests::open(outputs.rests).lacks {
            None => Check::good(name, "packets are captured beyond what lies in one piece"),
            Some(error) => Check::poor(
                name,
                format!("packets are captured only as far as they lie in one piece: {error}"),
            ),
        });
    }
    checks
}

fn line(text: impl Display) {
    // A reader who has read enough misses nothing.
    let _ = writeln!(io::stdout(), "{text}");
}
