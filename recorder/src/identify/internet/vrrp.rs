//! VRRP, versions 2 and 3, which begin alike (RFC 3768, 5.1; RFC 9568, 5.1).

use std::fmt::{Result, Write};

use crate::identify::phrase::Phrase;

/// Describes what follows the addresses.
pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    let &[version, router, priority, ..] = packet else {
        return out.write_str(", cut header");
    };
    write!(
        out,
        ", version {}, VRID {router}, priority {priority}",
        version >> 4
    )
}
