//! `droprec explain`: prints what is known of a reason, a place, a frame, a number or a counter; without any, all names.
//!
//! It takes what people have before them: a name in any case, `function+offset`, `reason=…`, a line of droprec's, dropwatch's
//! or of the kernel's tracing. Nothing of it needs rights.

mod asked;
mod card;
mod columns;
mod counter;
mod here;
mod line;
mod list;
mod map;
mod martian;
pub(crate) mod near;
mod netstat;
mod noise;
mod number;
mod protocol;
mod said;
#[cfg(test)]
mod tests;

use std::io::{self, ErrorKind, Write as _};

use anyhow::{Context as _, Result};

use self::{asked::Asked, here::Here};
use crate::{
    read::output::stdout,
    report::{say::say, width},
};

/// Prints it. False: something that was asked for is not known.
pub fn run(words: &[String], json: bool) -> Result<bool> {
    if words.is_empty() {
        let text = if json {
            list::json()?
        } else {
            list::text(width::of_terminal(io::stdout()))
        };
        print(&text)?;
        return Ok(true);
    }
    let asked = Asked::of(words, &Here::default());
    let width = width::of(width::of_terminal(io::stdout()));
    let texts: Result<Vec<String>> = asked
        .cards
        .iter()
        .map(|card| {
            if json {
                Ok(serde_json::to_string(card)?)
            } else {
                Ok(card.text(width))
            }
        })
        .collect();
    let between = if json { "\n" } else { "\n\n" };
    let mut text = texts?.join(between);
    if !text.is_empty() {
        text.push('\n');
    }
    print(&text)?;
    for unknown in &asked.unknown {
        say(unknown);
    }
    Ok(asked.unknown.is_empty())
}

fn print(text: &str) -> Result<()> {
    let mut output = stdout()?;
    let written = output.write_all(text.as_bytes());
    match written.and_then(|()| output.flush()) {
        // Whoever read has read enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}
