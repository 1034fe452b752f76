//! Members of the kernel's objects that a program reads by one instruction each, as a compiler would that knew the running kernel.
//!
//! Such a load is compiled with where in [`Config`] the member's offset is, beyond any offset there is. The user half puts the
//! offset itself in before the program is loaded; or, for a member that the kernel lacks, an instruction that gives zero.

use crate::config::{ABSENT, Config};

/// Where [`Config`] begins among the offsets of instructions.
pub const BEGIN: usize = 0x7000;

const _: () = assert!(BEGIN + size_of::<Config>() <= i16::MAX as usize);

/// A load's code, whatever its size (`BPF_LDX | BPF_MEM`), and the bits of that size.
const LOAD: u8 = 0x61;
const SIZE: u8 = 0x18;
/// `BPF_ALU64 | BPF_MOV | BPF_K`
const MOVE: u64 = 0xb7;
/// The register that is loaded, among an instruction's bits.
const INTO: u64 = 0x0f00;
/// And the offset.
const OFFSET: u32 = 16;

/// An instruction as it is to be on a kernel, where it loads a member. `offsets`: [`Config::values`].
#[must_use]
pub fn resolve(instruction: u64, offsets: &[u32]) -> Option<u64> {
    let at = usize::from((instruction >> OFFSET) as u16).checked_sub(BEGIN)?;
    let is_load = instruction as u8 & !SIZE == LOAD && instruction >> 32 == 0;
    let offset = *offsets.get(at / size_of::<u32>()).filter(|_| is_load)?;
    if offset == ABSENT {
        return Some(MOVE | instruction & INTO);
    }
    let others = instruction & !(u64::from(u16::MAX) << OFFSET);
    Some(others | u64::from(offset) << OFFSET)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_loaded_from_its_offset_and_one_that_the_kernel_lacks_is_zero() {
        let offsets = [112, ABSENT, 200];
        for (compiled, resolved) in [
            // r3 = *(u32 *)(r1 + BEGIN)
            (0x7000_1361, Some(0x0070_1361)),
            // r3 = *(u64 *)(r9 + BEGIN + 8)
            (0x7008_9379, Some(0x00c8_9379)),
            // r5 = *(u16 *)(r1 + BEGIN + 4); r5 = 0
            (0x7004_1569, Some(0x05b7)),
        ] {
            assert_eq!(resolve(compiled, &offsets), resolved, "{compiled:#x}");
        }
    }

    #[test]
    fn nothing_else_is_changed() {
        let offsets = [112, ABSENT, 200];
        for other in [
            // A load from before and one from behind it, a store, an addition, and what is no instruction.
            0x6ff8_1361,
            0x700c_1361,
            0x7000_1363,
            0x7000_130f,
            0x1_7000_1361,
        ] {
            assert_eq!(resolve(other, &offsets), None, "{other:#x}");
        }
    }
}
