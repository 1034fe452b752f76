//! `droprec doctor`: what this kernel offers and lacks, a line each.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

use crate::{
    expression,
    kernel::{
        btf::Btf,
        checks::{self, Check, Outcome},
        debuginfo,
        trial::trial,
    },
    source::rests::Rests,
    text::printable,
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
        checks.push(lines());
    }
    checks.push(expressions());
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
    if let Some(rests) = outputs.and_then(|outputs| outputs.rests) {
        let name = "fragments";
        checks.push(match Rests::open(rests).lacks {
            None => Check::good(name, "packets are captured beyond what lies in one piece"),
            Some(error) => Check::poor(
                name,
                format!("packets are captured only as far as they lie in one piece: {error}"),
            ),
        });
    }
    checks
}

/// Whether call stacks tell of lines of source code.
fn lines() -> Check {
    let name = "lines";
    match debuginfo::file() {
        Ok(Some(file)) => {
            let file = file.display();
            Check::good(
                name,
                format!("call stacks have lines of source code, by {file}"),
            )
        }
        Ok(None) if cfg!(feature = "debuginfo") => Check::good(
            name,
            "call stacks have functions; with the kernel's debug information (Debian: linux-image-…-dbg, Fedora: \
             kernel-debuginfo) they have lines of source code too",
        ),
        Ok(None) => Check::good(
            name,
            "call stacks have functions; this build reads no debug information",
        ),
        Err(error) => Check::poor(name, error.to_string()),
    }
}

/// A recording of all drops does without them.
fn expressions() -> Check {
    let name = "expressions";
    match expression::authority() {
        Ok(library) => Check::good(name, printable(&library)),
        Err(error) => Check::poor(name, format!("there are none: {error:#}")),
    }
}

fn line(text: impl Display) {
    // A reader who has read enough misses nothing.
    let _ = writeln!(io::stdout(), "{text}");
}
