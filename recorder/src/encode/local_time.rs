//! The time of day on this machine's clock, as tcpdump prints it: `12:34:56.789012`.

use jiff::{Timestamp, tz::TimeZone};

const SECOND: u64 = 1_000_000_000;
/// Zones change their offsets at quarters of an hour. Nearly all of them: Liberia did so 30 seconds before one.
const QUARTER: u64 = 15 * 60;
const DAY: u64 = 24 * 60 * 60;

/// Tells the time in this machine's zone.
#[derive(Debug)]
pub struct LocalTime {
    zone: TimeZone,
    /// The quarter of an hour since 1970 UTC all of which has this `offset`.
    quarter: u64,
    /// From UTC to local time, in seconds.
    offset: i32,
}

impl Default for LocalTime {
    fn default() -> Self {
        Self {
            zone: TimeZone::system(),
            quarter: u64::MAX,
            offset: 0,
        }
    }
}

impl LocalTime {
    /// A time in nanoseconds since 1970 UTC as text. It is made without a formatter: there is one in each line.
    pub fn text(&mut self, time: u64) -> [u8; 15] {
        let mut text = *b"00:00:00.000000";
        let parts = self.of(time).into_iter().zip([0..2, 3..5, 6..8, 9..15]);
        for (mut part, place) in parts {
            for digit in text[place].iter_mut().rev() {
                *digit += (part % 10) as u8;
                part /= 10;
            }
        }
        text
    }

    /// From UTC to local time at a second since 1970 UTC.
    fn offset(&self, second: u64) -> i32 {
        let at = Timestamp::from_second(second.cast_signed()).unwrap_or(Timestamp::UNIX_EPOCH);
        self.zone.to_offset(at).seconds()
    }

    /// Without what is less than a second: `12:34:56`.
    pub fn seconds(&mut self, time: u64) -> String {
        let [hours, minutes, seconds, _] = self.of(time);
        format!("{hours:02}:{minutes:02}:{seconds:02}")
    }

    /// Hours, minutes, seconds and microseconds of a time in nanoseconds since 1970 UTC.
    fn of(&mut self, time: u64) -> [u64; 4] {
        let seconds = time / SECOND;
        let quarter = seconds / QUARTER;
        if quarter != self.quarter {
            let is_same =
                self.offset(quarter * QUARTER) == self.offset(quarter * QUARTER + QUARTER - 1);
            self.quarter = if is_same { quarter } else { u64::MAX };
            self.offset = self.offset(seconds);
        }
        // In the first hours of 1970 some zones had the year before; TZ may tell of one that is more than a day away.
        let seconds = (seconds % DAY + 2 * DAY).wrapping_add_signed(self.offset.into()) % DAY;
        let micros = time % SECOND / 1000;
        [seconds / 3600, seconds / 60 % 60, seconds % 60, micros]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_all_of_its_digits() {
        let mut clock = LocalTime {
            zone: TimeZone::UTC,
            ..LocalTime::default()
        };
        let mut text = |time| String::from_utf8(clock.text(time).to_vec()).unwrap();
        assert_eq!(text(0), "00:00:00.000000");
        assert_eq!(text(1_795_176_001_000_020_999), "12:00:01.000020");
        assert_eq!(text(1_795_219_199_987_654_321), "23:59:59.987654");
    }
}
