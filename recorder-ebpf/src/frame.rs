//! Where in an skb the frame begins, and which way it was going: pure decisions over the skb's offsets.
//!
//! The kernel half runs them on each drop; here they are plain arithmetic, so that the host's tests reach them.

use crate::{
    bit::{Bit, equal, less},
    record::{INCOMING, LINK_HEADER, NO_HEADER, OUTGOING},
};

/// `ARPHRD_ETHER` and `ARPHRD_LOOPBACK` (`include/uapi/linux/if_arp.h`): the devices whose link header is Ethernet's.
const ETHERNET: u16 = 1;
const LOOPBACK: u16 = 772;
/// Bytes of an Ethernet header (`ETH_HLEN`).
const ETHERNET_HEADER: u64 = 14;
/// Bytes of a VLAN tag (`VLAN_HLEN`).
const TAG: u64 = 4;

/// `PACKET_OUTGOING` (`include/uapi/linux/if_packet.h`).
pub const PACKET_OUTGOING: u16 = 4;

/// An skb's headers: offsets in bytes from `skb->head`, and its interfaces.
#[derive(Clone, Copy, Debug)]
pub struct Headers {
    /// `skb->data`
    pub data: u32,
    /// `skb->mac_header`; [`NO_HEADER`]: not set
    pub mac: u16,
    /// `skb->network_header`; 0 or [`NO_HEADER`]: never set
    pub network: u16,
    /// `dev->type`; [`NO_HEADER`]: no device
    pub device_type: u16,
    /// `skb->pkt_type`; `u16::MAX`: not known
    pub pkt_type: u16,
    /// `dev->ifindex`; 0: no device
    pub ifindex: u32,
    /// `skb->skb_iif`; 0: it never came in
    pub iif: u32,
    /// There is a route: IP has taken it over.
    pub has_route: Bit,
    /// The route leads out of the device: a bridge's firewall (`br_netfilter`) and a tunnel give a packet routes that do not.
    pub leaves_here: Bit,
    /// There is a socket.
    pub has_socket: Bit,
    /// The network header is not within the linear part.
    pub is_cut: Bit,
}

/// The same in as few numbers as it fits into: to tell whether they are those of another skb.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Packed {
    offsets: u64,
    interfaces: u64,
    others: u64,
}

impl Packed {
    /// Whether both are the same.
    #[must_use]
    #[inline(always)]
    pub fn is(&self, other: &Self) -> bool {
        let differs = self.offsets ^ other.offsets
            | self.interfaces ^ other.interfaces
            | self.others ^ other.others;
        differs == 0
    }

    /// What was packed.
    #[must_use]
    #[inline(always)]
    pub fn unpack(&self) -> Headers {
        Headers {
            data: self.offsets as u32,
            mac: (self.offsets >> 32) as u16,
            network: (self.offsets >> 48) as u16,
            ifindex: self.interfaces as u32,
            iif: (self.interfaces >> 32) as u32,
            device_type: self.others as u16,
            pkt_type: (self.others >> 16) as u16,
            has_route: Bit::at(self.others, 32),
            leaves_here: Bit::at(self.others, 33),
            has_socket: Bit::at(self.others, 34),
            is_cut: Bit::at(self.others, 35),
        }
    }
}

impl Headers {
    /// See [`Packed`].
    #[must_use]
    #[inline(always)]
    pub fn pack(&self) -> Packed {
        let [mac, network] = [self.mac, self.network].map(u64::from);
        let [device_type, pkt_type] = [self.device_type, self.pkt_type].map(u64::from);
        Packed {
            offsets: u64::from(self.data) | mac << 32 | network << 48,
            interfaces: u64::from(self.ifindex) | u64::from(self.iif) << 32,
            others: device_type
                | pkt_type << 16
                | self.has_route.shifted(32)
                | self.leaves_here.shifted(33)
                | self.has_socket.shifted(34)
                | self.is_cut.shifted(35),
        }
    }

