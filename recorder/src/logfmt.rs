//! Reads a line of logfmt as `droprec v=1 reason=NO_SOCKET what="STP BPDU"`; [`crate::text::logfmt`] writes its values.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memmem};

/// The pairs of a line, in their order, as far as they are well-formed.
#[derive(Clone, Debug, Default)]
pub struct Pairs<'a>(&'a str);

/// The pairs of a comment that droprec wrote for programs; `None`: it is another one.
#[must_use]
pub fn pairs(comment: &str) -> Option<Pairs<'_>> {
    let pairs = comment.strip_prefix("droprec")?;
    pairs.starts_with(" v=").then_some(Pairs(pairs))
}

/// The call stack in the comment that droprec wrote of it; `None`: it is another one.
#[must_use]
pub fn stack(comment: &str) -> Option<Cow<'_, str>> {
    let mut pairs = Pairs(comment.strip_prefix("droprec")?);
    let (key, stack) = pairs.next()?;
    (key == "stack").then_some(stack)
}

impl<'a> Pairs<'a> {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Cow<'a, str>> {
        self.clone()
            .find(|(other, _)| *other == key)
            .map(|(_, value)| value)
    }

    /// The pairs from `len` on, none if it is not there: before it stands what drops of a kind have in common.
    #[must_use]
    pub fn from_len(&self) -> Self {
        // Where nothing before it is quoted, it is no part of a value.
        let at = memmem::find(self.0.as_bytes(), b" len=");
        let at = at.filter(|at| memchr(b'"', &self.0.as_bytes()[..*at]).is_none());
        if let Some(at) = at {
            return Self(&self.0[at..]);
        }
        let mut pairs = self.clone();
        loop {
            let rest = pairs.clone();
            match pairs.next() {
                Some(("len", _)) => return rest,
                Some(_) => {}
                None => return Self::default(),
            }
        }
    }

    /// They as they are written.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.0
    }

    /// What an interface is called where its namespace is another's, by the key of its name: `eth0@web`, `eth0@4026532000`.
    pub fn labels(&self, key: &str) -> impl Iterator<Item = String> {
        let namespaces = ["netns_name", "netns"].into_iter();
        namespaces.filter_map(move |of| Some(format!("{}@{}", self.get(key)?, self.get(of)?)))
    }

    /// The value of a key, where it is a number.
    #[must_use]
    pub fn number<T: std::str::FromStr>(&self, key: &str) -> Option<T> {
        self.get(key)?.parse().ok()
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a str, Cow<'a, str>);

    fn next(&mut self) -> Option<Self::Item> {
        let text = std::mem::take(&mut self.0).strip_prefix(' ')?;
        let (key, value) = text.split_at(memchr(b'=', text.as_bytes())?);
        if key.is_empty() || key.bytes().any(|byte| matches!(byte, b' ' | b'"' | b'\\')) {
            return None;
        }
        let value = &value[1..];
        if let Some(quoted) = value.strip_prefix('"') {
            let (value, rest) = unquote(quoted)?;
            self.0 = rest;
            return Some((key, value));
        }
        let end = memchr(b' ', value.as_bytes()).unwrap_or(value.len());
        let (value, rest) = value.split_at(end);
        self.0 = rest;
        Some((key, Cow::Borrowed(value)))
    }
}

/// What stands before the closing quote, and what comes after it.
fn unquote(quoted: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut value = Cow::Borrowed("");
    let mut rest = quoted;
    loop {
        let at = memchr2(b'"', b'\\', rest.as_bytes())?;
        let (plain, mark) = rest.split_at(at);
        if value.is_empty() {
            value = Cow::Borrowed(plain);
        } else {
            value.to_mut().push_str(plain);
        }
        if let Some(after) = mark.strip_prefix('"') {
            return Some((value, after));
        }
        let mut escaped = mark[1..].chars();
        value.to_mut().push(escaped.next()?);
        rest = escaped.as_str();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::logfmt;

    fn read(comment: &str) -> Vec<(&str, String)> {
        let pairs = pairs(comment).expect("droprec's own");
        pairs
            .map(|(key, value)| (key, value.into_owned()))
            .collect()
    }

    #[test]
    fn plain_and_quoted_values_are_read() {
        let line = r#"droprec v=1 reason=X what="STP BPDU" comm="a \"b\" \\c" last="#;
        let expected = [
            ("v", "1"),
            ("reason", "X"),
            ("what", "STP BPDU"),
            ("comm", r#"a "b" \c"#),
            ("last", ""),
        ];
        assert_eq!(
            read(line),
            expected.map(|(key, value)| (key, value.to_owned()))
        );
    }

    #[test]
    fn what_is_written_is_read_back() {
        for value in [
            "",
            "plain",
            "two words",
            "\"",
            "\\",
            "a=b",
            "\\\"\\ \"",
            "λ=\"µ\"",
        ] {
            let mut line = "droprec v=1 before=x key=".to_owned();
            logfmt(&mut line, value);
            line.push_str(" after=y");
            let pairs = pairs(&line).expect("droprec's own");
            assert_eq!(pairs.get("key").as_deref(), Some(value), "{line}");
            assert_eq!(pairs.get("after").as_deref(), Some("y"), "{line}");
        }
    }

    #[test]
    fn the_pairs_from_the_length_on_begin_with_it_and_with_no_value_that_looks_like_it() {
        for line in [
            "droprec v=1 caplen=9 len=2 cpu=1",
            "droprec v=1 dev=\"a len=3\" len=2 cpu=1",
            "droprec v=1 len=2 cpu=1",
        ] {
            let pairs = pairs(line).expect("droprec's own").from_len();
            assert_eq!(pairs.text(), " len=2 cpu=1", "{line}");
        }
        for line in [
            "droprec v=1",
            "droprec v=1 dev=\" len=3\"",
            "droprec v=1 caplen=3",
        ] {
            let pairs = pairs(line).expect("droprec's own").from_len();
            assert_eq!(pairs.text(), "", "{line}");
        }
    }

    #[test]
    fn what_is_not_well_formed_ends_the_pairs() {
        for line in [
            "droprec v=1  two=spaces",
            "droprec v=1 \"quoted\"=key",
            "droprec v=1 =value",
            "droprec v=1 word",
            "droprec v=1 open=\"and never closed",
            "droprec v=1 open=\"\\",
            "droprec v=1 ",
        ] {
            assert_eq!(read(line), [("v", "1".to_owned())], "{line}");
        }
    }

    #[test]
    fn others_comments_have_none() {
        for comment in [
            "",
            "droprec",
            "droprecv=1",
            "droprec stack=\"a;b\"",
            "a droprec v=1",
        ] {
            assert!(pairs(comment).is_none(), "{comment}");
        }
    }
}
