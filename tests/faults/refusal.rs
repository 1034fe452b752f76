//! What a droprec that cannot record has to say.

use std::{fs, path::Path};

use droprec_testbed::Ended;

/// Demands status 1 and one line that has these words, what is wrong and what to do about it, and nothing besides.
pub(crate) fn must_have_refused(ended: &Ended, words: &[&str]) {
    assert_eq!(
        ended.status.code(),
        Some(1),
        "{}: {}",
        ended.command,
        ended.stderr
    );
    assert!(
        ended.stdout.is_empty(),
        "{} printed {:?}",
        ended.command,
        ended.stdout
    );
    let lines: Vec<&str> = ended.stderr.lines().collect();
    let [line] = lines[..] else {
        panic!("{}: not one line: {}", ended.command, ended.stderr);
    };
    let message = line.strip_prefix("droprec: ");
    let message =
        message.unwrap_or_else(|| panic!("{} says, not as itself: {line}", ended.command));
    for word in words {
        assert!(
            message.contains(word),
            "{}: no {word:?} in: {message}",
            ended.command
        );
    }
}

/// Demands that a directory is as empty as it was.
pub(crate) fn must_have_left_nothing(directory: &Path) {
    let entries = fs::read_dir(directory).expect("a directory of the test's own");
    let names: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .collect();
    assert!(names.is_empty(), "left behind: {names:?}");
}
