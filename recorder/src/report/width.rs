//! How many columns there are to print to, and how text is filled into them.

use std::os::fd::AsFd;

use rustix::termios::tcgetwinsize;
use textwrap::{Options, WordSplitter};

/// Of what goes elsewhere than to a terminal.
const ELSEWHERE: usize = 100;
/// Longer lines are hard to read, shorter ones are no lines.
const LONGEST: usize = 120;
const SHORTEST: usize = 40;

/// Of a terminal that does not tell its size.
const USUAL: Size = Size {
    columns: 80,
    rows: 24,
};

/// The columns of a line of text for a person, at a terminal of so many, or elsewhere.
#[must_use]
pub fn of(terminal: Option<usize>) -> usize {
    match terminal {
        None => ELSEWHERE,
        Some(columns) => columns.clamp(SHORTEST, LONGEST),
    }
}

/// The columns of a terminal. `None`: it is none.
pub fn of_terminal(stream: impl AsFd) -> Option<usize> {
    let columns = tcgetwinsize(stream).ok()?.ws_col;
    (columns != 0).then(|| usize::from(columns))
}

/// The size of a terminal, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Of a line.
    pub columns: usize,
    /// Lines.
    pub rows: usize,
}

/// The size of a terminal. One that does not tell, such as a serial line, is taken for the usual one.
pub fn size(stream: impl AsFd) -> Size {
    let size = tcgetwinsize(stream).ok();
    let told = |told: u16, usual| if told == 0 { usual } else { usize::from(told) };
    Size {
        columns: told(size.map_or(0, |size| size.ws_col), USUAL.columns),
        rows: told(size.map_or(0, |size| size.ws_row), USUAL.rows),
    }
}

/// How text is filled into lines of so many columns: a command, a counter or a path is never cut, so that it can be copied.
#[must_use]
pub fn filled<'a>(columns: usize) -> Options<'a> {
    Options::new(columns)
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation)
}
