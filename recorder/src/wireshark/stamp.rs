//! A last line that tells whether a file is as droprec wrote it, whichever droprec that was.

use std::{fs, io, path::Path};

/// What stands in the place of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing.
    Missing,
    /// What this droprec would write.
    Current,
    /// What another droprec wrote.
    Outdated,
    /// What somebody has changed, or made.
    Changed,
}

/// The text with its last line, which begins like a comment of its language.
pub(super) fn stamped(text: &str, comment: &str) -> String {
    let (version, sum) = (env!("CARGO_PKG_VERSION"), sum(text));
    format!(
        "{text}{comment} Written by droprec {version}; changed, it is left alone. Checksum {sum}\n"
    )
}

/// What stands in the place of a file that is to be `wanted`.
pub(super) fn state(path: &Path, wanted: &str) -> io::Result<State> {
    let found = match fs::read(path) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::Missing),
        Err(error) => return Err(error),
    };
    Ok(if found == wanted.as_bytes() {
        State::Current
    } else if std::str::from_utf8(&found).is_ok_and(is_unchanged) {
        State::Outdated
    } else {
        State::Changed
    })
}

fn is_unchanged(found: &str) -> bool {
    let Some(lines) = found.strip_suffix('\n') else {
        return false;
    };
    let start = lines.rfind('\n').map_or(0, |at| at + 1);
    let (text, last) = found.split_at(start);
    last.contains(" Written by droprec ") && last.ends_with(&format!(" Checksum {}\n", sum(text)))
}

fn sum(text: &str) -> String {
    let mut sum = flate2::Crc::new();
    sum.update(text.as_bytes());
    format!("{:08x}", sum.sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_droprec_wrote_is_told_from_what_somebody_changed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let wanted = stamped("a\nb\n", "#");
        assert_eq!(state(&path, &wanted).unwrap(), State::Missing);
        let earlier = stamped("a\n", "#").replace(env!("CARGO_PKG_VERSION"), "0.0.1");
        for (found, expected) in [
            (wanted.clone(), State::Current),
            (earlier, State::Outdated),
            (wanted.replace("a\n", "c\n"), State::Changed),
            (format!("{wanted}c\n"), State::Changed),
            (wanted.trim_end().to_owned(), State::Changed),
            ("a\nb\n".to_owned(), State::Changed),
            (String::new(), State::Changed),
        ] {
            fs::write(&path, &found).unwrap();
            assert_eq!(state(&path, &wanted).unwrap(), expected, "{found}");
        }
    }
}
