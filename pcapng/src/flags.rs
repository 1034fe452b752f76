//! The `epb_flags` word: which way a packet went and whom it was for.

/// Which way a packet went, seen from the machine that captured it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It was received.
    Inbound,
    /// It was sent.
    Outbound,
}

/// Whom a received packet was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reception {
    /// This machine.
    Unicast,
    /// A group.
    Multicast,
    /// Everyone.
    Broadcast,
    /// Another machine; seen all the same.
    Promiscuous,
}

/// The 32 bits of `epb_flags` (draft-ietf-opsawg-pcapng, section 4.3.1).
///
/// Bits 0 and 1, the lowest, are the direction, bits 2 to 4 the reception type; bits 9 to 11 tell of work that is left to
/// the hardware or was done by it. The others are kept as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u32);

/// The checksum is still to be computed.
const CHECKSUM_NOT_READY: u32 = 1 << 9;
/// The checksum was found right.
const CHECKSUM_VALID: u32 = 1 << 10;
/// TCP segments that are still, or already, one packet.
const TCP_SEGMENTATION_OFFLOADED: u32 = 1 << 11;

impl Flags {
    /// A received packet.
    #[must_use]
    pub const fn inbound(reception: Reception) -> Self {
        let reception = match reception {
            Reception::Unicast => 1,
            Reception::Multicast => 2,
            Reception::Broadcast => 3,
            Reception::Promiscuous => 4,
        };
        Self(reception << 2 | 1)
    }

    /// A sent packet.
    #[must_use]
    pub const fn outbound() -> Self {
        Self(2)
    }

    /// Says too that the transport layer's checksum is not ready: what stands in its place is not to be checked, as the
    /// hardware was to compute it. On Linux `CHECKSUM_PARTIAL` (`include/linux/skbuff.h`), which packet(7) tells as
    /// `TP_STATUS_CSUMNOTREADY`.
    #[must_use]
    pub const fn with_checksum_not_ready(self) -> Self {
        Self(self.0 | CHECKSUM_NOT_READY)
    }

    /// Says too that the transport layer's checksum is known to be right. On Linux `CHECKSUM_UNNECESSARY`
    /// (`include/linux/skbuff.h`); packet(7) tells it as `TP_STATUS_CSUM_VALID`, as it does `CHECKSUM_COMPLETE`
    /// (`tpacket_rcv` in `net/packet/af_packet.c`).
    #[must_use]
    pub const fn with_checksum_valid(self) -> Self {
        Self(self.0 | CHECKSUM_VALID)
    }

    /// Says too that the packet stands for several TCP segments, which the hardware was to cut it into, or which were
    /// merged on receipt. On Linux a `gso_size` other than 0 and `SKB_GSO_TCPV4` or `SKB_GSO_TCPV6`
    /// (`include/linux/skbuff.h`), which packet(7) tells as `TP_STATUS_GSO_TCP`.
    #[must_use]
    pub const fn with_tcp_segmentation_offloaded(self) -> Self {
        Self(self.0 | TCP_SEGMENTATION_OFFLOADED)
    }

    /// Flags from the word in a file, which may say more than this type has names for.
    #[must_use]
    pub const fn from_word(word: u32) -> Self {
        Self(word)
    }

    /// The word as it stands in a file.
    #[must_use]
    pub const fn word(self) -> u32 {
        self.0
    }

    /// The direction; `None` where the word does not tell.
    #[must_use]
    pub const fn direction(self) -> Option<Direction> {
        match self.0 & 0b11 {
            1 => Some(Direction::Inbound),
            2 => Some(Direction::Outbound),
            _ => None,
        }
    }

    /// The reception type; `None` where the word does not tell.
    #[must_use]
    pub const fn reception(self) -> Option<Reception> {
        match self.0 >> 2 & 0b111 {
            1 => Some(Reception::Unicast),
            2 => Some(Reception::Multicast),
            3 => Some(Reception::Broadcast),
            4 => Some(Reception::Promiscuous),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_reception_gives_the_word_of_the_draft() {
        for (reception, word) in [
            (Reception::Unicast, 0b0_0101),
            (Reception::Multicast, 0b0_1001),
            (Reception::Broadcast, 0b0_1101),
            (Reception::Promiscuous, 0b1_0001),
        ] {
            let flags = Flags::inbound(reception);
            assert_eq!(flags.word(), word);
            assert_eq!(flags.reception(), Some(reception));
            assert_eq!(flags.direction(), Some(Direction::Inbound));
        }
    }

    #[test]
    fn a_sent_packet_has_a_direction_and_no_reception() {
        assert_eq!(Flags::outbound().word(), 2);
        assert_eq!(Flags::outbound().direction(), Some(Direction::Outbound));
        assert_eq!(Flags::outbound().reception(), None);
    }

    #[test]
    fn what_is_left_to_the_hardware_is_told_in_the_bits_of_the_draft_and_changes_no_others() {
        let flags = Flags::inbound(Reception::Unicast);
        for (said, bit) in [
            (flags.with_checksum_not_ready(), 9),
            (flags.with_checksum_valid(), 10),
            (flags.with_tcp_segmentation_offloaded(), 11),
        ] {
            assert_eq!(said.word(), 0b101 | 1 << bit);
            assert_eq!(said.direction(), Some(Direction::Inbound));
            assert_eq!(said.reception(), Some(Reception::Unicast));
        }
        let all = Flags::default()
            .with_checksum_not_ready()
            .with_checksum_valid()
            .with_tcp_segmentation_offloaded();
        assert_eq!(all.word(), 0b1110_0000_0000);
        assert_eq!(all.direction(), None);
    }

    #[test]
    fn bits_without_a_name_are_kept() {
        assert_eq!(Flags::from_word(u32::MAX).word(), u32::MAX);
        assert_eq!(Flags::from_word(u32::MAX).direction(), None);
        assert_eq!(Flags::from_word(u32::MAX).reception(), None);
    }
}
