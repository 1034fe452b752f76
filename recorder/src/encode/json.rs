//! Findings as JSON Lines: an object a drop, with the keys of the file's second comment.
//!
//! Counts and indices are numbers. What is hexadecimal in the comment (`proto`, `mark`, `hash`), or may be two numbers (`gso`),
//! stays the string that it is there, so that one looks for the same in both.

use std::{
    borrow::Cow,
    collections::HashSet,
    io::{self, Write},
    iter,
};

use anyhow::Result;
use jiff::Timestamp;
use memchr::memchr_iter;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::Formatter;

use super::{Format, Statistics, lines::whole_lines};
use crate::{
    enrich::{Finding, devices::Device, pairs::pairs, sentence},
    logfmt, stack,
    text::{is_dangerous, is_plain},
};

/// So many keys are compared one by one, which is faster than to hash them.
const FEW: usize = 32;

/// Whether the value of a key is a number.
fn is_number(key: &str) -> bool {
    matches!(
        key,
        "v" | "ifindex"
            | "iif"
            | "netns"
            | "len"
            | "caplen"
            | "prio"
            | "queue"
            | "cpu"
            | "uid"
            | "sock"
            | "pid"
            | "drop_count"
    )
}

/// A drop, as an object tells of it.
struct Object<'a, P, C> {
    time: Option<u64>,
    sentence: Option<&'a str>,
    pairs: P,
    stack: Option<Vec<String>>,
    comments: C,
}

impl<'a, P, C> Serialize for Object<'a, P, C>
where
    P: Iterator<Item = (&'a str, Cow<'a, str>)> + Clone,
    C: Iterator<Item = Cow<'a, str>> + Clone,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let time = self.time.map(i128::from).map(Timestamp::from_nanosecond);
        if let Some(Ok(time)) = time {
            map.serialize_entry("time", &format_args!("{time:.9}"))?;
        }
        if let Some(sentence) = self.sentence {
            map.serialize_entry("sentence", sentence)?;
        }
        // A key that comes twice would mean one thing to one reader and another to the next.
        let mut told = Told::default();
        let own = ["time", "sentence", "stack", "comments"];
        for (key, value) in self.pairs.clone() {
            if own.contains(&key) || !told.is_new(key) {
                continue;
            }
            match value.parse::<u64>() {
                Ok(number) if is_number(key) => map.serialize_entry(key, &number)?,
                _ => map.serialize_entry(key, &value)?,
            }
        }
        if let Some(stack) = &self.stack {
            map.serialize_entry("stack", stack)?;
        }
        if self.comments.clone().next().is_some() {
            map.serialize_entry("comments", &Sequence(&self.comments))?;
        }
        map.end()
    }
}

/// The keys that an object has already. Most have few; of a hostile file's, that many are found as fast.
#[derive(Default)]
struct Told<'a> {
    few: Vec<&'a str>,
    many: HashSet<&'a str>,
}

impl<'a> Told<'a> {
    /// Adds a key. False: it was there.
    fn is_new(&mut self, key: &'a str) -> bool {
        if self.few.contains(&key) {
            return false;
        }
        if self.few.len() < FEW {
            self.few.push(key);
            return true;
        }
        self.many.insert(key)
    }
}

/// What comes one after the other, as an array.
struct Sequence<'a, I>(&'a I);

impl<I> Serialize for Sequence<'_, I>
where
    I: Iterator<Item: Serialize> + Clone,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

/// Writes what would move a terminal's cursor or turn its text as `\u202e` too, not only what JSON wants so.
struct Escaped;

impl Formatter for Escaped {
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if is_plain(fragment) {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(is_dangerous) {
            out.write_all(&rest.as_bytes()[..at])?;
            let mut characters = rest[at..].chars();
            // None of them takes more than 16 bits.
            let dangerous = characters.next().map_or(0, u32::from);
            write!(out, "\\u{dangerous:04x}")?;
            rest = characters.as_str();
        }
        out.write_all(rest.as_bytes())
    }
}

/// Writes a value, on a line of its own.
pub fn value(out: &mut impl Write, value: &impl Serialize) -> Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Escaped);
    // A file that takes nothing is told as what it is.
    value.serialize(&mut serializer).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// Writes the object of a drop. `time`: nanoseconds since 1970 UTC; `pairs`: those of its second comment, or what else is
