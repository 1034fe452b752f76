//! Compares packets of a file with what was sent, and with what the kernel's own tracing says of them.

use std::fmt::Write as _;

use droprec_testbed::{Packet, Site, feature};

/// Bytes of an Ethernet header.
pub(crate) const LINK_HEADER: usize = 14;

/// Demands that the packets are these frames, each once, in any order.
pub(crate) fn same_frames(packets: &[&Packet], expected: &[Vec<u8>]) {
    let mut had: Vec<&[u8]> = packets.iter().map(|packet| &packet.data[..]).collect();
    let mut expected: Vec<&[u8]> = expected.iter().map(Vec::as_slice).collect();
    had.sort_unstable();
    expected.sort_unstable();
    let differing = had
        .iter()
        .zip(&expected)
        .find(|(had, expected)| had != expected);
    assert!(
        had.len() == expected.len() && differing.is_none(),
        "{} packets are recorded of {}; the first that differs: {}",
        had.len(),
        expected.len(),
        differing.map_or_else(
            || "none".to_owned(),
            |(had, expected)| format!(
                "{}\nin place of {}",
                hexadecimal(had),
                hexadecimal(expected)
            )
        )
    );
}

/// Demands that a packet is dropped where and why the kernel's own tracing says.
pub(crate) fn is_at(packet: &Packet, site: &Site) {
    is_because(packet, &site.reason);
    assert_eq!(packet.get("loc"), site.location, "{packet:?}");
    let end = format!("{} at {}", site.reason, site.location);
    assert!(
        packet.sentence.contains(&end),
        "{end:?} is not in {packet:?}"
    );
}

/// Demands that a packet is dropped for this reason, and for none where the kernel gives none.
pub(crate) fn is_because(packet: &Packet, reason: &str) {
    let had = packet.pairs.get("reason").map(String::as_str);
    let expected = feature::reasons().then_some(reason);
    assert_eq!(had, expected, "{packet:?}");
    if expected.is_none() {
        // What the place means stands before the colon, where anything is known of it.
        let (_, dropped) = packet.sentence.split_once(" dropped").unwrap_or_default();
        let place = format!(" at {}", packet.get("loc"));
        let before = dropped.split_once(&place).map(|(before, _)| before);
        assert!(
            before.is_some_and(|before| before.is_empty() || before.ends_with(':')),
            "a reason is in {packet:?}"
        );
    }
}

/// Demands that nothing is missing from a packet, and that its length is told without a header that it did not have.
pub(crate) fn is_whole(packet: &Packet) {
    let whole = packet.data.len();
    let made_up = if packet.get("l2") == "synth" {
        LINK_HEADER
    } else {
        0
    };
    assert_eq!(packet.original_len as usize, whole, "{packet:?}");
    assert_eq!(
        packet.get("len"),
        (whole - made_up).to_string(),
        "{packet:?}"
    );
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
