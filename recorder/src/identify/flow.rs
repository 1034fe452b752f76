//! Between whom a packet went: its outermost addresses, and the ports where it has any.

use std::{
    fmt::Write as _,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use etherparse::{IpNumber, LaxIpv4Slice, ip_number};

use super::{
    address,
    ethernet::{self, ethertype, llc},
    field,
    internet::{ipv6, transport},
};

/// What the packets of a conversation have in common, in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flow {
    /// From a host to another.
    Internet {
        /// Who sent it.
        source: IpAddr,
        /// Whom it was for.
        destination: IpAddr,
        /// By IANA's *Assigned Internet Protocol Numbers*.
        protocol: u8,
        /// Of both; none where it has none, or where they are not in the file.
        ports: Option<(u16, u16)>,
    },
    /// From a station to another, of what is no IP.
    Link {
        /// Who sent it.
        source: [u8; 6],
        /// Whom it was for.
        destination: [u8; 6],
        /// Of what.
        carries: Carries,
    },
}

/// What is in a frame that is no IP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carries {
    /// What this announces.
    EtherType(u16),
    /// What is for this service access point.
    Llc(u8),
}

/// The flow of a packet that begins as `link_type` says, and is `len` octets long, of which `packet` are the first. `None`: it
/// has no addresses, or they are not in the file.
#[must_use]
pub fn of(link_type: u32, packet: &[u8], len: u32) -> Option<Flow> {
    let missing = (len as usize).saturating_sub(packet.len());
    let cooked = |protocol, header| {
        let protocol = field::be16(packet, protocol)?;
        let (ether_type, payload) = ethernet::untagged(protocol, packet.get(header..)?)?;
        internet(ether_type, payload, missing)
    };
    match link_type {
        1 => frame(packet, missing),
        113 => cooked(14, 16),
        276 => cooked(0, 20),
        0 | 108 => bare(packet.get(4..)?, missing),
        12 | 14 | 101 | 228 | 229 => bare(packet, missing),
        _ => None,
    }
}

fn frame(frame: &[u8], missing: usize) -> Option<Flow> {
    let (ether_type, payload) = ethernet::untagged(field::be16(frame, 12)?, frame.get(14..)?)?;
    internet(ether_type, payload, missing).or_else(|| {
        let (destination, source) = (field::octets(frame, 0)?, field::octets(frame, 6)?);
        let is_made_up = (destination, source) == ([0; 6], [0; 6]);
        (!is_made_up).then_some(Flow::Link {
            source,
            destination,
            carries: match (ether_type, payload.first()) {
                (ethertype::MIN.., _) => Carries::EtherType(ether_type),
                (_, Some(access_point)) => Carries::Llc(*access_point),
                (_, None) => return None,
            },
        })
    })
}

fn internet(ether_type: u16, packet: &[u8], missing: usize) -> Option<Flow> {
    match ether_type {
        ethertype::IPV4 | ethertype::IPV6 => bare(packet, missing),
        _ => None,
    }
}

/// An IP packet of the version that its first four bits tell, of which at most `missing` octets are not there.
fn bare(packet: &[u8], missing: usize) -> Option<Flow> {
    let (source, destination, number, payload) = match packet.first()? >> 4 {
        4 => {
            let (packet, stopped) = LaxIpv4Slice::from_slice(packet).ok()?;
            let (header, payload) = (packet.header(), packet.payload());
            let is_whole = stopped.is_none() && !payload.fragmented;
            (
                Ipv4Addr::from(header.source()).into(),
                Ipv4Addr::from(header.destination()).into(),
                if is_whole {
                    payload.ip_number
                } else {
                    header.protocol()
                },
                is_whole.then_some(payload.payload),
            )
        }
        6 => {
            let (header, content) =
                ipv6::read(packet, packet.len().saturating_add(missing)).ok()?;
            (
                IpAddr::from(Ipv6Addr::from(header.source())),
                IpAddr::from(Ipv6Addr::from(header.destination())),
                content.number,
                content.payload.ok().filter(|_| content.fragment.is_none()),
            )
        }
        _ => return None,
    };
    let has_ports = matches!(
        number,
        ip_number::TCP | ip_number::UDP | ip_number::UDP_LITE | ip_number::DCCP | ip_number::SCTP
    );
    let ports = payload.filter(|_| has_ports).and_then(transport::ports);
    Some(Flow::Internet {
        source,
        destination,
        protocol: number.0,
        ports,
    })
}

impl Flow {
    /// Who sent it, with the port: `10.0.0.1:53`, `[fe80::1]:53`, `02:00:00:00:00:01`.
    #[must_use]
    pub fn source(&self) -> String {
        match *self {
            Self::Internet { source, ports, .. } => end(source, ports.map(|(port, _)| port)),
            Self::Link { source, .. } => mac(source),
        }
    }

    /// Whom it was for, likewise.
    #[must_use]
    pub fn destination(&self) -> String {
        match *self {
            Self::Internet {
                destination, ports, ..
            } => end(destination, ports.map(|(_, port)| port)),
            Self::Link { destination, .. } => mac(destination),
        }
    }

