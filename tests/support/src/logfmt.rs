//! Reads a line of logfmt, strictly: what droprec writes must be what it means.

use std::collections::BTreeMap;

/// The pairs of `droprec v=1 reason=X what="STP BPDU"`, by their keys. Anything else panics.
#[must_use]
pub fn pairs(line: &str) -> BTreeMap<String, String> {
    let mut rest = line
        .strip_prefix("droprec")
        .unwrap_or_else(|| panic!("does not begin with droprec: {line}"));
    let mut pairs = BTreeMap::new();
    while !rest.is_empty() {
        let (key, value, after) =
            pair(rest).unwrap_or_else(|| panic!("no logfmt from {rest:?} on: {line}"));
        let earlier = pairs.insert(key.to_owned(), value);
        assert_eq!(earlier, None, "{key} comes twice: {line}");
        rest = after;
    }
    pairs
}

/// One pair with the space before it, and what comes after it.
fn pair(text: &str) -> Option<(&str, String, &str)> {
    let (key, value) = text.strip_prefix(' ')?.split_once('=')?;
    if key.is_empty() || key.contains([' ', '"', '\\']) {
        return None;
    }
    let Some(quoted) = value.strip_prefix('"') else {
        let (value, after) = value.split_at(value.find(' ').unwrap_or(value.len()));
        let is_plain = !value.is_empty() && !value.contains(['"', '=', '\\']);
        return is_plain.then(|| (key, value.to_owned(), after));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    loop {
        match characters.next()? {
            (at, '"') => return Some((key, value, &quoted[at + 1..])),
            (_, '\\') => value.push(characters.next().map(|(_, escaped)| escaped)?),
            (_, plain) => value.push(plain),
        }
    }
}
