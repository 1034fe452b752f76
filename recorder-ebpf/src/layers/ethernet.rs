//! Ethernet's header, tags, and what else stands before a type.

use super::{FIRST_TYPE, Next, Source, Step, be16};

/// The largest length (IEEE 802.3, 3.2.6).
const LAST_LENGTH: u16 = 1500;

impl<S: Source> Step<'_, S> {
    /// IEEE 802.3, 3.1.1; or Cisco's inter-switch link, whose header is a frame's with SNAP, a VLAN and four bytes more before
    /// the frame itself, and whose group says what kind of frame that is.
    #[inline(always)]
    pub(super) fn ethernet(&mut self) -> Option<Next> {
        let number = be16(*self.read(12)?);
        let [first, group @ .., kind]: [u8; 6] = *self.read(0)?;
        if (first & !2, group, kind >> 4) == (1, [0, 0x0c, 0, 0], 0)
            && *self.read(14)? == [0xaa, 0xaa, 3, 0, 0, 0x0c]
        {
            return Next::ethernet(26);
        }
        Next::of_type(14, number)
    }

    #[inline(always)]
    pub(super) fn of_type(&mut self) -> Option<Next> {
        let number = self.walk.number;
        if number < FIRST_TYPE {
            return self.llc(number);
        }
        self.walk.meet(number, self.asked);
        match number {
            0x0800 => self.ipv4(),
            0x86dd => self.ipv6(),
            // Tags of 802.1Q and 802.1ad, and those that were used before there was 802.1ad.
            0x8100 | 0x88a8 | 0x9100 | 0x9200 | 0x9300 => self.tag(2),
            // HSR's (IEC 62439-3, 5.6), VN-Tag, R-Tag (IEEE 802.1CB, 7.8).
            0x892f | 0x8926 | 0xf1c1 => self.tag(4),
            // E-Tag (IEEE 802.1BR, 7.6), Cisco's metadata.
            0x893f | 0x8909 => self.tag(6),
            // MACsec (IEEE 802.1AE, 9), where it neither encrypts nor changes; an identifier may be in it.
            0x88e5 => {
                let [control] = *self.read(0)?;
                if control & 0x0c != 0 {
                    return None;
                }
                self.tag(if control & 0x20 == 0 { 6 } else { 14 })
            }
            0x8847 | 0x8848 => self.mpls(),
            // PPPoE's session (RFC 2516, 4).
            0x8864 => Next::ppp(6),
            // Provider backbone: a service instance tag, and a frame (IEEE 802.1Q, 9.7).
            0x88e7 => Next::ethernet(4),
            // Transparent Ethernet bridging, as tunnels call a frame.
            0x6558 => Next::ethernet(0),
            // ERSPAN's second header, which is eight bytes, and its third.
            0x88be => Next::ethernet(8),
            0x22eb => self.erspan(),
            0x894f => self.nsh(),
            // TRILL, with options of so many words (RFC 6325, 3).
            0x22f3 => {
                let options = be16(*self.read(0)?) >> 6 & 0x1f;
                Next::ethernet(6 + 4 * u32::from(options))
            }
            // B.A.T.M.A.N. Advanced: to all, to one, to one with the source (`include/uapi/linux/batadv_packet.h`, v6.18).
            0x4305 => match *self.read(0)? {
                [0x01, 15] => Next::ethernet(14),
                [0x40, 15] => Next::ethernet(10),
                [0x42, 15] => Next::ethernet(18),
                _ => None,
            },
            _ => None,
        }
    }

    /// A type, or a length, behind so many bytes of a tag.
    #[inline(always)]
    fn tag(&mut self, length: u32) -> Option<Next> {
        let number = be16(*self.read(length)?);
        Next::of_type(length + 2, number)
    }

    /// What is behind a length: ISO/IEC 8802-2's header of unnumbered information, with IP (RFC 948) or SNAP, which names a type
    /// again (IEEE 802, 10.3; IEEE 802.1H) or announces a frame behind two bytes (RFC 2684, 5.2).
    #[inline(always)]
    fn llc(&mut self, length: u16) -> Option<Next> {
        if length > LAST_LENGTH {
            return None;
        }
        let [dsap, ssap, control] = *self.read(0)?;
        // Beside the address stands whether it is a group's or an answer, beside the format whether an answer is wanted.
        if (dsap ^ ssap) & !1 != 0 || control & !0x10 != 3 {
            return None;
        }
        match dsap & !1 {
            0x06 => Next::unannounced(3),
            0xaa => {
                let [a, b, c, high, low]: [u8; 5] = *self.read(3)?;
                let number = be16([high, low]);
                match ([a, b, c], number) {
                    ([0, 0, 0 | 0xf8], _) => Next::of_tunnelled(8, number),
                    ([0, 0x80, 0xc2], 1 | 7) => Next::ethernet(10),
                    // The frame may be an inter-switch link's: its address, which is not at hand, says so.
                    ([0, 0, 0x0c], _) => {
                        self.walk.wants = u32::MAX;
                        None
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
