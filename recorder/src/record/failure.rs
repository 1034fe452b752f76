//! What there is to say where a file cannot be written, and what to do about it.

use std::io::{Error, ErrorKind};

use super::closing::Closing;
use crate::sink::writeback::Lost;

/// The first thing to try, for a sentence.
pub(super) fn remedy(error: &Error) -> &'static str {
    const DISK: &str = "see what the kernel says of the disk (dmesg)";
    let lost = Lost::of(error);
    let cause = lost.map_or(error, |lost| &lost.cause);
    match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room",
        _ if lost.is_some() => DISK,
        ErrorKind::NotFound | ErrorKind::NotADirectory => "put its directory back",
        // It is not the kernel that says so, but droprec.
        ErrorKind::PermissionDenied if cause.raw_os_error().is_none() => {
            "remove what others have put there"
        }
        ErrorKind::ResourceBusy if cause.raw_os_error().is_none() => "end the other one",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "let its directory be written; one that was made anew is another"
        }
        ErrorKind::FileTooLarge => "raise the limit of a file's size (ulimit -f)",
        _ => DISK,
    }
}

/// What is said of a file of a flight recorder that so many packets are in, and of what became of the others. `is_whole`: it has
/// its books too.
pub(super) fn message(
    name: &str,
    error: &Error,
    closing: &Closing,
    packets: u64,
    is_whole: bool,
) -> String {
    let remedy = remedy(error);
    let (others, what_to_do) = match (closing.kept, closing.lost) {
        (kept @ 1.., 0) => (
            Some((kept, "stay in memory for the next file")),
            format!("{remedy}; SIGUSR2 and the end write it"),
        ),
        (_, lost) => (
            Some((lost, "are lost")).filter(|(lost, _)| *lost > 0),
            format!("{remedy}, or choose another place with -w"),
        ),
    };
    if !closing.is_begun {
        let all = others.map_or("its books are in no file".to_owned(), |(count, fate)| {
            format!("all {count} packets {fate}")
        });
        return format!("cannot write {name}: {error}; {all}: {what_to_do}");
    }
    let others = others.map_or(String::new(), |(count, fate)| {
        format!("; the other {count} {fate}")
    });
    let without = if is_whole { "" } else { ", without its books" };
    if Lost::of(error).is_some() {
        return format!("{error}; {packets} packets were written{without}{others}: {what_to_do}");
    }
    format!(
        "cannot write {name} to its end: {error}; {packets} packets are in it{without}{others}: {what_to_do}"
    )
}
