//! A number that stands alone: a reason by its number, an address, or `skb->protocol`.

use super::{
    asked::Unknown,
    card::{Card, Kind},
    here::{Here, release},
    protocol,
};
use crate::{explain, identify::ether_type};

/// A reason of the running kernel by its number.
pub(super) fn reason(number: u32, here: &Here) -> Result<Card, Unknown> {
    let Some(reasons) = here.reasons() else {
        return Err(Unknown(format!(
            "reason {number}: each kernel numbers its reasons otherwise, and this one does not tell its own: give the name"
        )));
    };
    let name = reasons.name(number);
    if reasons.number(&name).is_none() {
        return Err(Unknown(format!(
            "reason {number}: this kernel ({}) has none of that number, or its module is not loaded; others number them otherwise",
            release()
        )));
    }
    match explain::reason(&name) {
        Some(known) => Ok(Card::explained(Kind::Reason, known, Some(number))),
        None => Err(Unknown(format!(
            "reason {number} is {name} in this kernel, which droprec does not know more of"
        ))),
    }
}

/// What is at an address of the running kernel.
fn address(address: u64, here: &Here) -> Result<Card, Unknown> {
    let Some(location) = here.function_at(address) else {
        return Err(Unknown(format!(
            "{address:#x} looks like an address: each start of the kernel has others. Give the function (`dropwatch -l kas` \
             prints it), or ask as root on the machine where it was seen"
        )));
    };
    let function = explain::function(&location);
    match explain::location(function) {
        Some(known) => Ok(Card::explained(Kind::Place, known, None)),
        None => Err(Unknown(format!(
            "{address:#x} is {location}: droprec knows nothing of drops there"
        ))),
    }
}

/// The function and offset at an address, if droprec knows what drops there mean.
pub(super) fn function(address: &str, here: &Here) -> Option<String> {
    let address = u64::from_str_radix(address.strip_prefix("0x")?, 16).ok()?;
    let location = here.function_at(address)?;
    explain::location(&location).is_some().then_some(location)
}

/// All that a number may be. `None`: it is none.
pub(super) fn cards(word: &str, here: &Here) -> Option<Result<Vec<Card>, Unknown>> {
    let lower = word.to_ascii_lowercase();
    if let Some(digits) = lower.strip_prefix("0x") {
        let number = u64::from_str_radix(digits, 16).ok()?;
        return Some(match (u16::try_from(number), u32::try_from(number)) {
            (Ok(number), _) => Ok(vec![protocol::card(number)]),
            // The kernel's tracing prints the reasons of subsystems so.
            (_, Ok(number)) => reason(number, here).map(|card| vec![card]),
            _ => address(number, here).map(|card| vec![card]),
        });
    }
    if !lower.bytes().all(|byte| byte.is_ascii_hexdigit()) || lower.is_empty() {
        return None;
    }
    let is_decimal = lower.bytes().all(|byte| byte.is_ascii_digit());
    if lower.len() == 16 {
        let number = u64::from_str_radix(&lower, 16).ok()?;
        return Some(address(number, here).map(|card| vec![card]));
    }
    // `printf "%x"` writes neither `0x` nor zeros: 400 and 4 are a protocol as well as a number.
    let protocol = u16::from_str_radix(&lower, 16).ok();
    let trap = protocol.filter(|number| protocol::is_trap(*number));
    if lower.len() == 4 && (lower.starts_with('0') || !is_decimal) {
        return Some(Ok(vec![protocol::card(protocol?)]));
    }
    if !is_decimal {
        return None;
    }
    let number: u32 = lower.parse().ok()?;
    // The kernel's tracing prints protocols as decimal numbers.
    let traced = u16::try_from(number)
        .ok()
        .filter(|number| ether_type(*number).is_some());
    // `8847`: as people write EtherTypes.
    let written = protocol.filter(|number| lower.len() == 4 && ether_type(*number).is_some());
    let cards = trap.or(traced).or(written).map(protocol::card);
    Some(match reason(number, here) {
        Ok(card) => Ok([card].into_iter().chain(cards).collect()),
        Err(unknown) => match cards {
            Some(card) => Ok(vec![card]),
            None => Err(unknown),
        },
    })
}
