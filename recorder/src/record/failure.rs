//! What to do where a file cannot be written.

use std::io::{Error, ErrorKind};

/// The first thing to try, for a sentence.
pub(super) fn remedy(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => "make its directory again",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "let its directory be written"
        }
        ErrorKind::FileTooLarge => "raise the limit of a file's size (ulimit -f)",
        _ => "make room",
    }
}
