//! What a datagram carries: its port says what it may be, its payload whether it is.

mod bfd;
mod dhcp;
mod dhcpv6;
mod dns;
mod flow_export;
mod hsrp;
mod http_like;
mod ike;
mod mndp;
mod netbios;
mod ntp;
mod quic;
mod radius;
mod rip;
mod snmp;
mod stun;
mod syslog;
mod tftp;

use std::fmt::Result;

use super::{
    address,
    industrial::ptp,
    internet,
    lan::{roce, wake_on_lan},
    phrase::Phrase,
    tunnel::{geneve, gtp, l2tp, mpls, vxlan, wireguard},
};

/// Tells a payload if it looks like what a port lets expect; else there is nothing written, and none.
type Tell = fn(&mut Phrase, u16, &[u8]) -> Option<Result>;

/// By how sure each is: what passes for a message of DNS is one, whatever the other port says.
const BY_SURENESS: [Tell; 4] = [surely, on_any_port, probably, possibly];

/// Describes a payload that looks like what is sent to or from one of the ports (IANA's *Service Name and Transport Protocol
/// Port Number Registry*, and what the protocols' users do).
pub(crate) fn describe(out: &mut Phrase, source: u16, destination: u16, payload: &[u8]) -> Result {
    if payload.is_empty() {
        return Ok(());
    }
    for tell in BY_SURENESS {
        for port in [destination, source] {
            if let Some(told) = tell(out, port, payload) {
                return told;
            }
        }
    }
    Ok(())
}

/// Of a hundred payloads of other protocols hardly one passes.
fn surely(out: &mut Phrase, port: u16, payload: &[u8]) -> Option<Result> {
    match port {
        7 | 9 => wake(out, payload),
        53 => dns::describe(out, "DNS", payload),
        5353 => dns::describe(out, "mDNS", payload),
        5355 => dns::describe(out, "LLMNR", payload),
        67 | 68 => dhcp::describe(out, payload),
        69 => tftp::describe(out, payload),
        137 => netbios::describe_names(out, payload),
        138 => netbios::describe_datagram(out, payload),
        161 | 162 => snmp::describe(out, payload),
        443 => quic::describe(out, payload),
        500 => ike::describe(out, payload),
        4500 => ike::describe_traversal(out, payload),
        514 => syslog::describe(out, payload),
        520 | 521 => rip::describe(out, port, payload),
        546 | 547 => dhcpv6::describe(out, payload),
        1701 => l2tp::describe(out, payload),
        1812 | 1813 | 3799 => radius::describe(out, payload),
        1900 => http_like::describe(out, "SSDP", payload),
        1985 | 2029 => hsrp::describe(out, payload),
        2055 | 4739 | 6343 | 9995 => flow_export::describe(out, payload),
        2152 => gtp::describe(out, payload),
        3478 => stun::describe(out, payload),
        // 8472 was Linux's, before there was a number.
        4789 | 4790 | 8472 => vxlan::describe(out, payload),
        5060 => http_like::describe(out, "SIP", payload),
        5678 => mndp::describe(out, payload),
        6081 => geneve::describe(out, payload),
        51820 => wireguard::describe(out, payload),
        _ => None,
    }
}

/// Calls and conferences agree on any port.
fn on_any_port(out: &mut Phrase, _: u16, payload: &[u8]) -> Option<Result> {
    stun::describe_whole(out, payload)
}

/// A version, and a kind or a length: of a dozen payloads one passes.
fn probably(out: &mut Phrase, port: u16, payload: &[u8]) -> Option<Result> {
    match port {
        123 => ntp::describe(out, payload),
        319 | 320 => ptp::is_likely(payload).then(|| {
            out.push_str(", ");
            ptp::describe(out, payload)
        }),
        3784 | 4784 | 6784 => bfd::describe(out, payload),
        _ => None,
    }
}

/// A few bits, or none.
fn possibly(out: &mut Phrase, port: u16, payload: &[u8]) -> Option<Result> {
    match port {
        3544 => teredo(out, payload),
        4500 => ike::describe_esp(out, payload),
        4791 => roce::describe_datagram(out, payload),
        6635 => mpls::is_likely(out, payload)
            .then(|| out.inside().and_then(|()| mpls::describe(out, payload))),
        _ => None,
    }
}

fn wake(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let target = wake_on_lan::target(payload)?;
    out.push_str(", Wake-on-LAN for ");
    address::mac(out, target);
    Some(Ok(()))
}

/// IPv6 over UDP (RFC 4380), behind an authentication (5.1.1) and where the packet was first sent from.
fn teredo(out: &mut Phrase, mut payload: &[u8]) -> Option<Result> {
    if let [0, 1, identifier, authentication, ..] = *payload {
        // A nonce and a confirmation are behind these two.
        payload = payload.get(4 + usize::from(identifier) + usize::from(authentication) + 9..)?;
    }
    if let [0, 0, ..] = *payload {
        payload = payload.get(8..)?;
    }
    (payload.first()? >> 4 == 6).then_some(())?;
    out.push_str(", Teredo");
    Some(out.inside().and_then(|()| internet::describe(out, payload)))
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    const DNS: &str = "1234 8180 0001 0000 0000 0000 0161 00 0001 0001";
    const SNMP: &str = "30 18 0201 01 0406 7075626c6963 a2 0b 0201 01 0201 00 0201 00 3000";
    const STUN: &str = "0101 0000 2112a442 000102030405060708090a0b";

    #[track_caller]
    fn claim(source: u16, destination: u16, message: &str, said: &str) {
        claim_ipv4(
            17,
            &format!("{source:04x} {destination:04x} 0000 0000 {message}"),
            &format!("UDP 10.0.0.1:{source} > 10.0.0.2:{destination}{said}"),
        );
    }

    #[test]
    fn what_is_surely_one_ports_is_not_taken_for_what_may_be_the_others() {
        let ntp = format!("24 01 00 00 {}", "00".repeat(44));
        for other in [123, 319, 3544, 3784, 4500, 4791, 6635] {
            for (port, message, said) in [
                (53, DNS, ", DNS response A a"),
                (161, SNMP, ", SNMPv2c response"),
                (40000, STUN, ", STUN binding success response"),
            ] {
                claim(port, other, message, said);
                claim(other, port, message, said);
            }
            claim(123, other, &ntp, ", NTPv4 server");
            claim(other, 123, &ntp, ", NTPv4 server");
        }
    }

    #[test]
    fn what_is_sure_of_neither_port_is_the_destinations() {
        let message = format!("23 00 00 00 {}", "00".repeat(44));
        claim(4791, 4500, &message, ", ESP, SPI 0x23000000");
        claim(
            4500,
            4791,
            &message,
            ", RoCEv2 UC send last with immediate, QP 0x000000",
        );
    }
}
