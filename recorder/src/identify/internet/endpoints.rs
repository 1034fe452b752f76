//! The two ends of a packet: `10.0.0.1:5353 > 10.0.0.2:53`, `fe80::1 > ff02::1`.

use crate::identify::address;

/// Source and destination address of either IP version.
#[derive(Clone, Copy)]
pub(crate) enum Endpoints {
    V4([u8; 4], [u8; 4]),
    V6([u8; 16], [u8; 16]),
}

impl Endpoints {
    pub(crate) fn addresses(self, out: &mut String) {
        match self {
            Self::V4(source, destination) => {
                address::ipv4(out, source);
                out.push_str(" > ");
                address::ipv4(out, destination);
            }
            Self::V6(source, destination) => {
                address::ipv6(out, source);
                out.push_str(" > ");
                address::ipv6(out, destination);
            }
        }
    }

    /// With the ports; an IPv6 address stands in brackets (RFC 3986, 3.2.2).
    pub(crate) fn sockets(self, out: &mut String, source_port: u16, destination_port: u16) {
        match self {
            Self::V4(source, destination) => {
                address::ipv4(out, source);
                out.push(':');
                address::decimal(out, source_port);
                out.push_str(" > ");
                address::ipv4(out, destination);
                out.push(':');
            }
            Self::V6(source, destination) => {
                out.push('[');
                address::ipv6(out, source);
                out.push_str("]:");
                address::decimal(out, source_port);
                out.push_str(" > [");
                address::ipv6(out, destination);
                out.push_str("]:");
            }
        }
        address::decimal(out, destination_port);
    }

    /// The version's name.
    pub(crate) fn version(self) -> &'static str {
        match self {
            Self::V4(..) => "IPv4",
            Self::V6(..) => "IPv6",
        }
    }
}
