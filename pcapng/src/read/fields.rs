//! Takes fields from the front of a block in the byte order of its section.

use super::Damage;

/// The byte order of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

/// The bytes of a block that have not been taken yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    bytes: &'a [u8],
    order: ByteOrder,
}

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8], order: ByteOrder) -> Self {
        Self { bytes, order }
    }

    /// These bytes in the same byte order.
    pub(super) fn with(self, bytes: &'a [u8]) -> Self {
        Self { bytes, ..self }
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
        Ok(match self.order {
            ByteOrder::Little => u16::from_le_bytes(bytes),
            ByteOrder::Big => u16::from_be_bytes(bytes),
        })
    }

    pub(super) fn u32(&mut self) -> Result<u32, Damage> {
        let bytes = self.array()?;
        Ok(match self.order {
            ByteOrder::Little => u32::from_le_bytes(bytes),
            ByteOrder::Big => u32::from_be_bytes(bytes),
        })
    }

    pub(super) fn u64(&mut self) -> Result<u64, Damage> {
        let bytes = self.array()?;
        Ok(match self.order {
            ByteOrder::Little => u64::from_le_bytes(bytes),
            ByteOrder::Big => u64::from_be_bytes(bytes),
        })
    }

    /// A time: the upper 32 bits, then the lower.
    pub(super) fn ticks(&mut self) -> Result<u64, Damage> {
        Ok(u64::from(self.u32()?) << 32 | u64::from(self.u32()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: [u8; 15] = [1, 0, 2, 0, 3, 0, 0, 4, 0, 0, 0, 0, 0, 0, 5];

    #[test]
    fn numbers_are_read_in_the_byte_order_of_the_section() {
        for (order, expected) in [
            (ByteOrder::Little, (0x0002, 0x0400_0003)),
            (ByteOrder::Big, (0x0200, 0x0300_0004)),
        ] {
            let mut fields = Fields::new(&BYTES, order);
            assert_eq!(fields.take_padded(1), Ok(&BYTES[..1]), "order {order:?}");
            let mut fields = Fields::new(&BYTES[2..], order);
            assert_eq!(
                (fields.u16(), fields.u32()),
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
            Fields::new(&little, ByteOrder::Little).ticks(),
            Ok(0x1_0000_0002)
        );
        assert_eq!(Fields::new(&big, ByteOrder::Big).ticks(), Ok(0x1_0000_0002));
    }

    #[test]
    fn what_is_not_there_is_not_taken() {
        let mut fields = Fields::new(&BYTES[..3], ByteOrder::Little);
        assert_eq!(fields.u32(), Err(Damage::Fields { needed: 4, had: 3 }));
        assert_eq!(
            fields.take_padded(1),
            Err(Damage::Fields { needed: 4, had: 3 })
        );
        assert_eq!(fields.u16(), Ok(1));
    }
}
