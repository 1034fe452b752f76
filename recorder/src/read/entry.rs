//! A packet of a file, and what the file says of it.

use std::{borrow::Cow, fmt::Write as _};

use droprec_pcapng::{
    Direction, Flags,
    read::{CommentsIter, Packet},
};

use super::interfaces::Interface;
use crate::{
    identify::{
        self,
        flow::{self, Flow},
    },
    logfmt::{self, Pairs},
    text::into_printable,
};

/// A packet of a file.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Nanoseconds since 1970 UTC, where the file has it.
    pub time: Option<u64>,
    /// The interface that it was seen at.
    pub interface: &'a Interface,
    /// What droprec said of it, where droprec recorded it.
    pub told: Option<Told<'a>>,
    /// The comment with its call stack, where it has one: the next behind what droprec said.
    pub stack: Option<Cow<'a, str>>,
    /// How many comments stand before droprec's, or how many there are without.
    before: usize,
    /// Those that stand behind droprec's.
    behind: CommentsIter<'a>,
    packet: &'a Packet<'a>,
}

/// What droprec said of a packet.
#[derive(Debug)]
pub struct Told<'a> {
    sentence: Option<Cow<'a, str>>,
    pairs: Cow<'a, str>,
}

impl<'a> Entry<'a> {
    /// What is known of a packet.
    #[must_use]
    pub fn of(packet: &'a Packet<'a>, interface: &'a Interface) -> Self {
        let (mut told, mut sentence) = (None, None);
        let mut before = 0;
        let mut behind = packet.comments.iter();
        for comment in behind.by_ref() {
            if logfmt::pairs(&comment).is_some() {
                before -= usize::from(sentence.is_some());
                let pairs = comment;
                told = Some(Told { sentence, pairs });
                break;
            }
            sentence = Some(comment);
            before += 1;
        }
        let mut next = behind.clone();
        let stack = match &told {
            Some(_) => next.next().filter(|next| logfmt::stack(next).is_some()),
            None => None,
        };
        if stack.is_some() {
            behind = next;
        }
        Self {
            time: packet.timestamp,
            interface,
            told,
            stack,
            before,
            behind,
            packet,
        }
    }

    /// The bytes of it that are there, and how many it had on the wire.
    #[must_use]
    pub fn bytes(&self) -> (&'a [u8], u32) {
        (self.packet.data, self.packet.original_len)
    }

    /// The comments that are not droprec's. They are read as they are asked for: there is no end of how many a packet has.
    pub fn comments(&self) -> impl Iterator<Item = Cow<'a, str>> + Clone {
        let before = self.packet.comments.iter().take(self.before);
        before.chain(self.behind.clone())
    }

    /// How many more were lost, between the one before it at its interface and itself, where the file tells of any.
    #[must_use]
    pub fn lost_before(&self) -> Option<u64> {
        self.packet.dropcount.filter(|count| *count > 0)
    }

    /// The packet's true length.
    #[must_use]
    pub fn true_len(&self) -> u32 {
        let told = self.told.as_ref().and_then(Told::len);
        told.unwrap_or(self.packet.original_len)
    }

    /// How many of its bytes are there, where that is not all.
    #[must_use]
    pub fn caplen(&self) -> Option<Cow<'static, str>> {
        let captured = self.packet.data.len();
        let is_cut = (captured as u64) < u64::from(self.true_len());
        is_cut.then(|| captured.to_string().into())
    }

    /// Its sentence, fit to print. `text`: a place for it, if it has to be made.
    pub fn sentence<'t>(&'t self, text: &'t mut String) -> Cow<'t, str> {
        let told = self.told.as_ref().and_then(Told::sentence);
        if let Some(sentence) = told {
            return into_printable(sentence.into());
        }
        text.clear();
        self.describe(text);
        let name = self.interface.name.as_str();
        let direction = self.direction().unwrap_or_default();
        let space = if name.is_empty() || direction.is_empty() {
            ""
        } else {
            " "
        };
        if !name.is_empty() || !direction.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(text, " ({name}{space}{direction})");
        }
        text.as_str().into()
    }

    /// Which way it went, by the key's value.
    fn direction(&self) -> Option<&'static str> {
        match self.packet.flags.and_then(Flags::direction)? {
            Direction::Inbound => Some("in"),
            Direction::Outbound => Some("out"),
        }
    }

    /// Appends what the frame is, by its bytes.
    pub fn describe(&self, out: &mut String) {
        let Packet {
            data, original_len, ..
        } = *self.packet;
        identify::describe_link_type(out, self.interface.link_type, data, original_len);
    }

    /// The link type of its interface, and its bytes.
    #[must_use]
    pub fn frame(&self) -> (u32, &'a [u8]) {
        (self.interface.link_type, self.packet.data)
    }

    /// Between whom it went.
    #[must_use]
    pub fn flow(&self) -> Option<Flow> {
        let Packet {
            data, original_len, ..
        } = *self.packet;
        flow::of(self.interface.link_type, data, original_len)
    }

    /// What is known of a packet that droprec did not record, by the keys that it would have.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&str, Cow<'_, str>)> {
        let mut what = String::new();
        self.describe(&mut what);
        let mut pairs = Vec::new();
        if !self.interface.name.is_empty() {
            pairs.push(("dev", self.interface.name.as_str().into()));
        }
        if let Some(direction) = self.direction() {
            pairs.push(("dir", direction.into()));
        }
        pairs.push(("len", self.true_len().to_string().into()));
        if let Some(caplen) = self.caplen() {
            pairs.push(("caplen", caplen));
        }
        if let Some(queue) = self.packet.queue {
            pairs.push(("queue", queue.to_string().into()));
        }
        pairs.push(("what", what.into()));
        pairs
    }
}

impl Told<'_> {
    /// All that it said.
    #[must_use]
    pub fn pairs(&self) -> Pairs<'_> {
        logfmt::pairs(&self.pairs).unwrap_or_default()
    }

    /// The comment that has the pairs, fit to print.
    #[must_use]
    pub fn comment(&self) -> Cow<'_, str> {
        into_printable(self.pairs.as_ref().into())
    }

    /// The sentence as it stands in the file.
    #[must_use]
    pub fn sentence(&self) -> Option<&str> {
        self.sentence.as_deref()
    }

    fn len(&self) -> Option<u32> {
        self.own().next()?.1.parse().ok()
    }

    /// The beginning of the comment, which drops of a kind have in common.
    #[must_use]
    pub fn kind(&self) -> &str {
        let own = self.own().text().len();
        &self.pairs[..self.pairs.len() - own]
    }

    /// The pairs that are this drop's own: from `len` on.
    #[must_use]
    pub fn own(&self) -> Pairs<'_> {
        self.pairs().from_len()
    }
}
