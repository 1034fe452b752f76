//! The Interface Statistics Block (draft-ietf-opsawg-pcapng, section 4.6).

use super::{
    TooLong,
    block::{Body, block, time},
};
use crate::{block_type, option_code};

/// What was counted on an interface, as a rule from start to end. Times are nanoseconds since the epoch.
#[derive(Debug, Clone, Copy, Default)]
pub struct Statistics<'a> {
    /// The interface, by its number in the section.
    pub interface: u32,
    /// When the numbers were taken.
    pub timestamp: u64,
    /// `isb_starttime`: when counting began.
    pub start: u64,
    /// `isb_endtime`: when it ended.
    pub end: u64,
    /// `isb_ifrecv`: packets seen.
    pub received: u64,
    /// `isb_ifdrop`: packets lost; the one number that Wireshark shows.
    pub dropped: u64,
    /// `isb_filteraccept`: packets that passed the filter.
    pub accepted: u64,
    /// `isb_osdrop`: packets lost before the program could read them.
    pub os_dropped: u64,
    /// `isb_usrdeliv`: packets that the program got.
    pub delivered: u64,
    /// `opt_comment`: anything else.
    pub comments: &'a [&'a str],
}

/// Appends an Interface Statistics Block.
pub fn statistics(out: &mut Vec<u8>, statistics: &Statistics) -> Result<(), TooLong> {
    block(out, block_type::INTERFACE_STATISTICS, |body: &mut Body| {
        body.bytes(&statistics.interface.to_ne_bytes());
        body.bytes(&time(statistics.timestamp));
        body.option(option_code::ISB_STARTTIME, time(statistics.start));
        body.option(option_code::ISB_ENDTIME, time(statistics.end));
        for (code, count) in [
            (option_code::ISB_IFRECV, statistics.received),
            (option_code::ISB_IFDROP, statistics.dropped),
            (option_code::ISB_FILTERACCEPT, statistics.accepted),
            (option_code::ISB_OSDROP, statistics.os_dropped),
            (option_code::ISB_USRDELIV, statistics.delivered),
        ] {
            body.option(code, count.to_ne_bytes());
        }
        for comment in statistics.comments {
            body.text(option_code::COMMENT, comment)?;
        }
        Ok(())
    })
}
