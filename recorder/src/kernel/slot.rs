//! Puts the program of an expression into its slot in the kernel half, before that is loaded.

use anyhow::{Context as _, Result};
use droprec_ebpf::{
    OBJECT,
    expression::{MARK, SLOT},
};

/// The kernel half with a program in its slot.
pub(super) struct Filled(Vec<u64>);

impl Filled {
    /// `program`: as long as the slot.
    pub(super) fn with(program: &[u64]) -> Result<Self> {
        let (chunks, rest) = OBJECT.as_chunks();
        let mut words: Vec<u64> = chunks
            .iter()
            .map(|chunk| u64::from_ne_bytes(*chunk))
            .collect();
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        words.push(u64::from_ne_bytes(last));
        find(&mut words)
            .filter(|slot| slot.len() == program.len())
            .context("the kernel half has no slot for an expression")?
            .copy_from_slice(program);
        Ok(Self(words))
    }

    /// It as it would be in a file.
    pub(super) fn object(&self) -> &[u8] {
        // SAFETY: each byte of an integer is one.
        let (_, bytes, _) = unsafe { self.0.align_to() };
        &bytes[..OBJECT.len()]
    }
}

/// The slot's instructions.
fn find(words: &mut [u64]) -> Option<&mut [u64]> {
    let begin = words.windows(MARK.len()).position(|words| words == MARK)?;
    words.get_mut(begin..begin + SLOT)
}

#[cfg(test)]
mod tests {
    use droprec_ebpf::expression::PLACEHOLDER;

    use super::*;

    #[test]
    fn the_kernel_half_has_one_slot_of_instructions_that_do_nothing() {
        let mut before = Filled::with(&vec![0; SLOT]).expect("there is a slot");
        assert!(find(&mut before.0).is_none());
        assert_eq!(before.object().len(), OBJECT.len());

        let (chunks, _) = OBJECT.as_chunks();
        let mut words: Vec<u64> = chunks
            .iter()
            .map(|chunk| u64::from_ne_bytes(*chunk))
            .collect();
        let slot = find(&mut words).expect("there is a slot");
        let others = &slot[MARK.len()..];
        assert!(others.iter().all(|instruction| *instruction == PLACEHOLDER));
    }
}
