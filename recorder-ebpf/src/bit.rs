//! Truth by arithmetic, without branches.
//!
//! The verifier follows both ways of every branch, with what it knows of each value there. A dozen decisions that rest on
//! each other are thousands of ways, which it took a quarter of a second to go.

use core::ops::{BitAnd, BitOr, Not};

/// An instruction whose meaning the compiler does not know: it would make a branch of it.
macro_rules! hidden {
    ($instruction:literal, $number:expr, $elsewhere:expr) => {{
        #[cfg(target_arch = "bpf")]
        {
            let mut number: u64 = $number;
            // SAFETY: it changes a register of its own.
            unsafe {
                core::arch::asm!($instruction, inout(reg) number, options(pure, nomem, nostack));
            }
            number
        }
        #[cfg(not(target_arch = "bpf"))]
        {
            let elsewhere: fn(u64) -> u64 = $elsewhere;
            elsewhere($number)
        }
    }};
}

/// 0 or 1.
#[derive(Clone, Copy, Debug)]
pub struct Bit(u64);

impl Bit {
    /// The highest bit of a number.
    #[inline(always)]
    fn highest(number: u64) -> Self {
        Self(hidden!("{0} >>= 63", number, |number| number >> 63))
    }

    /// What is known.
    #[must_use]
    #[inline(always)]
    pub const fn from_bool(value: bool) -> Self {
        Self(value as u64)
    }

    /// Whether a number is not zero.
    #[must_use]
    #[inline(always)]
    pub fn of(number: u64) -> Self {
        Self::highest(number | number.wrapping_neg())
    }

    /// That of a number, at this position.
    #[must_use]
    #[inline(always)]
    pub fn at(number: u64, position: u32) -> Self {
        Self(number >> position & 1)
    }

    /// As the bit at this position of a number.
    #[must_use]
    #[inline(always)]
    pub fn shifted(self, position: u32) -> u64 {
        self.0 << position
    }

    /// All bits of a number, or none.
    #[inline(always)]
    fn mask(self) -> u64 {
        hidden!("{0} = -{0}", self.0, u64::wrapping_neg)
    }

    /// One of two numbers.
    #[must_use]
    #[inline(always)]
    pub fn choose(self, yes: u64, no: u64) -> u64 {
        no ^ ((yes ^ no) & self.mask())
    }

    /// The flag where it is set, else none.
    #[must_use]
    #[inline(always)]
    pub fn flag(self, flag: u16) -> u16 {
        flag & self.mask() as u16
    }

    /// To decide by.
    #[must_use]
    #[inline(always)]
    pub fn is_set(self) -> bool {
        self.0 != 0
    }
}

/// A place in a table of so many. Not all verifiers know how large a number is whose bytes were swapped (5.10 does not), and
/// the compiler, which does, would leave the mask out.
#[must_use]
#[inline(always)]
pub fn index(number: u16) -> usize {
    hidden!("{0} &= 65535", number.into(), |number| number) as usize
}

/// The same of 64, of a number that is known to be less.
#[must_use]
#[inline(always)]
pub fn index64(number: u32) -> usize {
    hidden!("{0} &= 63", number.into(), |number| number & 63) as usize
}

/// Whether one number is less than another; both below 2^63.
#[must_use]
#[inline(always)]
pub fn less(one: impl Into<u64>, other: impl Into<u64>) -> Bit {
    Bit::highest(one.into().wrapping_sub(other.into()))
}

/// Whether two numbers are the same; both below 2^63.
#[must_use]
#[inline(always)]
pub fn equal(one: impl Into<u64>, other: impl Into<u64>) -> Bit {
    less(one.into() ^ other.into(), 1_u32)
}

impl BitAnd for Bit {
    type Output = Self;

    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Bit {
    type Output = Self;

    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl Not for Bit {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        Self(self.0 ^ 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest number that may be compared.
    const MOST: u64 = u64::MAX >> 1;

    #[test]
    fn numbers_compare_as_ever() {
        let numbers = [0, 1, 2, 0xffff, 0xffff_ffff, MOST - 1, MOST];
        for one in numbers {
            for other in numbers {
                assert_eq!(less(one, other).is_set(), one < other, "{one} < {other}");
                assert_eq!(equal(one, other).is_set(), one == other, "{one} == {other}");
            }
        }
    }

    #[test]
    fn a_place_in_a_table_is_the_number() {
        for number in [0, 1, 0xff00, u16::MAX] {
            assert_eq!(index(number), usize::from(number));
            assert_eq!(index64(u32::from(number) % 64), usize::from(number) % 64);
        }
    }

    #[test]
    fn only_zero_is_not_set() {
        assert!(!Bit::of(0).is_set());
        assert!(
            [1, MOST, MOST + 1, u64::MAX]
                .map(Bit::of)
                .iter()
                .all(|bit| bit.is_set())
        );
    }

    #[test]
    fn what_is_set_chooses_the_first_and_has_its_flag() {
        let [yes, no] = [true, false].map(Bit::from_bool);
        assert_eq!((yes.choose(7, 12), no.choose(7, 12)), (7, 12));
        assert_eq!((yes.flag(0x8000), no.flag(0x8000)), (0x8000, 0));
        assert!((yes | no).is_set() && !(yes & no).is_set() && !(!yes).is_set());
    }
}
