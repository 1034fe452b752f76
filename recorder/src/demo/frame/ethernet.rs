//! Frames from the sender's interface: Ethernet II with a type, and IEEE 802.3 with a length in its place.

/// A link-layer address.
pub(crate) type MacAddress = [u8; 6];

/// The sender's address on every link, a locally administered one.
pub(crate) const SENDER: MacAddress = [0x02, 0, 0, 0, 0, 0x01];
/// A host's address on its link to the sender.
pub(crate) const HOST: MacAddress = [0x02, 0, 0, 0, 0, 0x02];

// EtherTypes of the IEEE's registry.
pub(crate) const ETHERTYPE_IPV4: u16 = 0x0800;
pub(crate) const ETHERTYPE_VLAN: u16 = 0x8100;
pub(crate) const ETHERTYPE_IPV6: u16 = 0x86dd;
/// "Local Experimental Ethertype 1" (IEEE 802): never assigned to anybody.
pub(crate) const ETHERTYPE_EXPERIMENTAL: u16 = 0x88b5;

/// A frame whose third field says what its payload is.
pub(crate) fn ethernet(destination: MacAddress, ethertype: u16, payload: &[u8]) -> Vec<u8> {
    [&destination[..], &SENDER, &ethertype.to_be_bytes(), payload].concat()
}

/// A frame whose third field says how long its payload is, which begins with an IEEE 802.2 LLC header.
///
/// `payload` is at most 1500 bytes long: from 0x0600 on, the field would be a type.
pub(crate) fn ieee_802_3(destination: MacAddress, payload: &[u8]) -> Vec<u8> {
    ethernet(destination, payload.len() as u16, payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The third field of an 802.3 frame is the payload's length.
    #[test]
    fn an_802_3_frame_has_a_length_for_a_type() {
        assert_eq!(
            ieee_802_3(HOST, &[0x42, 0x42, 0x03]),
            [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0, 3, 0x42, 0x42, 3]
        );
    }
}
