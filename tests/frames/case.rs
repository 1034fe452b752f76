//! A kind of frame, and what of tshark's words about it droprec must say too.

use crate::bytes::octets;

/// The link type of most cases.
pub(crate) const ETHERNET: u16 = 1;

#[derive(Debug)]
pub(crate) struct Case {
    /// What it was made as.
    pub(crate) name: &'static str,
    pub(crate) link_type: u16,
    pub(crate) frame: Vec<u8>,
    /// The true length, where the frame was cut.
    pub(crate) len: u32,
    /// tshark's field, the value that it has here, and droprec's words for it.
    pub(crate) means: Vec<(&'static str, &'static str, &'static str)>,
    /// Why they differ, and who is right.
    pub(crate) differs: Option<&'static str>,
    /// Who published the capture that it is from.
    pub(crate) source: Option<&'static str>,
}

/// A frame of Ethernet, in hexadecimal digits.
pub(crate) fn case(name: &'static str, frame: &str) -> Case {
    let frame = octets(frame);
    Case {
        name,
        link_type: ETHERNET,
        len: frame.len() as u32,
        frame,
        means: Vec::new(),
        differs: None,
        source: None,
    }
}

impl Case {
    /// Of another link.
    pub(crate) fn of(mut self, link_type: u16) -> Self {
        self.link_type = link_type;
        self
    }

    /// Where tshark has `value` in `field`, droprec has `words`.
    pub(crate) fn means(
        mut self,
        field: &'static str,
        value: &'static str,
        words: &'static str,
    ) -> Self {
        self.means.push((field, value, words));
        self
    }

    /// The two differ.
    pub(crate) fn differs(mut self, why: &'static str) -> Self {
        self.differs = Some(why);
        self
    }

    /// Padded with zeros to the shortest frame of Ethernet.
    pub(crate) fn padded(mut self) -> Self {
        self.frame.resize(60, 0);
        self.len = 60;
        self
    }

    /// The first octets of a frame of this length.
    pub(crate) fn first_of(mut self, len: u32) -> Self {
        self.len = len;
        self
    }

    /// Only this much of it was kept.
    pub(crate) fn cut_to(mut self, caplen: usize) -> Self {
        assert!(caplen < self.frame.len(), "{} is not cut", self.name);
        self.frame.truncate(caplen);
        self
    }

    /// Where the capture is published.
    pub(crate) fn published(mut self, source: &'static str) -> Self {
        self.source = Some(source);
        self
    }
}