/// known of it by the same keys; `stack`: its third comment;
/// `comments`: what others have written beside it.
pub fn object<'a>(
    out: &mut impl Write,
    time: Option<u64>,
    sentence: Option<&'a str>,
    pairs: impl Iterator<Item = (&'a str, Cow<'a, str>)> + Clone,
    stack: Option<&str>,
    comments: impl Iterator<Item = Cow<'a, str>> + Clone,
) -> Result<()> {
    value(
        out,
        &Object {
            time,
            sentence,
            pairs,
            stack: stack.and_then(stack::frames),
            comments,
        },
    )
}

/// Writes an object a drop.
#[derive(Debug, Default)]
pub struct Json {
    sentence: String,
    pairs: String,
}

impl Format for Json {
    fn begin(&mut self, _: &mut Vec<u8>, _: &str, _: &[Device]) -> Result<()> {
        Ok(())
    }

    fn finding(&mut self, out: &mut Vec<u8>, finding: &Finding<'_>, _: &[Device]) -> Result<()> {
        self.sentence.clear();
        self.sentence.extend(sentence(finding));
        self.pairs.clear();
        pairs(&mut self.pairs, finding);
        let pairs = logfmt::pairs(&self.pairs).unwrap_or_default();
        let time = Some(finding.event.time);
        let (sentence, stack) = (Some(self.sentence.as_str()), finding.stack);
        object(out, time, sentence, pairs, stack, iter::empty())
    }

    fn end(
        &mut self,
        _: &mut Vec<u8>,
        _: &[Device],
        _: &[Statistics],
        _: (u64, u64),
    ) -> Result<()> {
        Ok(())
    }

    fn whole(&self) -> fn(&[u8]) -> usize {
        whole_lines
    }

    fn findings(&self, output: &[u8]) -> usize {
        memchr_iter(b'\n', output).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(sentence: &str, comment: &str, comments: &[Cow<'_, str>]) -> String {
        let mut out = Vec::new();
        let pairs = logfmt::pairs(comment).unwrap();
        object(
            &mut out,
            Some(1_795_176_000_000_000_009),
            Some(sentence),
            pairs,
            None,
            comments.iter().cloned(),
        )
        .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_drop_is_one_line_with_its_time_its_sentence_and_its_pairs_in_their_order() {
        let comment =
            r#"droprec v=1 reason=NO_SOCKET ifindex=2 proto=0x0004 gso=1448 len=60 what="a \"b\"""#;
        assert_eq!(
            line("it was", comment, &[]),
            "{\"time\":\"2026-11-20T12:00:00.000000009Z\",\"sentence\":\"it was\",\"v\":1,\"reason\":\"NO_SOCKET\",\
             \"ifindex\":2,\"proto\":\"0x0004\",\"gso\":\"1448\",\"len\":60,\"what\":\"a \\\"b\\\"\"}\n"
        );
    }

    #[test]
    fn a_key_comes_once_whatever_a_file_says() {
        let out = line(
            "s",
            "droprec v=1 time=x sentence=y comments=z len=1 len=2 new=key",
            &[],
        );
        assert!(
            out.ends_with("\"sentence\":\"s\",\"v\":1,\"len\":1,\"new\":\"key\"}\n"),
            "{out}"
        );
    }

    #[test]
    fn each_of_many_keys_comes_once() {
        let keys = (0..100)
            .chain(0..101)
            .map(|number| format!("key{number}=x"));
        let comment = format!("droprec v=1 {}", keys.collect::<Vec<_>>().join(" "));
        let out = line("s", &comment, &[]);
        let read: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(
            read.as_object().map(serde_json::Map::len),
            Some(2 + 1 + 101)
        );
        assert_eq!(out.matches("\"key").count(), 101);
    }

    #[test]
    fn a_number_that_is_none_stays_what_it_is() {
        let out = line("s", "droprec v=1 len=many cpu=-1", &[]);
        assert!(out.ends_with("\"len\":\"many\",\"cpu\":\"-1\"}\n"), "{out}");
    }

    #[test]
    fn nothing_in_it_moves_a_terminal_and_all_of_it_is_read_back() {
        let hostile = "a\u{202e}b\u{9b}c\x1b[31m\u{7f}\n\"\\";
        let out = line(hostile, "droprec v=1 dev=\u{2066}", &[hostile.into()]);
        assert!(!out.trim_end().contains(is_dangerous), "{out}");
        let read: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(read["sentence"], hostile);
        assert_eq!(read["comments"][0], hostile);
        assert_eq!(read["dev"], "\u{2066}");
    }
}
