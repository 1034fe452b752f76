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
/// Bits 0 and 1, the lowest, are the direction, bits 2 to 4 the reception type. The others are kept as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u32);

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
    fn bits_without_a_name_are_kept() {
        assert_eq!(Flags::from_word(u32::MAX).word(), u32::MAX);
        assert_eq!(Flags::from_word(u32::MAX).direction(), None);
        assert_eq!(Flags::from_word(u32::MAX).reception(), None);
    }
}
