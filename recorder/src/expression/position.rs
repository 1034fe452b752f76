//! Where an expression is wrong. libpcap does not tell; but it tells what is wrong with the beginning of an expression, so
//! that the first word can be found with which it says the same.

use std::ops::Range;

/// A word that libpcap's scanner has a complaint of its own about, when it comes to it: an address that is cut short.
const STUMBLING: &str = " 1:2:3:4:5";
/// No expression at all.
const SENSELESS: &str = "and";

/// The place of the word, in bytes; one that is empty: what is missing at the end. `message`: what libpcap says of the whole.
/// `ask`: what it says of another. `None`: it cannot be found.
pub(super) fn find(
    text: &str,
    message: &str,
    ask: impl Fn(&str) -> Option<String>,
) -> Option<Range<usize>> {
    let says = |text: &str| ask(text).is_some_and(|said| said == message);
    // Of a beginning, too, it says that the syntax is wrong. But of something whose syntax is right up to the word that it
    // stumbles at, it complains of that.
    let is_syntax = says(SENSELESS);
    if is_syntax && says(STUMBLING) {
        return None;
    }
    let words = words(text);
    let end = text.trim_end().len();
    let wrong = words.into_iter().find(|word| {
        let beginning = &text[..word.end];
        if is_syntax {
            says(&format!("{beginning}{STUMBLING}"))
        } else {
            says(beginning)
        }
    });
    Some(wrong.unwrap_or(end..end))
}

/// The words of an expression: what stands between spaces, and signs by themselves. Signs within a word are left in it where
/// an address or a name may have them.
fn words(text: &str) -> Vec<Range<usize>> {
    let is_sign = |c: char| "()[]!<>=&|^%*/+~,;\"'".contains(c);
    let mut words = Vec::new();
    let mut rest = 0;
    while let Some(begin) = text[rest..].find(|c: char| !c.is_whitespace()) {
        let begin = rest + begin;
        let is_end = |c: char| c.is_whitespace() || is_sign(c);
        let len = match text[begin..].find(is_end) {
            Some(0) => text[begin..].chars().next().map_or(1, char::len_utf8),
            Some(len) => len,
            None => text.len() - begin,
        };
        words.push(begin..begin + len);
        rest = begin + len;
    }
    words
}
