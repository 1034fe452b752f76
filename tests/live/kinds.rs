//! Two hundred frames of each kind that a receiver drops, each with a number of its own in it.

use droprec_testbed::{Pair, frame::Origin};
use etherparse::{EtherType, VlanId};

/// How many there are of each kind.
pub(crate) const COUNT: u32 = 200;
/// A port that nobody listens on.
pub(crate) const CLOSED_PORT: u16 = 9;
const SOURCE_PORT: u16 = 40_000;
/// A VLAN that no interface is for.
const VLAN: u16 = 42;

/// A frame for each number.
fn numbered(make: impl Fn(u32) -> Vec<u8>) -> Vec<Vec<u8>> {
    (0..COUNT).map(make).collect()
}

/// Bytes that tell which of its batch a frame is.
pub(crate) fn payload(number: u32) -> Vec<u8> {
    format!("number {number} of {COUNT}").into_bytes()
}

/// Spanning-tree configuration BPDUs (IEEE 802.1D-2004, 9.3.1), each of another root path cost.
pub(crate) fn stp(origin: Origin) -> Vec<Vec<u8>> {
    numbered(|number| {
        let llc = [0x42, 0x42, 0x03];
        let bridge = [&[0x80, 0x00][..], &origin.mac()].concat();
        let bpdu = [
            &llc[..],
            &[0, 0, 0, 0, 0],
            &bridge,
            &number.to_be_bytes(),
            &bridge,
            &[0x80, 0x01, 0, 0, 20, 0, 2, 0, 15, 0],
        ]
        .concat();
        origin.ethernet([0x01, 0x80, 0xc2, 0, 0, 0], bpdu.len() as u16, &bpdu)
    })
}

/// Frames with 0x0400 in the type/length field, which is a length, and as many bytes after it.
pub(crate) fn length_0x0400(origin: Origin) -> Vec<Vec<u8>> {
    numbered(|number| {
        let mut contents = [&[0x44, 0x44, 0x03][..], &payload(number)].concat();
        contents.resize(0x0400, 0xa5);
        origin.ethernet(Pair::RECEIVER_MAC, 0x0400, &contents)
    })
}

/// Frames of an `EtherType` that nothing handles, behind a tag of an unknown VLAN.
pub(crate) fn unhandled_in_vlan(origin: Origin) -> Vec<Vec<u8>> {
    let tag = [&VLAN.to_be_bytes()[..], &[0x88, 0xb5]].concat();
    numbered(|number| {
        let contents = [&tag[..], &payload(number)].concat();
        origin.ethernet(
            Pair::RECEIVER_MAC,
            EtherType::VLAN_TAGGED_FRAME.0,
            &contents,
        )
    })
}

/// UDP to a closed port, behind a tag of an unknown VLAN.
pub(crate) fn udp_in_vlan(origin: Origin) -> Vec<Vec<u8>> {
    let vlan = VlanId::try_new(VLAN).expect("12 bits are enough for it");
    numbered(|number| {
        let udp = origin
            .to_receiver()
            .single_vlan(vlan)
            .ipv4(Pair::SENDER.octets(), Pair::RECEIVER.octets(), 64)
            .udp(SOURCE_PORT, CLOSED_PORT);
        built(|frame| udp.write(frame, &payload(number)))
    })
}

/// UDP over IPv4 to an address and port, with this TTL.
pub(crate) fn udp_to(origin: Origin, target: [u8; 4], port: u16, ttl: u8) -> Vec<Vec<u8>> {
    numbered(|number| {
        let udp = origin
            .to_receiver()
            .ipv4(Pair::SENDER.octets(), target, ttl)
            .udp(SOURCE_PORT, port);
        built(|frame| udp.write(frame, &payload(number)))
    })
}

/// UDP over IPv4 to a closed port.
pub(crate) fn udp(origin: Origin) -> Vec<Vec<u8>> {
    udp_to(origin, Pair::RECEIVER.octets(), CLOSED_PORT, 64)
}

/// UDP over IPv6 to a closed port.
pub(crate) fn udp6(origin: Origin) -> Vec<Vec<u8>> {
    numbered(|number| {
        let udp = origin
            .to_receiver()
            .ipv6(Pair::SENDER6.octets(), Pair::RECEIVER6.octets(), 64)
            .udp(SOURCE_PORT, CLOSED_PORT);
        built(|frame| udp.write(frame, &payload(number)))
    })
}

/// ICMP echo requests.
pub(crate) fn echo(origin: Origin) -> Vec<Vec<u8>> {
    numbered(|number| {
        let echo = origin
            .to_receiver()
            .ipv4(Pair::SENDER.octets(), Pair::RECEIVER.octets(), 64)
            .icmpv4_echo_request(1, number as u16);
        built(|frame| echo.write(frame, &payload(number)))
    })
}

/// The same of `ICMPv6`.
pub(crate) fn echo6(origin: Origin) -> Vec<Vec<u8>> {
    numbered(|number| {
        let echo = origin
            .to_receiver()
            .ipv6(Pair::SENDER6.octets(), Pair::RECEIVER6.octets(), 64)
            .icmpv6_echo_request(1, number as u16);
        built(|frame| echo.write(frame, &payload(number)))
    })
}

/// TCP SYNs to a closed port, each of another sequence number.
pub(crate) fn syn(origin: Origin) -> Vec<Vec<u8>> {
    numbered(|number| {
        let syn = origin
            .to_receiver()
            .ipv4(Pair::SENDER.octets(), Pair::RECEIVER.octets(), 64)
            .tcp(SOURCE_PORT, CLOSED_PORT, number, 64_240)
            .syn();
        built(|frame| syn.write(frame, &[]))
    })
}

/// Frames of 34 to 46 bytes, an IP header and little else, whose header checksum is wrong. The number is in their source
/// address.
pub(crate) fn runts(origin: Origin) -> Vec<Vec<u8>> {
    const CHECKSUM: usize = 14 + 10;
    numbered(|number| {
        let source = [198, 18, 0, number as u8];
        let contents = vec![0x5a; number as usize % 13];
        let packet = origin
            .to_receiver()
            .ipv4(source, Pair::RECEIVER.octets(), 64);
        let mut frame = built(|frame| packet.write(frame, 253.into(), &contents));
        frame[CHECKSUM] ^= 0xff;
        frame
    })
}

/// What is written.
pub(crate) fn built<E: std::fmt::Debug>(
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
) -> Vec<u8> {
    let mut frame = Vec::new();
    write(&mut frame).expect("a frame of a few bytes can be built");
    frame
}
