//! The phrase that is being written, how many packets within packets it has told of, and what of the frame it cannot tell of.

use std::{
    fmt::{Error, Result},
    ops::{Deref, DerefMut},
};

/// How many packets within packets are told of: tunnels in tunnels, and the packet that an ICMP error quotes.
/// This bounds the stack.
const LAYERS_MAX: u8 = 3;

/// So long may the phrase be for another packet to be told of, in octets. This bounds the phrase.
const LENGTH_MAX: usize = 200;

/// What may be behind a packet in a frame, in octets: padding to the shortest frame of Ethernet, a checksum, a tag of PRP's.
const TRAILER_MAX: usize = 64;

pub(crate) struct Phrase<'a> {
    text: &'a mut String,
    begin: usize,
    layers: u8,
    /// How many octets of the frame's end were not captured; none once it is a packet's of which somebody else quotes but some.
    missing: Option<usize>,
}

impl<'a> Phrase<'a> {
    /// A phrase about `frame`, whose true length is `len`.
    pub(crate) fn new(text: &'a mut String, frame: &[u8], len: usize) -> Self {
        let begin = text.len();
        Self {
            text,
            begin,
            layers: 0,
            missing: Some(len.saturating_sub(frame.len())),
        }
    }

    /// How long what `rest` begins with can have been, since it goes on to the frame's end at most.
    pub(crate) fn length_max(&self, rest: &[u8]) -> usize {
        rest.len().saturating_add(self.missing.unwrap_or_default())
    }

    /// Whether `length` can be that of a packet which `rest` begins with: the frame has as much, and nothing behind it but what
    /// pads a frame or ends one.
    pub(crate) fn has_room(&self, rest: &[u8], length: usize) -> bool {
        let is_all = |whole: usize| whole <= length + TRAILER_MAX;
        match self.missing {
            Some(_) => length <= self.length_max(rest) && is_all(self.length_max(rest)),
            None => is_all(rest.len()),
        }
    }

    /// Goes on to a packet that was cut before it was put into the frame.
    pub(crate) fn inside_quoted(&mut self) -> Result {
        self.missing = None;
        self.inside()
    }

    /// Goes on to a packet within what has been described; the error ends the phrase where there are too many of them.
    pub(crate) fn inside(&mut self) -> Result {
        if self.layers == LAYERS_MAX || self.text.len() - self.begin > LENGTH_MAX {
            self.push_str(", more inside");
            return Err(Error);
        }
        self.layers += 1;
        self.push_str(", ");
        Ok(())
    }
}

impl Deref for Phrase<'_> {
    type Target = String;

    fn deref(&self) -> &String {
        self.text
    }
}

impl DerefMut for Phrase<'_> {
    fn deref_mut(&mut self) -> &mut String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    #[test]
    fn packets_within_packets_are_told_of_three_deep() {
        let header = "4500 0000 0000 0000 4004 0000 0a000001 0a000002";
        claim_ipv4(
            4,
            &header.repeat(40),
            "IPIP 10.0.0.1 > 10.0.0.2, IPIP 10.0.0.1 > 10.0.0.2, IPIP 10.0.0.1 > 10.0.0.2, IPIP 10.0.0.1 > 10.0.0.2, more inside",
        );
    }
}
