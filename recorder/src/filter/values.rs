//! Values of filters: `EtherType`s, protocols, networks and ports, by number and by name.

use std::{
    fmt::{self, Display, Formatter},
    net::IpAddr,
    ops::RangeInclusive,
    str::FromStr,
};

use etherparse::IpNumber;

use crate::identify;

/// An `EtherType`, in host order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EtherType(pub u16);

/// A protocol of IP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocol(pub u8);

/// Addresses that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// One of them.
    pub address: IpAddr,
    /// How many bits they have in common.
    pub bits: u8,
}

/// Ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ports(pub RangeInclusive<u16>);

impl Display for EtherType {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{:#06x}", self.0)
    }
}

impl Display for Protocol {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match IpNumber(self.0).keyword_str() {
            Some(name) => out.write_str(name),
            None => write!(out, "{}", self.0),
        }
    }
}

impl Display for Network {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Self { address, bits } = self;
        match (address, bits) {
            (IpAddr::V4(_), 32) | (IpAddr::V6(_), 128) => write!(out, "{address}"),
            _ => write!(out, "{address}/{bits}"),
        }
    }
}

impl Display for Ports {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.0.start(), self.0.end());
        if first == last {
            write!(out, "{first}")
        } else {
            write!(out, "{first}-{last}")
        }
    }
}

/// The smallest value of a type/length field that is a type (IEEE 802.3, 3.2.6).
const FIRST_TYPE: u16 = 0x0600;

/// What `ip`, tcpdump and `tc` call them, where the protocol has another name.
const TYPES: [(&str, u16); 7] = [
    ("ip", 0x0800),
    ("ip4", 0x0800),
    ("ip6", 0x86dd),
    ("vlan", 0x8100),
    ("802.1q", 0x8100),
    ("802.1ad", 0x88a8),
    ("qinq", 0x88a8),
];

/// As above.
const PROTOCOLS: [(&str, u8); 9] = [
    ("icmp6", 58),
    ("icmpv6", 58),
    ("ip6", 41),
    ("ipip", 4),
    ("udplite", 136),
    ("ospf", 89),
    ("gre", 47),
    ("esp", 50),
    ("ah", 51),
];

/// A number, hexadecimal behind `0x`.
fn number<T: TryFrom<u32>>(text: &str) -> Option<T> {
    let lower = text.to_ascii_lowercase();
    let number = match lower.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => lower.parse(),
    };
    number.ok()?.try_into().ok()
}

fn named<T: Copy>(names: &[(&str, T)], text: &str) -> Option<T> {
    let mut names = names.iter();
    names.find_map(|(name, value)| name.eq_ignore_ascii_case(text).then_some(*value))
}

impl FromStr for EtherType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is = |number: &u16| {
            identify::ether_type(*number).is_some_and(|name| name.eq_ignore_ascii_case(text))
        };
        let found = number(text)
            .or_else(|| named(&TYPES, text))
            .or_else(|| (FIRST_TYPE..=u16::MAX).find(is));
        match found {
            Some(number @ FIRST_TYPE..) => Ok(Self(number)),
            Some(length) => Err(format!(
                "{length:#06x} is no EtherType but the length of an 802.3 frame: those begin at 0x0600. A drop whose \
                 proto= is 0x0004 is an 802.2 frame, as spanning tree's"
            )),
            None => Err("it takes a number (0x88cc, 35020) or a name (lldp, arp, ipv6)".to_owned()),
        }
    }
}

impl FromStr for Protocol {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is = |number: &u8| {
            let name = IpNumber(*number).keyword_str();
            name.is_some_and(|name| name.eq_ignore_ascii_case(text))
        };
        number(text)
            .or_else(|| named(&PROTOCOLS, text))
            .or_else(|| (0..=u8::MAX).find(is))
            .map(Self)
            .ok_or_else(|| {
                "it takes a number up to 255, or a name (tcp, udp, icmp, icmpv6, sctp, gre)"
                    .to_owned()
            })
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const WANTED: &str = "it takes an address, or a network as in 10.0.0.0/8 or 2001:db8::/32; names are not looked up";
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| WANTED.to_owned())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits
                .parse()
                .ok()
                .filter(|bits| *bits <= most)
                .ok_or_else(|| format!("behind the / it takes 0 to {most}"))?,
            None => most,
        };
        Ok(Self { address, bits })
    }
}

impl FromStr for Ports {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => Ok(Self(first..=last)),
            _ => Err("it takes a number up to 65535, or two as in 5000-5010".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ethertype_goes_by_its_number_and_its_names() {
        for (text, number) in [
            ("0x88cc", 0x88cc),
            ("35020", 0x88cc),
            ("lldp", 0x88cc),
            ("ip", 0x0800),
            ("IPv6", 0x86dd),
            ("arp", 0x0806),
            ("802.1Q", 0x8100),
        ] {
            assert_eq!(text.parse(), Ok(EtherType(number)), "{text}");
        }
        for wrong in ["0x0400", "1500", "65536", "nothing", "", "0x"] {
            assert!(wrong.parse::<EtherType>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_protocol_goes_by_its_number_and_its_names() {
        for (text, number) in [
            ("tcp", 6),
            ("UDP", 17),
            ("icmp", 1),
            ("icmp6", 58),
            ("47", 47),
            ("0x3a", 58),
            ("sctp", 132),
        ] {
            assert_eq!(text.parse(), Ok(Protocol(number)), "{text}");
        }
        for wrong in ["256", "nothing", ""] {
            assert!(wrong.parse::<Protocol>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_is_a_network_of_its_own() {
        let network = |text: &str| text.parse::<Network>().map(|network| network.bits);
        assert_eq!(network("10.0.0.1"), Ok(32));
        assert_eq!(network("10.0.0.0/8"), Ok(8));
        assert_eq!(network("2001:db8::/32"), Ok(32));
        assert_eq!(network("::1"), Ok(128));
        for wrong in [
            "10.0.0.0/33",
            "10.0.0",
            "::/129",
            "host.example",
            "10.0.0.1/",
            "",
        ] {
            assert!(network(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ports_are_one_or_those_between_two() {
        assert_eq!("443".parse(), Ok(Ports(443..=443)));
        assert_eq!("0-65535".parse(), Ok(Ports(0..=65535)));
        for wrong in ["65536", "2-1", "-1", "http", ""] {
            assert!(wrong.parse::<Ports>().is_err(), "{wrong}");
        }
    }
}
