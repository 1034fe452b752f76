//! A number that stands in `skb->protocol`, or in a frame's type/length field.

use super::card::{Card, Kind};
use crate::{
    explain::unhandled::{self, trap},
    identify::ether_type,
};

/// The largest length that an 802.3 frame tells in place of an `EtherType` (IEEE 802.3, 3.2.6).
const MAX_LENGTH: u16 = 1500;

/// The number itself is no `EtherType`, or its bytes in the other order are none.
pub(super) fn is_trap(number: u16) -> bool {
    trap(number).is_some() || trap(number.swap_bytes()).is_some()
}

/// What is known of a number.
pub(super) fn card(number: u16) -> Card {
    let swapped = number.swap_bytes();
    let name = format!("{number:#06x}");
    let of = |meaning: String| Card::of(Kind::Protocol, name.clone(), meaning);
    if let Some(text) = trap(number) {
        let card = Card {
            phrase: Some("a mark of the kernel's own in skb->protocol"),
            ..of(text.to_owned())
        };
        return with_remedy(card, number);
    }
    if let Some(text) = trap(swapped) {
        let length = format!(
            "In a frame, what stands where others have an EtherType is a length if it is below 0x0600: {number:#06x} is an 802.3 \
             frame with {number} bytes of data, whatever lists of old EtherTypes say (0x0400: Nixdorf)."
        );
        let card = Card {
            phrase: Some("no EtherType, but skb->protocol without ntohs, or a length"),
            ..of(format!("{text}\n{length}"))
        };
        return with_remedy(card, swapped);
    }
    if let Some(protocol) = ether_type(number) {
        return with_sender(
            of(format!("EtherType {number:#06x}: {protocol}.")),
            protocol,
        );
    }
    if number < 0x0600 {
        let length = if number <= MAX_LENGTH {
            let mark = if is_mark(number) {
                "; in skb->protocol it is a mark of the kernel's own (linux/if_ether.h)"
            } else {
                ""
            };
            format!(
                "No EtherType: they begin at 0x0600. In a frame it is a length, of an 802.3 frame with {number} bytes of data{mark}."
            )
        } else {
            "No EtherType: they begin at 0x0600; nor the length of an 802.3 frame, which is 1500 at most.".to_owned()
        };
        let other = ether_type(swapped).map(|protocol| {
            format!(
                "\nIf it was printed without ntohs, it is EtherType {swapped:#06x}: {protocol}."
            )
        });
        return of(length + other.as_deref().unwrap_or_default());
    }
    of(match ether_type(swapped) {
        Some(protocol) => format!(
            "No EtherType that droprec knows. If it was printed without ntohs, it is {swapped:#06x}: {protocol}."
        ),
        None => "No EtherType that droprec knows.".to_owned(),
    })
}

/// Whether the kernel marks frames so that have no `EtherType`: the numbers from `ETH_P_802_3` to `ETH_P_MCTP`
/// (`include/uapi/linux/if_ether.h`, v6.18).
fn is_mark(number: u16) -> bool {
    matches!(number, 0x01..=0x09 | 0x0c..=0x0e | 0x10 | 0x11 | 0x15..=0x1c | 0xf5..=0xfa)
}

/// With what ends the drops of frames that the kernel marks so.
fn with_remedy(card: Card, mark: u16) -> Card {
    let check = match mark {
        0x0004 => {
            "See the frame: spanning tree (DSAP and SSAP 0x42), CDP and PVST+ (SNAP, 0xaa) come like this. `droprec explain STP` \
             and the like tell what ends the drops."
        }
        _ => {
            "See the frame: it begins with 0xffff behind its length, as IPX does on 802.3. `droprec explain IPX`."
        }
    };
    Card {
        check: Some(check.to_owned()),
        ..card
    }
}

/// With who sends such frames, where nothing handles them.
fn with_sender(mut card: Card, protocol: &str) -> Card {
    if let Some(frame) = unhandled::of(protocol) {
        card.meaning.push('\n');
        card.meaning.push_str(frame.sender);
        card.check = Some(frame.remedy.to_owned());
    }
    card
}
