//! The Interface Statistics Block (draft-ietf-opsawg-pcapng, section 4.6).

use super::{
    Comments, Damage,
    fields::Fields,
    interface::{Described, find},
    options::{OptionField, Options},
};
use crate::option_code;

/// What was counted on an interface; `None` is what the writer did not say. Times are nanoseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// The interface, by its number in the section.
    pub interface: u32,
    /// When the numbers were taken; `None` where that is out of range.
    pub timestamp: Option<u64>,
    /// `isb_starttime`: when counting began.
    pub start: Option<u64>,
    /// `isb_endtime`: when it ended.
    pub end: Option<u64>,
    /// `isb_ifrecv`: packets seen.
    pub received: Option<u64>,
    /// `isb_ifdrop`: packets lost.
    pub dropped: Option<u64>,
    /// `isb_filteraccept`: packets that passed the filter.
    pub accepted: Option<u64>,
    /// `isb_osdrop`: packets lost before the program could read them.
    pub os_dropped: Option<u64>,
    /// `isb_usrdeliv`: packets that the program got.
    pub delivered: Option<u64>,
}

impl Statistics {
    /// The counts, and the block's comments.
    pub(super) fn decode<'a>(
        mut body: Fields<'a>,
        described: &[Described],
    ) -> Result<(Self, Comments<'a>), Damage> {
        let interface = body.u32()?;
        let clock = find(described, interface)?.clock;
        let timestamp = body.time(clock)?;
        let time = |option: OptionField| option.time(clock);

        let mut statistics = Self {
            interface,
            timestamp,
            ..Self::default()
        };
        let mut options = Options::new(body);
        let comments = Comments::among(options);
        while let Some(option) = options.next()? {
            match option.code {
                option_code::ISB_STARTTIME => statistics.start = time(option)?,
                option_code::ISB_ENDTIME => statistics.end = time(option)?,
                option_code::ISB_IFRECV => statistics.received = Some(option.u64()?),
                option_code::ISB_IFDROP => statistics.dropped = Some(option.u64()?),
                option_code::ISB_FILTERACCEPT => statistics.accepted = Some(option.u64()?),
                option_code::ISB_OSDROP => statistics.os_dropped = Some(option.u64()?),
                option_code::ISB_USRDELIV => statistics.delivered = Some(option.u64()?),
                option_code::COMMENT => option.check_text()?,
                _ => {}
            }
        }
        Ok((statistics, comments))
    }
}
