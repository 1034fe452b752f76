//! Any text is read as logfmt as far as it is, and any values that are written as logfmt are read again.
//!
//! An input is a text: behind `droprec v=1` it is a line; its own lines are values.

use std::{fmt::Write as _, iter::once};

use droprec::{
    logfmt::{Pairs, pairs, stack},
    text::{into_printable, is_dangerous, logfmt, printable},
};

const BEGINNING: &str = "droprec v=1";

pub(crate) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let _ = (pairs(&text), stack(&text));
    read(&format!("{BEGINNING}{text}"));
    written(text.split('\n'));
    written(once(&*text));

    let printed = printable(&text);
    assert!(!printed.contains(is_dangerous), "{printed:?}");
    assert_eq!(into_printable(text), printed);
}

/// What is read of a line and written again is read again.
fn read(line: &str) {
    let read = pairs(line).expect("it begins so");
    let mut again = "droprec".to_owned();
    for (key, value) in read.clone() {
        assert!(
            !key.is_empty() && !key.contains([' ', '"', '\\', '=']),
            "{key:?}"
        );
        write!(again, " {key}=").expect("a String takes all");
        logfmt(&mut again, &value);
    }
    let again = pairs(&again).expect("it begins so");
    assert!(read.clone().eq(again), "{line:?}");

    let from = read.from_len();
    assert!(read.text().ends_with(from.text()), "{line:?}");
    let expected: Vec<_> = read.skip_while(|(key, _)| *key != "len").collect();
    // Where it is not among the pairs, it may stand behind what ends them.
    if !expected.is_empty() {
        assert!(from.eq(expected), "{line:?}");
    }
}

fn written<'a>(values: impl Iterator<Item = &'a str> + Clone) {
    let mut line = BEGINNING.to_owned();
    for (index, value) in values.clone().enumerate() {
        write!(line, " k{index}=").expect("a String takes all");
        logfmt(&mut line, value);
    }
    let mut read: Pairs<'_> = pairs(&line).expect("it begins so");
    assert_eq!(read.next(), Some(("v", "1".into())));
    for (index, value) in values.enumerate() {
        assert_eq!(
            read.next(),
            Some((&*format!("k{index}"), value.into())),
            "{line:?}"
        );
    }
    assert_eq!(read.text(), "", "{line:?}");
}
