//! What is within tunnels: where the next header is, and what.

use super::{Next, Source, Step, be16};

impl<S: Source> Step<'_, S> {
    /// A label (RFC 3032, 2.1). What is behind the last one tells by its first four bits what it is; with 0, which is no
    /// version of IP, begins a control word (RFC 4385, 3), or the address of a frame without one (RFC 4448, 4.6).
    #[inline(always)]
    pub(super) fn mpls(&mut self) -> Option<Next> {
        let [_, _, bottom, _, first] = *self.read(0)?;
        if bottom & 1 == 0 {
            // All labels are of one type, which says whether they are multicast's (RFC 5332).
            return Next::of_type(4, self.walk.number);
        }
        if first >> 4 != 0 {
            return Next::unannounced(4);
        }
        Next::ethernet(if self.is_frame(4)? { 4 } else { 8 })
    }

    /// What looks like a frame is one, whatever its address begins with; else it is IP, if it begins like it.
    #[inline(always)]
    pub(super) fn unannounced(&mut self) -> Option<Next> {
        if self.is_frame(0)? {
            return Next::ethernet(0);
        }
        let [first] = *self.read(0)?;
        match first >> 4 {
            4 => Next::of_type(0, 0x0800),
            6 => Next::of_type(0, 0x86dd),
            _ => None,
        }
    }

    /// Whether what is at a distance looks like a frame: its type is one that frames within tunnels have, and what follows is as
    /// the type says. No packet of IP is as short as what is read for it.
    #[inline(always)]
    fn is_frame(&mut self, distance: u32) -> Option<bool> {
        let [a, b, first, second, high, low] = *self.read(distance + 12)?;
        Some(match be16([a, b]) {
            0x0800 => first >> 4 == 4,
            0x86dd => first >> 4 == 6,
            0x0806 => [first, second] == [0, 1],
            0x8100 | 0x88a8 => {
                let number = be16([high, low]);
                matches!(number, 0x0800 | 0x0806 | 0x86dd | 0x8100 | 0x88a8)
            }
            _ => false,
        })
    }

    /// A network service header, of so many words (RFC 8300, 2.2).
    #[inline(always)]
    pub(super) fn nsh(&mut self) -> Option<Next> {
        let [_, length, _, next] = *self.read(0)?;
        let length = u32::from(length & 0x3f) * 4;
        if length < 8 {
            return None;
        }
        Self::numbered(length, next)
    }

    /// What NSH's and VXLAN-GPE's numbers announce (IANA's *NSH Next Protocol*).
    #[inline(always)]
    fn numbered(distance: u32, next: u8) -> Option<Next> {
        match next {
            1 | 2 => Next::unannounced(distance),
            3 => Next::ethernet(distance),
            4 => Next::of_type(distance, 0x894f),
            5 => Next::of_type(distance, 0x8847),
            _ => None,
        }
    }

    /// RFC 2784, 2.1, with RFC 2890's key and number. Its type counts whatever is done with what it announces.
    #[inline(always)]
    pub(super) fn gre(&mut self) -> Option<Next> {
        let [flags, version, high, low] = *self.read(0)?;
        let number = be16([high, low]);
        self.walk.meet(number, self.asked);
        match version & 7 {
            0 => {}
            // PPTP's (RFC 2637, 4.1), which always has a key. Without a sequence number it only acknowledges.
            1 if number == 0x880b && flags & 0x10 != 0 => {
                return Next::ppp(12 + 4 * u32::from(version >> 7));
            }
            // Ethernet between MikroTik's routers, with a key too.
            1 if number == 0x6400 => return Next::ethernet(8),
            _ => return None,
        }
        let is_routed = flags >> 6 & 1;
        let optional = (flags >> 7 | is_routed) + (flags >> 5 & 1) + (flags >> 4 & 1);
        let length = 4 + 4 * u32::from(optional);
        if is_routed != 0 {
            return Next::route(length, number);
        }
        // ERSPAN: without a sequence number it has no header of its own (draft-foschiano-erspan, 4).
        if number == 0x88be && flags & 0x10 == 0 {
            return Next::ethernet(length);
        }
        Next::of_tunnelled(length, number)
    }

    /// ERSPAN's third header (draft-foschiano-erspan, 4.3), which says what is mirrored.
    #[inline(always)]
    pub(super) fn erspan(&mut self) -> Option<Next> {
        let flags = be16(*self.read(10)?);
        // The platform's own part follows where the last bit says so.
        let length = 12 + 8 * u32::from(flags & 1);
        match flags >> 10 & 0x1f {
            0 => Next::ethernet(length),
            2 => Next::unannounced(length),
            _ => None,
        }
    }

    /// An entry of a route (RFC 1701): a family and a length, of which the last has neither.
    #[inline(always)]
    pub(super) fn route(&mut self) -> Option<Next> {
        let [high, low, _, length] = *self.read(0)?;
        let number = self.walk.number;
        if [high, low, length] == [0; 3] {
            return Next::of_tunnelled(4, number);
        }
        Next::route(4 + u32::from(length), number)
    }

    /// What UDP carries, by the port that it goes to or else by the one that it comes from.
    #[inline(always)]
    pub(super) fn udp(&mut self, source: u16, destination: u16) -> Option<Next> {
        let is_tunnel = matches!(
            destination,
            1701 | 2152 | 3544 | 4789 | 4790 | 6081 | 6635 | 8472
        );
        match if is_tunnel { destination } else { source } {
            // VXLAN (RFC 7348, 5), on the port that Linux had first too: it carries a frame, but where it is VXLAN-GPE and says
            // otherwise (draft-ietf-nvo3-vxlan-gpe, 3).
            4789 | 4790 | 8472 => {
                let [flags, _, _, next] = *self.read(8)?;
                match flags & 0x0c {
                    0x08 => Next::ethernet(16),
                    0x0c => Self::numbered(16, next),
                    _ => None,
                }
            }
            // Geneve (RFC 8926, 3.4): of another version, nobody knows what its header is.
            6081 => {
                let [options, _, high, low] = *self.read(8)?;
                if options >> 6 != 0 {
                    return None;
                }
                let length = 16 + 4 * u32::from(options & 0x3f);
                Next::of_tunnelled(length, be16([high, low]))
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
            1701 => self.l2tp(),
            3544 => self.teredo(),
            _ => None,
        }
    }

    /// L2TP's second version (RFC 2661, 3.1): flags, then a length, two identifiers, sequence numbers, an offset.
    #[inline(always)]
    fn l2tp(&mut self) -> Option<Next> {
        let flags = be16(*self.read(8)?);
        // What the first bit marks controls; what is reserved is 0.
        if flags & 0xb4ff != 2 {
            return None;
        }
        let length = 14 + u32::from(flags >> 14 & 1) * 2 + u32::from(flags >> 11 & 1) * 4;
        if flags & 0x0200 == 0 {
            return Next::ppp(length);
        }
        let offset = be16(*self.read(length)?);
        Next::ppp(length + 2 + u32::from(offset))
    }

    /// IPv6, behind an authentication and where it was first sent from (RFC 4380, 5.1.1).
    #[inline(always)]
    fn teredo(&mut self) -> Option<Next> {
        let mut length = 8;
        let [zero, one, identifier, authentication] = *self.read(length)?;
        if [zero, one] == [0, 1] {
            // A nonce and a confirmation are behind these two.
            length += 13 + u32::from(identifier) + u32::from(authentication);
        }
        if *self.read(length)? == [0, 0] {
            length += 8;
        }
        Next::unannounced(length)
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

    /// An extension header of GTP-U (3GPP TS 29.281, 5.2).
    #[inline(always)]
    pub(super) fn gtp(&mut self) -> Option<Next> {
        let [first] = *self.read(0)?;
        // In units of four bytes. The last of them is the type of what follows.
        let length = u32::from(first) * 4;
        if length == 0 {
            return None;
        }
        let [extension] = *self.read(length - 1)?;
        Next::of_gtp(length, extension)
    }
}
