//! The Interface Statistics Block (draft-ietf-opsawg-pcapng, section 4.6).

use super::{
    Damage,
    clock::Clock,
    fields::Fields,
    interface::clock,
    options::{OptionField, Options},
};
use crate::option_code;

/// What was counted on an interface; `None` is what the writer did not say. Times are nanoseconds since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Statistics {
    /// The interface, by its number in the section.
    pub interface: u32,
    /// When the numbers were taken.
    pub timestamp: u64,
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
    pub(super) fn decode(mut body: Fields, clocks: &[Clock]) -> Result<Self, Damage> {
        let interface = body.u32()?;
        let clock = clock(clocks, interface)?;
        let timestamp = clock.nanoseconds(body.ticks()?)?;
        let time = |option: OptionField| clock.nanoseconds(option.ticks()?);

        let mut statistics = Self {
            interface,
            timestamp,
            ..Self::default()
        };
        let mut options = Options::new(body);
        while let Some(option) = options.next()? {
            match option.code {
                option_code::ISB_STARTTIME => statistics.start = Some(time(option)?),
                option_code::ISB_ENDTIME => statistics.end = Some(time(option)?),
                option_code::ISB_IFRECV => statistics.received = Some(option.u64()?),
                option_code::ISB_IFDROP => statistics.dropped = Some(option.u64()?),
                option_code::ISB_FILTERACCEPT => statistics.accepted = Some(option.u64()?),
                option_code::ISB_OSDROP => statistics.os_dropped = Some(option.u64()?),
                option_code::ISB_USRDELIV => statistics.delivered = Some(option.u64()?),
                _ => {}
            }
        }
        Ok(statistics)
    }
}
