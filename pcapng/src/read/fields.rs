//! Takes fields from the front of a block in the byte order of its section.

use super::{Damage, clock::Clock};

/// The byte order of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

/// How what is in a block is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    pub(super) order: ByteOrder,
    /// What the format forbids and what can be read all the same is damage.
    pub(super) is_strict: bool,
}

/// The bytes of a block that have not been taken yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    bytes: &'a [u8],
    manner: Manner,
}

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8], manner: Manner) -> Self {
        Self { bytes, manner }
    }

    /// These bytes in the same byte order.
    pub(super) fn with(self, bytes: &'a [u8]) -> Self {
        Self { bytes, ..self }
    }

    pub(super) fn is_strict(&self) -> bool {
        self.manner.is_strict
    }

    /// The bytes that are left.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    /// How many bytes are left.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Damage> {
        let (taken, left) = self.bytes.split_at_checked(len).ok_or(Damage::Fields {
            needed: len,
            had: self.bytes.len(),
        })?;
        self.bytes = left;
        Ok(taken)
    }

    /// As [`Fields::take`], and the padding to a multiple of four.
    pub(super) fn take_padded(&mut self, len: usize) -> Result<&'a [u8], Damage> {
        Ok(&self.take(len.next_multiple_of(4))?[..len])
    }

    fn array<const LEN: usize>(&mut self) -> Result<[u8; LEN], Damage> {
        let (taken, left) = self.bytes.split_first_chunk().ok_or(Damage::Fields {
            needed: LEN,
            had: self.bytes.len(),
        })?;
        self.bytes = left;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Damage> {
        self.array().map(u8::from_ne_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Damage> {
        let bytes = self.array()?;
        Ok(match self.manner.order {
            ByteOrder::Little => u16::from_le_bytes(bytes),
            ByteOrder::Big => u16::from_be_bytes(bytes),
        })
    }

    pub(super) fn u32(&mut self) -> Result<u32, Damage> {
        let bytes = self.array()?;
        Ok(match self.manner.order {
            ByteOrder::Little => u32::from_le_bytes(bytes),
            ByteOrder::Big => u32::from_be_bytes(bytes),
        })
    }

    pub(super) fn u64(&mut self) -> Result<u64, Damage> {
        let bytes = self.array()?;
        Ok(match self.manner.order {
            ByteOrder::Little => u64::from_le_bytes(bytes),
            ByteOrder::Big => u64::from_be_bytes(bytes),
        })
    }

    /// A time: the upper 32 bits, then the lower.
    fn ticks(&mut self) -> Result<u64, Damage> {
        Ok(u64::from(self.u32()?) << 32 | u64::from(self.u32()?))
    }

    /// A time in nanoseconds since the epoch; one that they cannot express is damage or none.
    pub(super) fn time(&mut self, clock: Clock) -> Result<Option<u64>, Damage> {
        let time = clock.nanoseconds(self.ticks()?);
        if self.is_strict() {
            time.map(Some)
        } else {
            Ok(time.ok())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(bytes: &[u8], order: ByteOrder) -> Fields<'_> {
        let is_strict = true;
        Fields::new(bytes, Manner { order, is_strict })
    }

    const BYTES: [u8; 15] = [1, 0, 2, 0, 3, 0, 0, 4, 0, 0, 0, 0, 0, 0, 5];

    #[test]
    fn numbers_are_read_in_the_byte_order_of_the_section() {
        for (order, expected) in [
            (ByteOrder::Little, (0x0002, 0x0400_0003)),
            (ByteOrder::Big, (0x0200, 0x0300_0004)),
        ] {
            let mut taken = fields(&BYTES, order);
            assert_eq!(taken.take_padded(1), Ok(&BYTES[..1]), "order {order:?}");
            let mut taken = fields(&BYTES[2..], order);
            assert_eq!(
                (taken.u16(), taken.u32()),
                (Ok(expected.0), Ok(expected.1)),
                "order {order:?}"
            );
        }
    }

    #[test]
    fn of_a_time_the_upper_half_comes_first_in_either_byte_order() {
        let little = [1, 0, 0, 0, 2, 0, 0, 0];
        let big = [0, 0, 0, 1, 0, 0, 0, 2];
        assert_eq!(
            fields(&little, ByteOrder::Little).ticks(),
            Ok(0x1_0000_0002)
        );
        assert_eq!(fields(&big, ByteOrder::Big).ticks(), Ok(0x1_0000_0002));
    }

    #[test]
    fn what_is_not_there_is_not_taken() {
        let mut taken = fields(&BYTES[..3], ByteOrder::Little);
        assert_eq!(taken.u32(), Err(Damage::Fields { needed: 4, had: 3 }));
        assert_eq!(
            taken.take_padded(1),
            Err(Damage::Fields { needed: 4, had: 3 })
        );
        assert_eq!(taken.u16(), Ok(1));
    }
}
