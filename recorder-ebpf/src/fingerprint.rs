//! A call stack's fingerprint: a number that stands for its addresses, as a record has no place for all of them.

use crate::record::MAX_FRAMES;

/// Where it begins: 2^64 by the golden ratio, for want of a better number. Odd, so that to multiply by it loses nothing.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// The fingerprint of the addresses up to the first zero, at most [`MAX_FRAMES`]. Never 0.
///
/// Of a million stacks, two have the same with a chance of one in twenty millions.
#[must_use]
#[inline(always)]
pub fn of(address: impl Fn(usize) -> u64) -> u64 {
    let mut fingerprint = SEED;
    let mut index = 0;
    while index < MAX_FRAMES {
        let next = address(index);
        if next == 0 {
            break;
        }
        // Either step can be undone, so stacks that differ in one address alone differ in the end.
        fingerprint = (fingerprint ^ next).wrapping_mul(SEED);
        fingerprint ^= fingerprint >> 32;
        index += 1;
    }
    fingerprint | 1
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::{collections::HashSet, vec::Vec};

    use super::*;

    const RETURN: u64 = 0xffff_ffff_8100_0000;

    fn of_all(addresses: &[u64]) -> u64 {
        of(|index| addresses.get(index).copied().unwrap_or(0))
    }

    #[test]
    fn stacks_that_differ_in_an_address_their_order_or_their_depth_have_other_fingerprints() {
        let stack: Vec<u64> = (0..20).map(|frame| RETURN + 0x40 * frame).collect();
        let mut others = Vec::from([stack.clone()]);
        for frame in 0..20 {
            for bit in 0..24 {
                let mut other = stack.clone();
                other[frame] ^= 1 << bit;
                others.push(other);
            }
            others.push(stack[..frame].to_vec());
            let mut other = stack.clone();
            other.swap(frame, (frame + 1) % 20);
            others.push(other);
        }
        let fingerprints: HashSet<u64> = others.iter().map(|stack| of_all(stack)).collect();
        // Which a zero among the addresses would be, too.
        assert_eq!(fingerprints.len(), others.len());
        assert!(!fingerprints.contains(&0));
    }

    #[test]
    fn half_a_million_stacks_that_are_much_alike_have_as_many_fingerprints() {
        let mut fingerprints = HashSet::new();
        for outer in 0..800 {
            for inner in 0..625 {
                let stack = [RETURN + 16 * inner, RETURN + 64, RETURN + 16 * outer];
                assert!(fingerprints.insert(of_all(&stack)), "{outer} {inner}");
            }
        }
    }

    #[test]
    fn what_is_behind_the_end_of_a_stack_does_not_count() {
        assert_eq!(of_all(&[RETURN, 0, 1]), of_all(&[RETURN, 0, 2]));
        let deep = [RETURN; MAX_FRAMES + 1];
        assert_eq!(of_all(&deep), of_all(&deep[..MAX_FRAMES]));
    }
}
