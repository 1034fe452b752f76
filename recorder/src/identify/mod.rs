//! What a frame is, in words: one short phrase for the sentence "*phrase* dropped, no handler for its protocol".
//!
//! Everything below the network layer is read here, because etherparse takes a length field for an `EtherType`.
//! IP headers, but for the extensions of IPv6, and ARP are etherparse's. Of what they carry only fixed fields are read: etherparse wants whole headers,
//! and a recorded frame may end anywhere.
//!
//! What is within a packet follows what is around it, after a comma. A field is told only if it was captured; a protocol that
//! is known by nothing but a port, only if its payload looks like it.

mod access;
mod address;
mod bridge;
mod ethernet;
mod field;
pub mod flow;
mod foreign;
mod industrial;
mod internet;
mod lan;
mod link;
mod phrase;
mod service;
mod tunnel;

#[cfg(test)]
mod tests;

use phrase::Phrase;

/// Appends to `out` what `frame` is: a phrase without line breaks, control characters and quotes, of less than 512 bytes.
///
/// `frame` holds the captured octets from the destination MAC address on and may end anywhere; `len` is the frame's true length.
/// Checksums are not looked at, but where nothing else tells an IP packet.
pub fn describe(out: &mut String, frame: &[u8], len: u32) {
    // A `String` takes whatever is written to it: the result only ends the phrase.
    let len = len as usize;
    let _ = ethernet::describe(&mut Phrase::new(out, frame, len), frame, Some(len));
}

/// The protocol of an `EtherType`, by name. `None`: it is none, or has none.
#[must_use]
pub fn ether_type(number: u16) -> Option<&'static str> {
    (number >= ethernet::ethertype::MIN)
        .then(|| ethernet::ethertype::name(number))
        .flatten()
}

/// What the packets of a link type are, by its number in files.
#[must_use]
pub fn link_type(number: u32) -> Option<&'static str> {
    link::name::of(number)
}

/// Appends to `out` what `packet` is, as [`describe`] does, if it begins as `link_type` says.
///
/// `link_type` is a number of the registry at <https://www.tcpdump.org/linktypes.html>, as files hold it. One that is
/// not looked into is named: `Bluetooth HCI H4 packet`; an unknown one is its number.
pub fn describe_link_type(out: &mut String, link_type: u32, packet: &[u8], len: u32) {
    let len = len as usize;
    let _ = link::describe(&mut Phrase::new(out, packet, len), link_type, packet, len);
}
