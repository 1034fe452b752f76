//! The values of arguments, as they are typed.

use std::{fs, time::Duration};

use crate::privileges::user::User;

/// The shortest time between two tables: less is no time to read one, and counting is not to cost more than what it counts.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(100);
/// The longest: some clocks do not reach any further.
const LONGEST_INTERVAL: Duration = Duration::from_hours(365 * 24);
/// The shortest time of a file: names tell no more than seconds.
const SHORTEST_PERIOD: Duration = Duration::from_secs(1);
/// Fewest bytes of a flight recorder.
const SIZE_MIN: usize = 64 << 10;

/// An expression from a file, without its comments.
pub(super) fn expression_file(path: &str) -> Result<String, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default());
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// A user by its name.
pub(super) fn user(name: &str) -> Result<User, String> {
    User::named(name).map_err(|error| format!("{error:#}"))
}

pub(super) fn snaplen(typed: &str) -> Result<u32, String> {
    match typed.parse() {
        Ok(0) => Ok(droprec_pcapng::MAX_CAPLEN),
        Ok(bytes @ 14..=droprec_pcapng::MAX_CAPLEN) => Ok(bytes),
        _ => Err("it takes 14 to 262144 bytes, or 0 for the most".to_owned()),
    }
}

/// Of how many drops one is recorded: `1/N`.
pub(super) fn sample(typed: &str) -> Result<u32, String> {
    match typed.strip_prefix("1/").map(str::parse) {
        Some(Ok(of @ 1..)) => Ok(of),
        _ => Err("it takes one of so many, as 1/100".to_owned()),
    }
}

/// Bytes of a flight recorder: as few as a typing mistake gives would keep nothing.
pub(super) fn size(typed: &str) -> Result<usize, String> {
    let bytes = bytes(typed, 1, "bytes")?;
    if bytes < SIZE_MIN as u64 {
        return Err("it takes 64K at least".to_owned());
    }
    Ok(bytes as usize)
}

/// Bytes of a file, as tcpdump counts them.
pub(super) fn file_size(typed: &str) -> Result<u64, String> {
    let bytes = bytes(typed, 1_000_000, "millions of bytes")?;
    if bytes == 0 {
        return Err("it must be more than nothing".to_owned());
    }
    Ok(bytes)
}

/// A number with the first letter of a unit of 1024 behind it, or else of this unit, which is called so.
fn bytes(typed: &str, unit: u64, called: &str) -> Result<u64, String> {
    let units = [
        (['k', 'K'], 10),
        (['m', 'M'], 20),
        (['g', 'G'], 30),
        (['t', 'T'], 40),
    ];
    let found = units
        .iter()
        .find_map(|(letters, power)| Some((typed.strip_suffix(*letters)?, 1 << power)));
    let (digits, factor) = found.unwrap_or((typed, unit));
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!(
            "it takes a number of {called}, or one with k, m, g or t behind it"
        ));
    }
    let bytes = digits.parse::<u64>().ok();
    // No file is longer (`off_t`).
    bytes
        .and_then(|bytes| bytes.checked_mul(factor))
        .filter(|bytes| i64::try_from(*bytes).is_ok())
        .ok_or_else(|| "it is too much".to_owned())
}

/// The time after which a file ends.
pub(super) fn period(typed: &str) -> Result<Duration, String> {
    let period = duration(typed)?;
    if period < SHORTEST_PERIOD {
        return Err("it must be a second at least".to_owned());
    }
    Ok(period)
}

pub(super) fn duration(typed: &str) -> Result<Duration, String> {
    let unit = typed.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = &typed[..typed.len() - unit.len()];
    let factor = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err("it takes a number, and ms, s, m, h or d".to_owned()),
    };
    let seconds = number
        .parse::<f64>()
        .map_err(|_| "it takes a number, and ms, s, m, h or d".to_owned())?
        * factor;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        Ok(_) => Err("it must be longer than nothing".to_owned()),
        Err(_) => Err("it is too long".to_owned()),
    }
}

pub(super) fn interval(typed: &str) -> Result<Duration, String> {
    let interval = duration(typed)?;
    if interval < SHORTEST_INTERVAL {
        return Err("it must be 100ms at least".to_owned());
    }
    if interval > LONGEST_INTERVAL {
        return Err("it is too long".to_owned());
    }
    Ok(interval)
}

pub(super) fn top(typed: &str) -> Result<usize, String> {
    match typed.parse() {
        Ok(0) | Err(_) => Err("it takes a number of lines, one at least".to_owned()),
        Ok(lines) => Ok(lines),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_seconds_unless_it_says_otherwise() {
        assert_eq!(duration("10"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2h"), Ok(Duration::from_hours(2)));
        for wrong in ["", "s", "0", "-1", "1w", "1e99h", "1.2.3"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_size_is_bytes_or_has_a_unit_of_1024() {
        assert_eq!(size("65536"), Ok(65_536));
        assert_eq!(size("64K"), Ok(65_536));
        assert_eq!(size("512k"), Ok(512 << 10));
        assert_eq!(size("64M"), Ok(64 << 20));
        assert_eq!(size("1G"), Ok(1 << 30));
        for wrong in ["", "M", "64", "-1", "1.5G", "64MB", "1 G", "99999999T", "µ"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_files_size_is_in_millions_of_bytes_or_has_a_unit_of_1024_as_with_tcpdump() {
        assert_eq!(file_size("1"), Ok(1_000_000));
        assert_eq!(file_size("100"), Ok(100_000_000));
        assert_eq!(file_size("64k"), Ok(65_536));
        assert_eq!(file_size("2M"), Ok(2 << 20));
        assert_eq!(file_size("3g"), Ok(3 << 30));
        for wrong in [
            "",
            "0",
            "0k",
            "k",
            "1.5",
            "-1",
            "+1",
            "1kb",
            "99999999999999",
        ] {
            assert!(file_size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_snaplen_of_nothing_is_the_most() {
        assert_eq!(snaplen("0"), Ok(262_144));
        assert_eq!(snaplen("14"), Ok(14));
        for wrong in ["13", "262145", "-1", "x", ""] {
            assert!(snaplen(wrong).is_err(), "{wrong}");
        }
    }
}
