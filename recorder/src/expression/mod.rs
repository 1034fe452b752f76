//! Expressions of pcap-filter(7): which packets they select, by libpcap's own word.
//!
//! `libpcap` compiles one for packets of each link type; [`translation`] makes of that what the kernel half can run; where
//! one is wrong, `position` finds the place, and [`wrong`] shows it.

mod assembler;
#[cfg_attr(not(feature = "libpcap"), path = "without_libpcap.rs")]
mod libpcap;
mod position;
#[cfg(all(test, feature = "libpcap"))]
mod tests;
pub mod translation;
pub mod wrong;

use std::{
    collections::BTreeMap,
    fmt::{self, Debug, Formatter},
};

use anyhow::{Context as _, Result};

use self::{
    libpcap::{Libpcap, Program},
    translation::{Obstacle, Translation, translate},
    wrong::Wrong,
};

/// Who knows what expressions mean, or why there are none.
pub fn authority() -> Result<String> {
    Ok(Libpcap::load()?.version())
}

/// A compiled expression.
pub struct Expression {
    text: String,
    libpcap: Libpcap,
    /// By link type; or what libpcap says of it, where it makes no sense for that.
    programs: BTreeMap<u32, Result<Program, String>>,
    /// A place for packets that are in pieces.
    packet: Vec<u8>,
}

impl Expression {
    /// Compiles an expression, for packets of the first of these link types that it makes sense for. If there is none, it is
    /// [`Wrong`].
    pub fn compile(text: &str, link_types: &[u32]) -> Result<Self> {
        let mut this = Self {
            text: text.to_owned(),
            libpcap: Libpcap::load().context("there are no expressions here")?,
            programs: BTreeMap::new(),
            packet: Vec::new(),
        };
        for link_type in link_types {
            if this.learn(*link_type).is_none() {
                return Ok(this);
            }
        }
        let first = link_types.first();
        match first.and_then(|link_type| this.wrong(*link_type)) {
            Some(wrong) => Err(wrong.into()),
            None => Ok(this),
        }
    }

    /// What is wrong with it, where it makes no sense for packets of a link type that it knows.
    #[must_use]
    pub fn wrong(&self, link_type: u32) -> Option<Wrong> {
        let complaint = self.programs.get(&link_type)?.as_ref().err()?;
        let ask = |text: &str| self.libpcap.compile(text, link_type).err();
        Some(Wrong::new(&self.text, complaint, ask))
    }

    /// Compiles it for packets of a link type, by its number in files, unless it is. What is given is libpcap's complaint
    /// where it makes no sense for these: then it selects none.
    pub fn learn(&mut self, link_type: u32) -> Option<&str> {
        let (libpcap, text) = (&self.libpcap, &self.text);
        let program = self.programs.entry(link_type);
        let program = program.or_insert_with(|| libpcap.compile(text, link_type));
        program.as_ref().err().map(String::as_str)
    }

    fn program(&self, link_type: u32) -> Option<&Program> {
        self.programs.get(&link_type)?.as_ref().ok()
    }

    /// Whether it selects a packet of a link type that it knows. `len`: how many bytes the packet has on the wire.
    pub fn selects(&mut self, link_type: u32, pieces: [&[u8]; 2], len: u32) -> bool {
        let mut packet = std::mem::take(&mut self.packet);
        let bytes = match pieces {
            [[], whole] => whole,
            [header, rest] => {
                packet.clear();
                packet.extend_from_slice(header);
                packet.extend_from_slice(rest);
                &packet
            }
        };
        let is_selected = self
            .program(link_type)
            .is_some_and(|program| program.selects(bytes, len));
        self.packet = packet;
        is_selected
    }

    /// For the kernel half, if that can run it on packets of this link type.
    pub fn translated(&self, link_type: u32) -> Result<Translation, Obstacle> {
        let program = self.program(link_type);
        translate(program.map_or(&[], Program::instructions))
    }
}

impl Debug for Expression {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Expression").field(&self.text).finish()
    }
}
