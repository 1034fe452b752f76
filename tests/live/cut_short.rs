//! How much of a long packet is kept.

use droprec_testbed::{Pair, Recording, fields, frame::Origin};

use crate::{
    DROPREC,
    kinds::{self, COUNT},
};

const TRUE_LENGTH: usize = 14 + 0x0400;

/// Records frames of 1038 bytes, and demands that this much is kept of each, and its true length told.
fn keeps(arguments: &[&str], kept: usize) {
    let (pair, origin) = (Pair::new(), Origin::new());
    let frames = kinds::length_0x0400(origin);
    let label = pair.label();
    let recording = Recording::start(DROPREC, &[&["-i", &label], arguments].concat());
    pair.frames().send_all(&frames);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let recorded = recording.finish();

    let packets = recorded
        .capture
        .packets_where(|packet| origin.sent(&packet.data));
    assert_eq!(packets.len(), frames.len());
    for packet in packets {
        assert!(
            frames.iter().any(|frame| frame[..kept] == packet.data[..]),
            "not the first {kept} bytes of a frame: {packet:?}"
        );
        assert_eq!(packet.original_len as usize, TRUE_LENGTH, "{packet:?}");
        assert_eq!(packet.get("len"), TRUE_LENGTH.to_string(), "{packet:?}");
    }
    let shown = fields(
        "eth.len == 0x0400",
        &["frame.cap_len", "frame.len"],
        &recorded.file,
    );
    assert_eq!(
        shown,
        vec![format!("{kept}\t{TRUE_LENGTH}"); COUNT as usize]
    );
}

#[test]
fn by_default_512_bytes_of_a_longer_frame_are_kept_and_its_true_length() {
    keeps(&[], 512);
}

#[test]
fn with_a_snaplen_of_64_that_many_bytes_are_kept_and_the_true_length() {
    keeps(&["-s", "64"], 64);
}
