//! Cisco's hot standby router protocol: version 0 (RFC 2281), and the group state field of version 2.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// RFC 2281, 5.3: each state a bit, or zero.
const STATES: [(u8, &str); 6] = [
    (0, "initial"),
    (1, "learn"),
    (2, "listen"),
    (4, "speak"),
    (8, "standby"),
    (16, "active"),
];

/// Describes a datagram if it is one of HSRP's.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    match *payload {
        // RFC 2281, 5.1: version, operation, state, two times, priority, group.
        [0, operation @ 0..=2, state, _, _, priority, group, ..] => {
            let (_, state) = STATES.iter().find(|(bit, _)| *bit == state)?;
            let operation = ["hello", "coup", "resign"][usize::from(operation)];
            Some(write!(
                out,
                ", HSRP {operation}, group {group}, {state}, priority {priority}"
            ))
        }
        // Cisco's own: which groups are active at this interface.
        [0, 3, _, _, _, _, ..] => Some(out.write_str(", HSRP advertise")),
        // Type and length of the field; version, operation, state, IP version, group.
        [1, 40, 2, 0..=2, _, 4 | 6, ..] => {
            let group = field::be16(payload, 6)?;
            Some(write!(out, ", HSRPv2, group {group}"))
        }
        _ => None,
    }
}
