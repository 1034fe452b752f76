//! The names of the hardware's traps, by the fingerprint that a record has in place of a location.

use std::fmt;

use aya::maps::{HashMap, MapData};
use droprec_ebpf::record::{TRAP_NAME, Trap};

use super::wire::Wire;
use crate::text::printable;

/// A trap of the hardware's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// What the driver, or devlink, calls it: `blackhole_route`.
    pub trap: String,
    /// And its group: `l3_drops`.
    pub group: String,
}

/// All that have reported; without a map there are none.
#[derive(Default)]
pub struct Traps(Option<HashMap<MapData, u64, Wire<Trap>>>);

impl Traps {
    /// Those that the kernel half keeps.
    #[must_use]
    pub fn new(map: HashMap<MapData, u64, Wire<Trap>>) -> Self {
        Self(Some(map))
    }

    /// What a trap is called; `None`: the kernel half had no place for more.
    #[must_use]
    pub fn of(&self, fingerprint: u64) -> Option<Names> {
        let Wire(Trap { name, group }) = self.0.as_ref()?.get(&fingerprint, 0).ok()?;
        Some(Names {
            trap: text(&name),
            group: text(&group),
        })
    }
}

impl fmt::Debug for Traps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Traps")
    }
}

/// A zero-padded name, fit to print: a driver may call its traps what it likes.
fn text(words: &[u64; TRAP_NAME / 8]) -> String {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
    let end = bytes.iter().position(|byte| *byte == 0);
    printable(&String::from_utf8_lossy(
        &bytes[..end.unwrap_or(bytes.len())],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trap_cannot_break_a_line_with_its_name() {
        let mut words = [0; TRAP_NAME / 8];
        words[0] = u64::from_ne_bytes(*b"a\nbb\x1b[2J");
        words[1] = u64::from_ne_bytes(*b"c\0behind");
        assert_eq!(text(&words), "a\\x0abb\\x1b[2Jc");
        assert_eq!(text(&[u64::from_ne_bytes([b'x'; 8]); 8]), "x".repeat(64));
    }
}
