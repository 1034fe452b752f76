//! An expression that is wrong, and where.

use std::{
    fmt::{self, Display, Formatter},
    ops::Range,
};

use textwrap::core::display_width;

use super::position;
use crate::text::printable;

/// What libpcap says of an expression that it does not take.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong {
    text: String,
    message: String,
    /// Of the word that libpcap does not take, in bytes.
    place: Option<Range<usize>>,
}

impl Wrong {
    /// `message`: libpcap's. `ask`: what it says of another expression, if that is wrong too.
    pub(super) fn new(text: &str, message: &str, ask: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            text: text.to_owned(),
            message: message.to_owned(),
            place: position::find(text, message, ask),
        }
    }

    /// On a single line.
    #[must_use]
    pub fn line(&self) -> String {
        let message = printable(&self.message);
        match self.place.clone().map(|place| printable(&self.text[place])) {
            None => message,
            Some(word) if word.is_empty() => format!("{message}, at the end"),
            Some(word) => format!("{message}, at \"{word}\""),
        }
    }
}

impl Display for Wrong {
    /// libpcap's message, and under it the line of the expression with the word marked.
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "wrong expression: {}", printable(&self.message))?;
        let Some(place) = &self.place else {
            return Ok(());
        };
        let begin = self.text[..place.start].rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[place.end..]
            .find('\n')
            .map_or(self.text.len(), |at| place.end + at);
        let [before, word, behind] = [begin..place.start, place.clone(), place.end..end]
            .map(|part| printable(&self.text[part]));
        let (indent, width) = (display_width(&before), display_width(&word).max(1));
        write!(
            out,
            "\n    {before}{word}{behind}\n    {:indent$}{:^>width$}",
            "", ""
        )
    }
}

impl std::error::Error for Wrong {}
