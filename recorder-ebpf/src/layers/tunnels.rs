//! What is within tunnels: where the next header is, and what.

use super::{Next, Source, Step, be16};

impl<S: Source> Step<'_, S> {
    /// A label (RFC 3032, 2.1). What is behind the last one tells by its first four bits what it is; with 0, which is no
    /// version of IP, begins a control word, and a frame is behind it (RFC 4385, 3).
    #[inline(always)]
    pub(super) fn mpls(&mut self) -> Option<Next> {
        let [_, _, bottom, _, first] = *self.read(0)?;
        if bottom & 1 == 0 {
            // All labels are of one type, which says whether they are multicast's (RFC 5332).
            return Next::of_type(4, self.walk.number);
        }
        match first >> 4 {
            4 => Next::of_type(4, 0x0800),
            6 => Next::of_type(4, 0x86dd),
            0 => Next::ethernet(8),
            _ => None,
        }
    }

    /// RFC 2784, 2.1, with RFC 2890's key and number. Its type counts whatever is done with what it announces.
    #[inline(always)]
    pub(super) fn gre(&mut self) -> Option<Next> {
        let [flags, version, high, low] = *self.read(0)?;
        let number = be16([high, low]);
        self.walk.meet(number, self.asked);
        // Bit 1 is RFC 1701's routing.
        if flags & 0x40 != 0 {
            return None;
        }
        match version & 7 {
            0 => {}
            // PPTP's (RFC 2637, 4.1), which always has a key. Without a sequence number it only acknowledges.
            1 if number == 0x880b && flags & 0x10 != 0 => {
                return Next::ppp(12 + 4 * u32::from(version >> 7));
            }
            _ => return None,
        }
        let optional = (flags >> 7) + (flags >> 5 & 1) + (flags >> 4 & 1);
        let length = 4 + 4 * u32::from(optional);
        match number {
            // ERSPAN: without a sequence number it has no header of its own (draft-foschiano-erspan, 4).
            0x88be if flags & 0x10 == 0 => Next::ethernet(length),
            0x88be => Next::ethernet(length + 8),
            0x22eb => {
                let [last] = *self.read(length + 11)?;
                // The platform's own part follows where the last bit says so.
                Next::ethernet(length + 12 + 8 * u32::from(last & 1))
            }
            _ => Next::of_type(length, number),
        }
    }

    /// What UDP carries, by the port that it goes to.
    #[inline(always)]
    pub(super) fn udp(&mut self, port: u16) -> Option<Next> {
        match port {
            // VXLAN (RFC 7348, 5), on the port that Linux had first too: it carries a frame.
            4789 | 8472 => {
                let [flags] = *self.read(8)?;
                if flags & 8 == 0 {
                    return None;
                }
                Next::ethernet(16)
            }
            // Geneve (RFC 8926, 3.4): of another version, nobody knows what its header is.
            6081 => {
                let [options, _, high, low] = *self.read(8)?;
                if options >> 6 != 0 {
                    return None;
                }
                let length = 16 + 4 * u32::from(options & 0x3f);
                Next::of_type(length, be16([high, low]))
            }
            // MPLS in UDP (RFC 7510, 3).
            6635 => Next::of_type(8, 0x8847),
            // GTP-U's G-PDU (3GPP TS 29.281, 5.1).
            2152 => {
                let [flags, kind] = *self.read(8)?;
                if flags & 0xf0 != 0x30 || kind != 255 {
                    return None;
                }
                // Of the last three bits any makes the header longer; one says that an extension header follows it.
                let longer = flags & 7;
                if longer == 0 {
                    return Next::of_gtp(16, 0);
                }
                let [extension] = *self.read(19)?;
                Next::of_gtp(20, if flags & 4 == 0 { 0 } else { extension })
            }
            _ => None,
        }
    }

    /// PPP's protocol (RFC 1661, 2), perhaps an address and control field before it (RFC 1662, 3.1).
    #[inline(always)]
    pub(super) fn ppp(&mut self) -> Option<Next> {
        let [first, second, third, fourth] = *self.read(0)?;
        let (before, high, low) = match [first, second] {
            [0xff, 3] => (2, third, fourth),
            _ => (0, first, second),
        };
        // An odd first octet is the whole of a compressed field.
        let (length, protocol) = match high & 1 {
            0 => (2, be16([high, low])),
            _ => (1, high.into()),
        };
        let number = match protocol {
            0x0021 => 0x0800,
            0x0057 => 0x86dd,
            // Labels (RFC 3032, 4.3).
            0x0281 => 0x8847,
            0x0283 => 0x8848,
            _ => return None,
        };
        Next::of_type(before + length, number)
    }

    /// An extension header of GTP-U (3GPP TS 29.281, 5.2), or what is behind the last: nothing says what, but for its first four
    /// bits.
    #[inline(always)]
    pub(super) fn gtp(&mut self) -> Option<Next> {
        let [first] = *self.read(0)?;
        if self.walk.number == 0 {
            return match first >> 4 {
                4 => Next::of_type(0, 0x0800),
                6 => Next::of_type(0, 0x86dd),
                _ => None,
            };
        }
        // In units of four bytes. The last of them is the type of what follows.
        let length = u32::from(first) * 4;
        if length == 0 {
            return None;
        }
        let [extension] = *self.read(length - 1)?;
        Next::of_gtp(length, extension)
    }
}
