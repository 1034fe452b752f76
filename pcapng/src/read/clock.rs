//! Turns an interface's ticks into nanoseconds since the epoch.

use super::Damage;

const NANOSECONDS_PER_SECOND: u64 = 1_000_000_000;

/// What an interface says of its times (draft-ietf-opsawg-pcapng, section 4.2).
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    /// `if_tsresol`: with the top bit clear, a second has 10 to the power of it ticks; with it set, 2 to the power of
    /// the other bits.
    pub(super) resolution: u8,
    /// `if_tsoffset`: seconds to add to each time.
    pub(super) offset: i64,
}

impl Default for Clock {
    /// Microseconds since the epoch.
    fn default() -> Self {
        Self {
            resolution: 6,
            offset: 0,
        }
    }
}

impl Clock {
    /// Nanoseconds since the epoch, rounded down.
    pub(super) fn nanoseconds(self, ticks: u64) -> Result<u64, Damage> {
        let exponent = u32::from(self.resolution & 0x7F);
        // 64 bits of ticks and 30 of nanoseconds are 94 together: no product overflows.
        let scaled = u128::from(ticks) * u128::from(NANOSECONDS_PER_SECOND);
        let since_offset = if self.resolution & 0x80 != 0 {
            scaled >> exponent
        } else {
            // A power of ten that overflows is above all times.
            10u128
                .checked_pow(exponent)
                .map_or(0, |per_second| scaled / per_second)
        };
        let offset = i128::from(self.offset) * i128::from(NANOSECONDS_PER_SECOND);
        u64::try_from(since_offset.cast_signed() + offset).map_err(|_| Damage::Time { ticks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanoseconds(resolution: u8, offset: i64, ticks: u64) -> Result<u64, Damage> {
        Clock { resolution, offset }.nanoseconds(ticks)
    }

    #[test]
    fn every_decimal_resolution_is_scaled() {
        assert_eq!(nanoseconds(0, 0, 3), Ok(3_000_000_000));
        assert_eq!(nanoseconds(6, 0, 3), Ok(3_000));
        assert_eq!(nanoseconds(9, 0, u64::MAX), Ok(u64::MAX));
        assert_eq!(nanoseconds(12, 0, 3_999), Ok(3));
        assert_eq!(nanoseconds(127, 0, u64::MAX), Ok(0));
    }

    #[test]
    fn every_binary_resolution_is_scaled() {
        assert_eq!(nanoseconds(0x80, 0, 3), Ok(3_000_000_000));
        assert_eq!(nanoseconds(0x80 | 1, 0, 3), Ok(1_500_000_000));
        assert_eq!(nanoseconds(0x80 | 32, 0, 1 << 31), Ok(500_000_000));
        assert_eq!(nanoseconds(0x80 | 127, 0, u64::MAX), Ok(0));
    }

    #[test]
    fn the_offset_is_added_in_seconds() {
        assert_eq!(nanoseconds(9, 2, 5), Ok(2_000_000_005));
        assert_eq!(nanoseconds(9, -2, 2_000_000_005), Ok(5));
    }

    #[test]
    fn a_time_that_does_not_fit_is_damage() {
        assert_eq!(
            nanoseconds(6, 0, u64::MAX),
            Err(Damage::Time { ticks: u64::MAX })
        );
        assert_eq!(nanoseconds(9, -1, 5), Err(Damage::Time { ticks: 5 }));
        assert_eq!(
            nanoseconds(0, i64::MAX, u64::MAX),
            Err(Damage::Time { ticks: u64::MAX })
        );
    }
}