    /// Whether IP is sending the packet, and nothing is before its header yet.
    #[must_use]
    #[inline(always)]
    pub fn is_bare_output(&self) -> Bit {
        let is_behind_link = !equal(self.mac, NO_HEADER) & less(self.mac, self.network);
        equal(self.iif, 0_u32) & self.has_route & equal(self.network, self.data) & !is_behind_link
    }

    /// Offset of the first byte of the frame from `skb->head`, and the `flags` of a record that this decides.
    ///
    /// A link header is believed only where it belongs to the device that the skb is at: a packet that IP forwards still
    /// carries the one that it came in with. Without one, the frame begins at the network header. A direction is left out
    /// where the skb does not tell it.
    #[must_use]
    #[inline(always)]
    pub fn locate(&self) -> (u32, u16) {
        let (data, network) = (u64::from(self.data), u64::from(self.network));
        let is_sent = self.has_route | self.has_socket;
        let never_came = equal(self.iif, 0_u32);
        let has_network = !equal(network, NO_HEADER) & !equal(network, 0_u32) & !self.is_cut;
        // ARP makes the link header itself, and nobody has noted yet where it is (`arp_create`, net/ipv4/arp.c, v6.18).
        let is_unmarked = equal(self.mac, NO_HEADER);
        let is_arp = is_unmarked & !is_sent & never_came & equal(network, data + ETHERNET_HEADER);
        let has_mac = !is_unmarked | is_arp;
        let mac = is_arp.choose(data, self.mac.into());

        let at_link = has_mac & equal(mac, data) & !equal(network, data);
        // What IPsec has taken out between them is gone, and the IP header has moved: what is before it is no frame any more
        // (`xfrm4_transport_input`, net/xfrm/xfrm_input.c, v6.18). A bridge's firewall steps over two tags, or PPPoE.
        let is_apart = self.has_route & less(mac + ETHERNET_HEADER + 2 * TAG, network);
        let is_before_network = !has_network | (less(mac, network) & !is_apart);
        let past_link = has_mac & less(mac, data) & is_before_network;
        let is_another_devices = !never_came & !equal(self.iif, self.ifindex) & self.leaves_here;
        let is_ethernet = equal(self.device_type, ETHERNET) | equal(self.device_type, LOOPBACK);
        let of_device = is_ethernet & (at_link | (past_link & !is_another_devices));
        // Sockets take the device off what they were given, of what was going out a copy; a header of Ethernet's length,
        // or with a tag within it, is then Ethernet's.
        let is_out = equal(self.pkt_type, PACKET_OUTGOING);
        let of_no_device = equal(self.device_type, NO_HEADER)
            & (!never_came | is_out)
            & (at_link | past_link)
            & has_network
            & (equal(network, mac + ETHERNET_HEADER) | equal(network, mac + ETHERNET_HEADER + TAG));
        let has_link_header = of_device | of_no_device;

        // Until the stack has noted the interface, a pulled link header tells a packet that came in; but a bridge, too,
        // pulls that of what this host sends. A driver that has just got a frame looks like one that is to send it, and
        // only IP and sockets tell that it is theirs.
        let is_built = at_link | (has_network & equal(network, data));
        let begins_in = never_came & past_link & !is_sent;
        let begins_out = never_came & !past_link & is_built & is_sent;
        // With a route out of here it is forwarded, and has got as far as that; without, a bridge or a socket has it.
        let is_where_it_came =
            equal(self.ifindex, 0_u32) | (equal(self.ifindex, self.iif) & !at_link);
        let came_in = !never_came & is_where_it_came;
        let goes_on = !never_came & !is_where_it_came & self.leaves_here;
        let incoming = !is_out & (begins_in | came_in);
        let outgoing = is_out | begins_out | goes_on;

        let start = has_link_header.choose(mac, has_network.choose(network, data));
        let flags =
            has_link_header.flag(LINK_HEADER) | incoming.flag(INCOMING) | outgoing.flag(OUTGOING);
        (start as u32, flags)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::format;

    use super::*;

    const YES: Bit = Bit::from_bool(true);
    const NO: Bit = Bit::from_bool(false);

    const HEADERS: Headers = Headers {
        data: 78,
        mac: 64,
        network: 78,
        device_type: ETHERNET,
        pkt_type: 0,
        ifindex: 2,
        iif: 2,
        has_route: NO,
        leaves_here: NO,
        has_socket: NO,
        is_cut: NO,
    };

    #[test]
    fn what_was_packed_is_unpacked() {
        let bits = [YES, NO];
        for number in 0..32 {
            let bit = |place: usize| bits[number >> place & 1];
            let offset = |place: usize| [78, NO_HEADER][number >> place & 1];
            let headers = Headers {
                data: u32::MAX - 1,
                mac: offset(4),
                network: offset(3),
                device_type: offset(2),
                pkt_type: offset(1),
                ifindex: u32::MAX,
                iif: 0x8000_0001,
                has_route: bit(0),
                leaves_here: bit(1),
                has_socket: bit(2),
                is_cut: bit(3),
            };
            assert_eq!(
                format!("{:?}", headers.pack().unpack()),
                format!("{headers:?}")
            );
        }
    }

    #[test]
    fn a_received_packet_begins_at_its_mac_header() {
        assert_eq!(HEADERS.locate(), (64, LINK_HEADER | INCOMING));
    }

    #[test]
    fn a_packet_pulled_up_to_its_transport_header_begins_at_its_mac_header() {
        let headers = Headers {
            data: 98,
            has_route: YES,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (64, LINK_HEADER | INCOMING));
    }

    #[test]
    fn a_packet_in_the_backlog_has_come_in_although_no_interface_is_noted_yet() {
        let headers = Headers {
            iif: 0,
            network: 0,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (64, LINK_HEADER | INCOMING));
    }

    #[test]
    fn what_this_host_sends_through_a_bridge_has_not_come_in() {
        let headers = Headers {
            iif: 0,
            has_route: YES,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (64, LINK_HEADER));
    }

    #[test]
    fn what_a_driver_drops_before_it_looked_at_it_has_no_direction() {
        let headers = Headers {
            mac: NO_HEADER,
            network: 0,
            iif: 0,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (78, 0));
    }

    #[test]
    fn a_frame_that_a_driver_shows_to_xdp_has_its_header_and_no_direction() {
        let headers = Headers {
            data: 64,
            iif: 0,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (64, LINK_HEADER));
    }

    #[test]
    fn what_a_process_writes_to_a_tun_device_that_is_down_does_not_go_out() {
        let headers = Headers {
            device_type: 65534,
            mac: NO_HEADER,
            iif: 0,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (78, 0));
    }

    #[test]
    fn an_arp_packet_that_a_firewall_drops_on_output_has_its_header_at_its_data() {
        let headers = Headers {
            mac: NO_HEADER,
            data: 64,
            iif: 0,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (64, LINK_HEADER));
        let unwritten = Headers {
            has_socket: YES,
            ..headers
        };
        assert_eq!(unwritten.locate().0, 78);
    }

    #[test]
    fn a_packet_that_ip_is_sending_has_nothing_before_it() {
        let headers = Headers {
            mac: NO_HEADER,
            iif: 0,
            has_route: YES,
            ..HEADERS
        };
        assert!(headers.is_bare_output().is_set());
        let wrapped = Headers {
            mac: 114,
            ..headers
        };
        assert!(wrapped.is_bare_output().is_set());
        let bridged = Headers { mac: 64, ..headers };
        assert!(!bridged.is_bare_output().is_set());
    }

    #[test]
    fn what_ipsec_was_taken_out_of_begins_at_its_ip_header() {
        let headers = Headers {
            network: 94,
            data: 114,
            has_route: YES,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (94, INCOMING));
    }

    #[test]
    fn a_packet_in_a_qdisc_begins_at_its_mac_header_and_goes_out() {
        let headers = Headers {
            data: 64,
            iif: 0,
            has_socket: YES,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (64, LINK_HEADER | OUTGOING));
        let forwarded = Headers {
            iif: 3,
            has_route: YES,
            leaves_here: YES,
            ..headers
        };
        assert_eq!(forwarded.locate(), (64, LINK_HEADER | OUTGOING));
    }

    #[test]
    fn a_packet_that_is_sent_back_where_it_came_from_goes_out() {
        let headers = Headers {
            data: 64,
            has_route: YES,
            leaves_here: YES,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (64, LINK_HEADER | OUTGOING));
    }

    #[test]
    fn a_packet_that_a_capturing_socket_looks_at_keeps_its_header_and_has_no_direction() {
        let headers = Headers {
            data: 64,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (64, LINK_HEADER));
        let queued = Headers {
            ifindex: 0,
            device_type: NO_HEADER,
            ..headers
        };
        assert_eq!(queued.locate(), (64, LINK_HEADER | INCOMING));
    }

    #[test]
    fn the_copy_of_a_sent_packet_that_a_capturing_socket_has_begins_at_its_mac_header() {
        let sent = Headers {
            data: 64,
            iif: 0,
            ifindex: 0,
            device_type: NO_HEADER,
            pkt_type: PACKET_OUTGOING,
            ..HEADERS
        };
        assert_eq!(sent.locate(), (64, LINK_HEADER | OUTGOING));
        let tagged = Headers {
            network: 82,
            ..sent
        };
        assert_eq!(tagged.locate(), (64, LINK_HEADER | OUTGOING));
        let unsent = Headers {
            pkt_type: 0,
            ..sent
        };
        assert_eq!(unsent.locate().0, 78);
    }

    #[test]
    fn a_packet_without_a_mac_header_begins_at_its_network_header() {
        let headers = Headers {
            mac: NO_HEADER,
            iif: 0,
            ifindex: 0,
            device_type: NO_HEADER,
            has_socket: YES,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (78, OUTGOING));
    }

    #[test]
    fn the_mac_header_of_the_incoming_interface_is_not_taken_for_the_outgoing_ones() {
        let headers = Headers {
            ifindex: 3,
            has_route: YES,
            leaves_here: YES,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (78, OUTGOING));
    }

    #[test]
    fn a_bridge_forwards_the_mac_header_as_it_is() {
        let headers = Headers {
            ifindex: 3,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (64, LINK_HEADER));
        let with_firewall = Headers {
            has_route: YES,
            ..headers
        };
        assert_eq!(with_firewall.locate(), (64, LINK_HEADER));
    }

    #[test]
    fn a_tunnel_without_link_headers_has_none() {
        let headers = Headers {
            device_type: 65534,
            mac: 78,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (78, INCOMING));
    }

    #[test]
    fn a_link_header_that_is_not_ethernets_is_left_out() {
        let headers = Headers {
            device_type: 778,
            mac: 54,
            data: 54,
            iif: 0,
            has_socket: YES,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (78, OUTGOING));
    }

    #[test]
    fn a_mac_header_where_the_network_header_is_is_none() {
        let headers = Headers {
            mac: 78,
            data: 98,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (78, INCOMING));
    }

    #[test]
    fn a_packet_whose_socket_took_the_device_off_keeps_its_ethernet_header() {
        let headers = Headers {
            ifindex: 0,
            device_type: NO_HEADER,
            data: 98,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (64, LINK_HEADER | INCOMING));
        let encapsulated = Headers { mac: 40, ..headers };
        assert_eq!(encapsulated.locate(), (78, INCOMING));
    }

    #[test]
    fn an_skb_of_nobody_goes_nowhere() {
        let headers = Headers {
            data: 0,
            is_cut: YES,
            mac: NO_HEADER,
            network: 0,
            device_type: NO_HEADER,
            ifindex: 0,
            iif: 0,
            ..HEADERS
        };
        assert_eq!(headers.locate(), (0, 0));
    }
}
