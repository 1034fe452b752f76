//! Says something on standard error, which may be gone: a recording outlives its terminal.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

/// Prints a line with droprec's name before it.
pub fn say(message: impl Display) {
    show(format_args!("droprec: {message}"));
}

/// Prints a line as it is.
pub fn show(text: impl Display) {
    // There is nobody to tell that there is nobody to tell.
    let _ = writeln!(io::stderr(), "{text}");
}
