//! Claims about any frame, and what the claims about each protocol are written with.

use super::{describe, describe_link_type};

/// A small reproducible source of octets (Marsaglia, *Xorshift RNGs*, 2003).
pub(crate) struct Xorshift(u64);

impl Xorshift {
    pub(crate) fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Octets from hexadecimal digits; blanks are for the reader.
pub(crate) fn octets(hexadecimal: &str) -> Vec<u8> {
    let digits: Vec<u8> = hexadecimal
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| u8::try_from(c.to_digit(16).expect("a hexadecimal digit")).expect("four bits"))
        .collect();
    let (pairs, rest) = digits.as_chunks::<2>();
    assert!(rest.is_empty(), "half an octet in {hexadecimal}");
    pairs.iter().map(|[high, low]| high << 4 | low).collect()
}

fn words(frame: &[u8], len: usize) -> String {
    let mut out = String::new();
    describe(
        &mut out,
        frame,
        u32::try_from(len).expect("a frame's length"),
    );
    out
}

/// Claims that a frame is `expected`, whose octets from type/length on are `from_type`; cutting it anywhere breaks nothing.
#[track_caller]
pub(crate) fn claim(from_type: &str, expected: &str) {
    let mut frame = octets("ffffffffffff 020000000001");
    frame.extend(octets(from_type));
    assert_eq!(words(&frame, frame.len()), expected);
    for end in 0..frame.len() {
        assert_presentable(&words(&frame[..end], frame.len()));
        assert_presentable(&words(&frame[..end], end));
    }
}

/// A claim about a packet that begins as a link type says.
#[track_caller]
pub(crate) fn claim_link_type(link_type: u32, packet: &str, expected: &str) {
    let packet = octets(packet);
    let words = |end: usize| {
        let mut out = String::new();
        describe_link_type(&mut out, link_type, &packet[..end], packet.len() as u32);
        out
    };
    assert_eq!(words(packet.len()), expected);
    for end in 0..packet.len() {
        assert_presentable(&words(end));
    }
}

/// A claim about a packet from 10.0.0.1 to 10.0.0.2.
#[track_caller]
pub(crate) fn claim_ipv4(protocol: u8, payload: &str, expected: &str) {
    let length = 20 + octets(payload).len();
    claim(
        &format!(
            "0800 4500 {length:04x} 0000 4000 40 {protocol:02x} 0000 0a000001 0a000002 {payload}"
        ),
        expected,
    );
}

/// A claim about a packet from `fe80::1` to `ff02::1:2`.
#[track_caller]
pub(crate) fn claim_ipv6(next_header: u8, payload: &str, expected: &str) {
    let length = octets(payload).len();
    claim(
        &format!(
            "86dd 60000000 {length:04x} {next_header:02x} 40 fe800000000000000000000000000001 ff020000000000000000000000010002 {payload}"
        ),
        expected,
    );
}

#[track_caller]
fn assert_presentable(phrase: &str) {
    assert!(!phrase.is_empty());
    assert!(phrase.len() < 512, "{phrase}");
    assert!(
        phrase
            .chars()
            .all(|c| c.is_ascii_graphic() || c == ' ' || c.is_alphanumeric()),
        "{phrase:?}"
    );
    assert!(!phrase.contains(['"', '\\', '=']), "{phrase}");
    assert_eq!(phrase.trim(), phrase);
}

#[test]
fn a_frame_without_a_whole_header_is_said_to_be_cut() {
    assert_eq!(words(&[], 0), "Ethernet, cut header");
    assert_eq!(words(&[0xff; 13], 60), "Ethernet, cut header");
}

#[test]
fn a_loopback_frame_without_addresses_is_as_any_other() {
    let mut frame = vec![0; 12];
    frame.extend(octets("88ca"));
    assert_eq!(words(&frame, 14), "TIPC");
}

#[test]
fn a_phrase_is_appended_to_what_is_there() {
    let mut out = String::from("it was ");
    describe(&mut out, &octets("ffffffffffff 020000000001 88ca"), 60);
    assert_eq!(out, "it was TIPC");
}

#[test]
fn a_length_that_is_less_than_what_was_captured_harms_nothing() {
    assert_presentable(&words(
        &octets("ffffffffffff 020000000001 0026 424203 0000"),
        0,
    ));
}

#[test]
fn any_octets_have_a_presentable_phrase() {
    // Random types would seldom be known ones: these lead into each parser.
    const LEADS: [&str; 12] = [
        "",
        "0026 424203",
        "0100 aaaa03 000000",
        "0100 fefe03",
        "0800 45",
        "0800 4f",
        "86dd 60",
        "86dd 60000000 0000 00",
        "0806 0001 0800",
        "8100 0064 0800 45",
        "88a8 0001 8100 0002 86dd 60",
        "8809",
    ];
    let leads = LEADS.map(octets);
    let mut random = Xorshift::new();
    for round in 0..240_000 {
        let mut frame = octets("ffffffffffff 020000000001");
        frame.extend(&leads[round % leads.len()]);
        for _ in 0..random.next() % 16 {
            frame.extend(random.next().to_be_bytes());
        }
        let end = frame.len() - random.next() as usize % 9;
        let len = random.next() as usize % 2000;
        assert_presentable(&words(&frame[..end], len));
    }
}
