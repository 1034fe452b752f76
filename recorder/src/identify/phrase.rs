//! The phrase that is being written, and how many packets within packets it has told of.

use std::{
    fmt::{Error, Result},
    ops::{Deref, DerefMut},
};

/// How many packets within packets are told of: tunnels in tunnels, and the packet that an ICMP error quotes.
/// This bounds the stack.
const LAYERS_MAX: u8 = 3;

/// So long may the phrase be for another packet to be told of, in octets. This bounds the phrase.
const LENGTH_MAX: usize = 200;

pub(crate) struct Phrase<'a> {
    text: &'a mut String,
    begin: usize,
    layers: u8,
}

impl<'a> Phrase<'a> {
    pub(crate) fn new(text: &'a mut String) -> Self {
        let begin = text.len();
        Self {
            text,
            begin,
            layers: 0,
        }
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
