//! Dates and times of day in this machine's zone, and lengths of time.

use jiff::{Timestamp, Zoned, tz::TimeZone};

/// Nanoseconds.
const MILLI: u64 = 1_000_000;
const SECOND: u64 = 1000 * MILLI;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Tells the time in a zone. All times are in nanoseconds since 1970 UTC.
#[derive(Debug)]
pub(super) struct Zone(TimeZone);

impl Zone {
    /// This machine's.
    pub(super) fn system() -> Self {
        Self(TimeZone::system())
    }

    fn at(&self, time: u64) -> Zoned {
        let at = Timestamp::from_nanosecond(time.into()).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_zoned(self.0.clone())
    }

    /// What the zone is called, and how far it is from UTC then: `Europe/Berlin, UTC+01:00`.
    pub(super) fn name(&self, time: u64) -> String {
        let offset = self.at(time).strftime("UTC%:z").to_string();
        match self.0.iana_name() {
            Some("UTC" | "Etc/UTC" | "Etc/Unknown") => "UTC".to_owned(),
            Some(name) => format!("{name}, {offset}"),
            None => offset,
        }
    }

    /// From when to when: `2026-11-27 11:20:01 to 11:20:09`.
    pub(super) fn period(&self, first: u64, last: u64) -> String {
        let seconds = "%H:%M:%S";
        let date = "%Y-%m-%d %H:%M:%S";
        let (first, last) = (self.at(first), self.at(last));
        let begin = first.strftime(date).to_string();
        let end = if first.date() == last.date() {
            last.strftime(seconds).to_string()
        } else {
            last.strftime(date).to_string()
        };
        if begin.ends_with(&end) {
            return begin;
        }
        format!("{begin} to {end}")
    }

    /// A time on an axis that is `length` long, as exactly as spans of `width` want it.
    pub(super) fn tick(&self, time: u64, width: u64, length: u64) -> String {
        let time = self.at(time);
        let form = match (width, length) {
            (..SECOND, _) => "%H:%M:%S%.3f",
            (SECOND..MINUTE, ..DAY) => "%H:%M:%S",
            (_, ..DAY) => "%H:%M",
            (..DAY, _) => "%m-%d %H:%M",
            _ => "%Y-%m-%d",
        };
        time.strftime(form).to_string()
    }
}

/// A length of time: `20 ms`, `8.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
pub(super) fn length(nanos: u64) -> String {
    let two = |big: u64, name: &str, small: u64, rest: &str| {
        let (whole, part) = (nanos / big, nanos % big / small);
        match part {
            0 => format!("{whole} {name}"),
            part => format!("{whole} {name} {part} {rest}"),
        }
    };
    match nanos {
        0..MILLI => "less than 1 ms".to_owned(),
        MILLI..SECOND => format!("{} ms", nanos / MILLI),
        SECOND..MINUTE => match nanos / (SECOND / 10) {
            tenths if tenths % 10 == 0 => format!("{} s", tenths / 10),
            tenths => format!("{}.{} s", tenths / 10, tenths % 10),
        },
        MINUTE..HOUR => two(MINUTE, "min", SECOND, "s"),
        HOUR..DAY => two(HOUR, "h", MINUTE, "min"),
        _ => two(DAY, "d", HOUR, "h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: u64 = 1_795_176_001 * SECOND;

    #[test]
    fn a_period_has_its_date_once_and_its_zone_a_name() {
        let utc = Zone(TimeZone::UTC);
        assert_eq!(
            utc.period(NOON, NOON + 8 * SECOND),
            "2026-11-20 12:00:01 to 12:00:09"
        );
        assert_eq!(utc.period(NOON, NOON + 8 * MILLI), "2026-11-20 12:00:01");
        assert_eq!(
            utc.period(NOON, NOON + DAY),
            "2026-11-20 12:00:01 to 2026-11-21 12:00:01"
        );
        assert_eq!(utc.name(NOON), "UTC");
        let fixed = Zone(TimeZone::fixed(jiff::tz::offset(-3)));
        assert_eq!(fixed.name(NOON), "UTC-03:00");
        assert_eq!(fixed.period(NOON, NOON), "2026-11-20 09:00:01");
    }

    #[test]
    fn a_tick_is_as_exact_as_its_spans_are_long() {
        let utc = Zone(TimeZone::UTC);
        let tick = |width, length| utc.tick(NOON + 5 * MILLI, width, length);
        assert_eq!(tick(MILLI, 20 * MILLI), "12:00:01.005");
        assert_eq!(tick(2 * SECOND, MINUTE), "12:00:01");
        assert_eq!(tick(2 * MINUTE, 5 * HOUR), "12:00");
        assert_eq!(tick(HOUR, 3 * DAY), "11-20 12:00");
        assert_eq!(tick(10 * DAY, 900 * DAY), "2026-11-20");
    }

    #[test]
    fn a_length_has_the_units_that_one_would_say() {
        for (nanos, said) in [
            (5, "less than 1 ms"),
            (20 * MILLI, "20 ms"),
            (8 * SECOND + 250 * MILLI, "8.2 s"),
            (10 * SECOND, "10 s"),
            (200 * SECOND, "3 min 20 s"),
            (125 * MINUTE, "2 h 5 min"),
            (76 * HOUR, "3 d 4 h"),
        ] {
            assert_eq!(length(nanos), said);
        }
    }

    #[test]
    fn any_time_can_be_told() {
        let utc = Zone(TimeZone::UTC);
        assert_eq!(
            utc.period(0, u64::MAX),
            "1970-01-01 00:00:00 to 2554-07-21 23:34:33"
        );
    }
}
