//! Who recorded a file, and where, as far as its sections say it.

use std::borrow::Cow;

use droprec_pcapng::read::Section;

use crate::text::into_printable;

/// Different answers that are kept of each kind: a file may be put together of many.
const MAX: usize = 4;
/// Bytes of an answer that are kept.
const MAX_LEN: usize = 256;

/// What the sections of a file say of their making. All texts are fit to print.
#[derive(Debug, Default)]
pub struct Origin {
    /// How many sections there are.
    pub sections: u64,
    /// The operating systems.
    pub systems: Vec<String>,
    /// The machines.
    pub machines: Vec<String>,
    /// The programs that wrote them.
    pub programs: Vec<String>,
}

impl Origin {
    /// Takes note of a section.
    pub fn section(&mut self, section: &Section<'_>) {
        self.sections += 1;
        note(&mut self.systems, section.os.as_ref());
        note(&mut self.machines, section.hardware.as_ref());
        note(&mut self.programs, section.application.as_ref());
    }
}

fn note(known: &mut Vec<String>, text: Option<&Cow<'_, str>>) {
    let Some(text) = text.map(|text| into_printable(text.as_ref().into())) else {
        return;
    };
    let text = &text[..text.floor_char_boundary(MAX_LEN)];
    if known.len() < MAX && !text.is_empty() && known.iter().all(|other| other != text) {
        known.push(text.to_owned());
    }
}