    /// What the outermost header says that it carries.
    #[must_use]
    pub fn protocol(&self) -> String {
        match *self {
            Self::Internet { protocol, .. } => transport::name(IpNumber(protocol))
                .map_or_else(|| format!("IP protocol {protocol}"), str::to_owned),
            Self::Link {
                carries: Carries::EtherType(ether_type),
                ..
            } => ethertype::name(ether_type)
                .map_or_else(|| format!("EtherType {ether_type:#06x}"), str::to_owned),
            // All stations' LLC, or Novell's frames without one.
            Self::Link {
                carries: Carries::Llc(0xff),
                ..
            } => "802.3".to_owned(),
            Self::Link {
                carries: Carries::Llc(access_point),
                ..
            } => llc::name(access_point & !1).map_or_else(
                || format!("LLC DSAP {access_point:#04x}"),
                |name| format!("LLC {name}"),
            ),
        }
    }
}

fn end(address: IpAddr, port: Option<u16>) -> String {
    let mut out = String::new();
    match (address, port) {
        (IpAddr::V4(address), _) => address::ipv4(&mut out, address.octets()),
        (IpAddr::V6(address), None) => address::ipv6(&mut out, address.octets()),
        // RFC 3986, 3.2.2.
        (IpAddr::V6(address), Some(_)) => {
            out.push('[');
            address::ipv6(&mut out, address.octets());
            out.push(']');
        }
    }
    if let Some(port) = port {
        // Writing to a String cannot fail.
        let _ = write!(out, ":{port}");
    }
    out
}

fn mac(octets: [u8; 6]) -> String {
    let mut out = String::new();
    address::mac(&mut out, octets);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identify::tests::octets;

    /// Source, destination and protocol of a frame, whose addresses and what follows them are given.
    fn told(link_type: u32, packet: &str) -> Option<[String; 3]> {
        let packet = octets(packet);
        let flow = of(link_type, &packet, packet.len() as u32)?;
        Some([flow.source(), flow.destination(), flow.protocol()])
    }

    fn is(link_type: u32, packet: &str, expected: [&str; 3]) {
        let told = told(link_type, packet).expect("it has addresses");
        assert_eq!(told, expected, "{packet}");
    }

    const MACS: &str = "01005e000001 020000000007";
    const ADDRESSES_6: &str = "fe80000000000000 0000000000000001 ff02000000000000 0000000000010002";
    const UDP_4: &str = "4500 001c 0000 0000 4011 0000 0a000001 0a000002 14e9 0035 0008 0000";

    #[test]
    fn a_datagram_goes_from_a_socket_to_a_socket_whatever_is_before_it() {
        let expected = ["10.0.0.1:5353", "10.0.0.2:53", "UDP"];
        is(1, &format!("{MACS} 0800 {UDP_4}"), expected);
        is(
            1,
            &format!("{MACS} 88a8 0005 8100 0007 0800 {UDP_4}"),
            expected,
        );
        is(101, UDP_4, expected);
        is(0, &format!("02000000 {UDP_4}"), expected);
        is(
            113,
            &format!("0000 0001 0006 020000000007 0000 0800 {UDP_4}"),
            expected,
        );
        is(
            276,
            &format!("0800 0000 00000002 0001 00 06 0200000000070000 {UDP_4}"),
            expected,
        );
        is(
            113,
            &format!("0000 0001 0006 020000000007 0000 8100 0064 0800 {UDP_4}"),
            expected,
        );
        is(
            276,
            &format!("88a8 0000 00000002 0001 00 06 0200000000070000 0005 8100 0064 0800 {UDP_4}"),
            expected,
        );
    }

    #[test]
    fn a_fragment_has_no_ports() {
        is(
            101,
            "4500 0020 0000 2000 4011 0000 0a000001 0a000002 14e9 0035 0008 0000",
            ["10.0.0.1", "10.0.0.2", "UDP"],
        );
        is(
            229,
            &format!("60000000 0010 2c 40 {ADDRESSES_6} 3c 00 0081 00000007 0600 1234 56789abc"),
            ["fe80::1", "ff02::1:2", "IPv6-Opts"],
        );
    }

    #[test]
    fn padding_has_no_ports() {
        is(
            1,
            &format!("{MACS} 86dd 60000000 0000 11 40 {ADDRESSES_6} 000000000000"),
            ["fe80::1", "ff02::1:2", "UDP"],
        );
    }

    #[test]
    fn an_ipv6_address_with_a_port_stands_in_brackets() {
        let header = format!("60000000 0008 11 40 {ADDRESSES_6}");
        is(
            229,
            &format!("{header} 0222 0223 0008 0000"),
            ["[fe80::1]:546", "[ff02::1:2]:547", "UDP"],
        );
        is(
            229,
            &header.replace(" 11 40 ", " 3a 40 "),
            ["fe80::1", "ff02::1:2", "ICMPv6"],
        );
    }

    #[test]
    fn what_is_no_ip_goes_from_a_station_to_a_station() {
        let expected = |protocol| ["02:00:00:00:00:07", "01:00:5e:00:00:01", protocol];
        is(1, &format!("{MACS} 0026 424203"), expected("LLC STP"));
        is(1, &format!("{MACS} 0026 434203"), expected("LLC STP"));
        is(1, &format!("{MACS} 0026 121203"), expected("LLC DSAP 0x12"));
        is(1, &format!("{MACS} 0026 ffff00"), expected("802.3"));
        is(1, &format!("{MACS} 88cc 0207"), expected("LLDP"));
        is(1, &format!("{MACS} 1234"), expected("EtherType 0x1234"));
    }

    #[test]
    fn what_has_no_addresses_is_no_flow() {
        assert_eq!(told(1, &format!("{} 88b5 00", "00".repeat(12))), None);
        assert_eq!(told(1, MACS), None);
        assert_eq!(told(101, "4500 001c"), None);
        assert_eq!(told(127, UDP_4), None);
        assert_eq!(told(1, ""), None);
    }
}
