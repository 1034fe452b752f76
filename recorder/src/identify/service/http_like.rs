//! Protocols that speak as HTTP does, but in datagrams: SSDP (UPnP Device Architecture 2.0, 1.2), SIP (RFC 3261, section 7).

use std::fmt::Result;

use crate::identify::{foreign, phrase::Phrase};

/// Describes a datagram if it begins with a line of `protocol`: the method of a request, or the status of a response.
pub(crate) fn describe(out: &mut Phrase, protocol: &str, payload: &[u8]) -> Option<Result> {
    let end = payload.iter().position(|&octet| octet == b'\r')?;
    let mut words = payload[..end].split(|&octet| octet == b' ');
    let (first, second, last) = (words.next()?, words.next()?, words.next_back()?);
    let is_version = |word: &[u8]| word.starts_with(b"HTTP/1.") || word.starts_with(b"SIP/2.");
    let is_method =
        |word: &[u8]| !word.is_empty() && word.iter().all(|c| c.is_ascii_uppercase() || *c == b'-');
    let word = if is_version(first) && !second.is_empty() && second.iter().all(u8::is_ascii_digit) {
        second
    } else if is_version(last) && is_method(first) {
        first
    } else {
        return None;
    };
    out.push_str(", ");
    out.push_str(protocol);
    out.push(' ');
    foreign::text(out, word);
    Some(Ok(()))
}
