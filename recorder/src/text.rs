//! Makes text from elsewhere fit for a terminal and a file: names of interfaces, processes and files are anyone's choice.

use std::fmt::Write as _;

/// Characters that move the cursor, change colours, or turn the direction of what follows.
fn is_dangerous(c: char) -> bool {
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

/// Appends a value of logfmt: as it is, or quoted with `\"` and `\\` when it has a space, quote, backslash or `=`.
pub fn logfmt(out: &mut String, value: &str) {
    let is_plain = !value.is_empty()
        && !value
            .bytes()
            .any(|byte| matches!(byte, b' ' | b'"' | b'=' | b'\\'));
    if is_plain {
        out.push_str(value);
        return;
    }
    out.push('"');
    let mut rest = value;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\')) {
        out.push_str(&rest[..at]);
        out.push('\\');
        out.push_str(&rest[at..=at]);
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

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
