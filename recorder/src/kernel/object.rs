//! The kernel half as it is compiled, with the instructions that only this machine and this user can tell.

use anyhow::{Context as _, Result};
use droprec_ebpf::{
    OBJECT, cast,
    expression::{MARK, SLOT},
    lane::Lane,
    member,
};

/// `include/uapi/linux/bpf.h`
const BPF_MAP_TYPE_ARRAY: u32 = 2;
const BPF_F_MMAPABLE: u32 = 1 << 10;

/// The kernel half, before it is loaded.
#[derive(Clone)]
pub(super) struct Object(Vec<u64>);

impl Object {
    /// It as it is compiled.
    pub(super) fn compiled() -> Self {
        let (chunks, rest) = OBJECT.as_chunks();
        let mut words: Vec<u64> = chunks
            .iter()
            .map(|chunk| u64::from_ne_bytes(*chunk))
            .collect();
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        words.push(u64::from_ne_bytes(last));
        Self(words)
    }

    /// Puts the program of an expression into its slot. `program`: as long as that.
    pub(super) fn fill(&mut self, program: &[u64]) -> Result<()> {
        self.slot()
            .filter(|slot| slot.len() == program.len())
            .context("the kernel half has no slot for an expression")?
            .copy_from_slice(program);
        Ok(())
    }

    /// The slot's instructions.
    fn slot(&mut self) -> Option<&mut [u64]> {
        let mut marks = self.0.windows(MARK.len());
        let begin = marks.position(|words| words == MARK)?;
        self.0.get_mut(begin..begin + SLOT)
    }

    /// Has it call the kernel function of that number where it casts.
    pub(super) fn cast_by(&mut self, function: u32) {
        let calls = self.0.iter_mut().filter(|word| **word == cast::CALL);
        calls.for_each(|word| *word = cast::call_of(function));
    }

    /// Has it load members from where this kernel keeps them. `offsets`: [`Config::values`], whose places its loads name.
    ///
    /// [`Config::values`]: droprec_ebpf::config::Config::values
    pub(super) fn resolve(&mut self, offsets: &[u32]) {
        for word in &mut self.0 {
            *word = member::resolve(*word, offsets).unwrap_or(*word);
        }
    }

    /// Makes each lane longer by so many bytes than its type is.
    pub(super) fn lengthen_lanes(&mut self, bytes: u32) {
        let size = size_of::<Lane>() as u32;
        // A map as it is told of in its section (`bpf_map_def`, from its type to its flags).
        let map = [BPF_MAP_TYPE_ARRAY, 4, size, 1, BPF_F_MMAPABLE];
        let half = |index: usize| (self.0[index / 2] >> (index % 2 * 32)) as u32;
        let is_here = |begin: &usize| (0..map.len()).all(|index| half(begin + index) == map[index]);
        let halves = 2 * self.0.len();
        if let Some(begin) = (0..halves - map.len()).find(is_here) {
            let at = begin + 2;
            self.0[at / 2] += u64::from(bytes) << (at % 2 * 32);
        }
    }

    /// It as it would be in a file.
    pub(super) fn bytes(&self) -> &[u8] {
        // SAFETY: each byte of an integer is one.
        let (_, bytes, _) = unsafe { self.0.align_to() };
        &bytes[..OBJECT.len()]
    }
}

#[cfg(test)]
mod tests {
    use std::mem::offset_of;

    use droprec_ebpf::{config::Config, expression::PLACEHOLDER};

    use super::*;

    /// Values of a configuration.
    const VALUES: usize = size_of::<Config>() / size_of::<u32>();

    #[test]
    fn the_kernel_half_has_one_slot_of_instructions_that_do_nothing() {
        let mut object = Object::compiled();
        assert_eq!(object.bytes(), OBJECT);
        let slot = object.slot().expect("there is a slot");
        let others = &slot[MARK.len()..];
        assert!(others.iter().all(|instruction| *instruction == PLACEHOLDER));

        object.fill(&vec![0; SLOT]).expect("there is a slot");
        assert!(object.slot().is_none());
        assert_eq!(object.bytes().len(), OBJECT.len());
    }

    #[test]
    fn wherever_it_casts_it_calls_the_kernel_function_of_that_number_and_nothing_else_changes() {
        let compiled = Object::compiled();
        let mut object = compiled.clone();
        object.cast_by(0x1234);
        let words = compiled.0.iter().zip(&object.0);
        let differ: Vec<_> = words.filter(|(before, after)| before != after).collect();
        let casts = compiled.0.iter().filter(|word| **word == cast::CALL);
        assert_eq!(differ.len(), casts.count());
        assert!(differ.contains(&(&cast::CALL, &0x1234_0000_2085)));
        assert!(differ.windows(2).all(|two| two[0] == two[1]), "{differ:x?}");
    }

    #[test]
    fn wherever_it_loads_a_member_it_has_the_offset_of_this_kernel_and_nothing_else_changes() {
        let compiled = Object::compiled();
        let mut object = compiled.clone();
        object.resolve(&[0x123; VALUES]);
        let words = compiled.0.iter().zip(&object.0);
        let differ: Vec<_> = words.filter(|(before, after)| before != after).collect();
        assert!(differ.len() > 100, "{differ:x?}");
        for (before, after) in differ {
            let at = *before >> 16;
            let members = offset_of!(Config, skb_len)..size_of::<Config>();
            assert!(
                members.contains(&(at as usize - member::BEGIN)),
                "{before:x}"
            );
            assert_eq!(*after, before ^ (at ^ 0x123) << 16);
        }
        object.resolve(&[0x456; VALUES]);
        let is_resolved = |word: &u64| member::resolve(*word, &[0; VALUES]).is_none();
        assert!(object.0.iter().all(is_resolved));
    }

    #[test]
    fn a_lane_is_made_as_much_longer_as_is_asked_for_and_nothing_else() {
        let compiled = Object::compiled();
        let mut object = compiled.clone();
        object.lengthen_lanes(0x1_0000);
        let bytes = compiled.bytes().iter().zip(object.bytes());
        let differ: Vec<_> = bytes.filter(|(before, after)| before != after).collect();
        let size = size_of::<Lane>();
        assert_eq!(
            differ,
            [(&((size >> 16) as u8), &(((size + 0x1_0000) >> 16) as u8))]
        );
    }
}
