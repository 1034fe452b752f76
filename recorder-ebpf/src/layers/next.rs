//! What the next header is.

use super::FIRST_TYPE;

/// What the next header is: [`Walk::at`](super::Walk). Zero is none.
pub(super) const ETHERNET: u32 = 1;
pub(super) const TYPE: u32 = 2;
pub(super) const PROTOCOL: u32 = 3;
/// An extension header of GTP-U.
pub(super) const GTP: u32 = 4;
pub(super) const PPP: u32 = 5;
/// An IP packet of either version or an Ethernet frame, as its bytes say.
pub(super) const UNANNOUNCED: u32 = 6;
/// A route in GRE's header.
pub(super) const ROUTE: u32 = 7;

/// Where the next header is, from this one on, and what.
pub(super) struct Next {
    pub(super) distance: u32,
    pub(super) at: u32,
    pub(super) number: u16,
}

#[expect(clippy::unnecessary_wraps, reason = "a step may have none")]
impl Next {
    #[inline(always)]
    pub(super) fn ethernet(distance: u32) -> Option<Self> {
        Some(Self {
            distance,
            at: ETHERNET,
            number: 0,
        })
    }

    #[inline(always)]
    pub(super) fn of_type(distance: u32, number: u16) -> Option<Self> {
        Some(Self {
            distance,
            at: TYPE,
            number,
        })
    }

    #[inline(always)]
    pub(super) fn of_protocol(distance: u32, number: u8) -> Option<Self> {
        Some(Self {
            distance,
            at: PROTOCOL,
            number: number.into(),
        })
    }

    #[inline(always)]
    pub(super) fn ppp(distance: u32) -> Option<Self> {
        Some(Self {
            distance,
            at: PPP,
            number: 0,
        })
    }

    /// What a number among those of `EtherType` announces within a tunnel, where there are no lengths.
    #[inline(always)]
    pub(super) fn of_tunnelled(distance: u32, number: u16) -> Option<Self> {
        if number < FIRST_TYPE {
            return None;
        }
        Self::of_type(distance, number)
    }

    /// 0: there are no more extension headers.
    #[inline(always)]
    pub(super) fn of_gtp(distance: u32, extension: u8) -> Option<Self> {
        Some(Self {
            distance,
            at: if extension == 0 { UNANNOUNCED } else { GTP },
            number: extension.into(),
        })
    }

    #[inline(always)]
    pub(super) fn unannounced(distance: u32) -> Option<Self> {
        Some(Self {
            distance,
            at: UNANNOUNCED,
            number: 0,
        })
    }

    /// An entry of a route, and the number that is announced behind the last.
    #[inline(always)]
    pub(super) fn route(distance: u32, number: u16) -> Option<Self> {
        Some(Self {
            distance,
            at: ROUTE,
            number,
        })
    }
}
