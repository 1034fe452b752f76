//! What a frame is, in words: one short phrase for the sentence "*phrase* dropped, no handler for its protocol".
//!
//! Everything below the network layer is read here, because etherparse takes a length field for an `EtherType`.
//! IP headers and ARP are etherparse's. Of the transport headers only fixed fields are read: etherparse wants whole headers,
//! and a recorded frame may end anywhere.

mod address;
mod arp;
mod endpoints;
mod ethernet;
mod ethertype;
mod icmp;
mod icmpv6;
mod igmp;
mod ipv4;
mod ipv6;
mod llc;
mod payload;
mod snap;
mod stp;
mod subtype;
mod tcp;
mod transport;
mod udp;

#[cfg(test)]
mod tests;

/// Appends to `out` what `frame` is: a phrase without line breaks, control characters and quotes.
///
/// `frame` holds the captured octets from the destination MAC address on and may end anywhere; `len` is the frame's true length.
/// Checksums are not looked at.
pub fn describe(out: &mut String, frame: &[u8], len: u32) {
    // A `String` takes whatever is written to it: the result is there for `?` only.
    let _ = ethernet::describe(out, frame, len);
}
