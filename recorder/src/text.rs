//! Makes text from elsewhere fit for a terminal and a file: names of interfaces, processes and files are anyone's choice.

use std::{borrow::Cow, fmt::Write as _};

use memchr::{memchr, memchr2, memchr3};

/// Tells characters that move the cursor, change colours, or turn the direction of what follows.
#[must_use]
pub fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `text` on a single line, with what is dangerous as `\x1b` or `\u{202e}`.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // Writing to a String cannot fail.
        let _ = match c {
            c if !is_dangerous(c) => out.write_char(c),
            c if c.is_ascii() => write!(out, "\\x{:02x}", u32::from(c)),
            c => write!(out, "\\u{{{:x}}}", u32::from(c)),
        };
    }
    out
}

/// There is nothing in `text` but printable ASCII characters; looked at many at a time.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    let is_plain = |is_plain, byte| is_plain & matches!(byte, b' '..=b'~');
    text.bytes().fold(true, is_plain)
}

/// As [`printable`], without a copy where nothing is dangerous.
#[must_use]
pub fn into_printable(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_plain(&text) || !text.contains(is_dangerous) {
        return text;
    }
    Cow::Owned(printable(&text))
}

/// Appends a value of logfmt: as it is, or quoted with `\"` and `\\` when it has a space, quote, backslash or `=`.
pub fn logfmt(out: &mut String, value: &str) {
    let bytes = value.as_bytes();
    let is_plain = !value.is_empty()
        && memchr3(b' ', b'"', b'=', bytes)
            .or(memchr(b'\\', bytes))
            .is_none();
    if is_plain {
        out.push_str(value);
    } else {
        quoted(out, value);
    }
}

/// Appends a value of logfmt with quotes around it.
pub fn quoted(out: &mut String, value: &str) {
    out.push('"');
    let mut rest = value;
    while let Some(at) = memchr2(b'"', b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push('\\');
        out.push_str(&rest[at..=at]);
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

/// `text` as one word of the shell.
#[must_use]
pub fn shell_word(text: &str) -> Cow<'_, str> {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-' | b'+');
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.into();
    }
    format!("'{}'", text.replace('\'', r"'\''")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_of_the_shell_whatever_is_in_it() {
        assert_eq!(shell_word("/usr/bin/droprec-0.1"), "/usr/bin/droprec-0.1");
        assert_eq!(shell_word("/o'brien/a $b"), r"'/o'\''brien/a $b'");
        assert_eq!(shell_word(""), "''");
    }

    #[test]
    fn an_escape_code_is_shown_and_not_obeyed() {
        assert_eq!(printable("eth\x1b[31m0"), "eth\\x1b[31m0");
        assert_eq!(
            printable("a\nb\u{9b}c\u{202e}d"),
            "a\\x0ab\\u{9b}c\\u{202e}d"
        );
    }

    #[test]
    fn a_value_is_quoted_only_where_it_must_be() {
        let quoted = |value| {
            let mut out = String::new();
            logfmt(&mut out, value);
            out
        };
        assert_eq!(quoted("eth0"), "eth0");
        assert_eq!(quoted("STP BPDU"), "\"STP BPDU\"");
        assert_eq!(quoted("e\"\\ = x"), "\"e\\\"\\\\ = x\"");
        assert_eq!(quoted(""), "\"\"");
    }
}
