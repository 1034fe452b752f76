//! syslog (RFC 5424, 6.2.1): facility and severity. The message itself is nobody else's business.

use std::fmt::{Result, Write};

use crate::identify::phrase::Phrase;

/// The highest of 24 facilities with 8 severities.
const PRIORITY_MAX: u16 = 191;

/// Describes a datagram if it is one of syslog's: it begins with a number in angle brackets.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let digits = payload.strip_prefix(b"<")?;
    let length = digits.iter().take(4).position(|&digit| digit == b'>')?;
    let digits = &digits[..length];
    digits.iter().all(u8::is_ascii_digit).then_some(())?;
    let priority: u16 = str::from_utf8(digits).ok()?.parse().ok()?;
    (priority <= PRIORITY_MAX).then_some(())?;
    Some(write!(
        out,
        ", syslog facility {} severity {}",
        priority / 8,
        priority % 8
    ))
}
