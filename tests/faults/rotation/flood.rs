//! A flood over many files.

use std::fs;

use droprec_testbed::must_be_readable;

use super::files::{files, must_be_whole};
use crate::{lost, stage::Stage, tally::Tally};

const FLOOD: u32 = 100_000;
/// More than a packet of the flood takes with its comments.
const PACKET: u64 = 1 << 10;

/// Records a flood with these arguments, and gives the lengths of the files, which must be at least so many, in their order.
fn flooded(name: &str, arguments: &[&str], least: usize) -> Vec<u64> {
    let stage = Stage::new();
    let droprec = stage.record_to(&stage.directory().join(name), arguments);
    stage.cause(FLOOD);
    let ended = droprec.stop().succeeded();
    let files = files(stage.directory());
    must_be_whole(&ended, &files);
    assert!(files.len() >= least, "{} files", files.len());
    println!(
        "{name} {arguments:?}: {} files, {:?}",
        files.len(),
        ended.accounting()
    );
    if name == "drops.pcapng" {
        must_be_readable(&files[files.len() / 2]);
    }
    let length = |file| fs::metadata(file).expect("the file is there").len();
    files.iter().map(length).collect()
}

#[test]
fn each_packet_of_a_flood_over_many_files_is_in_one_of_them_and_none_is_longer_than_asked_for() {
    for (name, size, limit) in [
        ("drops.pcapng", "1", 1_000_000),
        ("drops.pcapng", "256k", 256 << 10),
        ("drops.pcapng.zst", "16k", 16 << 10),
    ] {
        let lengths = flooded(name, &["-C", size], 10);
        let longest = lengths.iter().max().expect("there are files");
        assert!(*longest <= limit + PACKET, "{longest}");
        // Nor much shorter, but for the last one.
        let short = lengths[..lengths.len() - 1].iter().min();
        assert!(
            *short.expect("there are files") >= limit - 8 * PACKET,
            "{lengths:?}"
        );
    }
}

#[test]
fn each_drop_that_a_sample_leaves_out_is_in_the_books_of_one_of_the_files() {
    flooded("drops.pcapng", &["-C", "64k", "--sample", "1/50"], 10);
}

#[test]
fn each_packet_is_in_one_of_the_files_of_a_period_or_size() {
    for name in ["drops.pcapng", "drops-%s.pcapng.zst"] {
        let stage = Stage::new();
        let arguments = ["-G", "1", "-C", "4m"];
        let droprec = stage.record_to(&stage.directory().join(name), &arguments);
        for _ in 0..25 {
            stage.cause(FLOOD / 25);
            droprec_testbed::pause(std::time::Duration::from_millis(100));
        }
        let ended = droprec.stop().succeeded();
        let files = files(stage.directory());
        must_be_whole(&ended, &files);
        assert!(files.len() >= 3, "{files:?}");
    }
}

#[test]
fn a_file_has_the_interfaces_of_its_own_packets_and_perhaps_of_those_that_came_next() {
    let (stage, other) = (Stage::new(), Stage::new());
    let droprec = stage.record(&["-C", "300k", "-i", &other.label()]);
    other.cause(10);
    stage.cause(5000);
    other.cause(10);
    let ended = droprec.stop().succeeded();
    let files = files(stage.directory());
    must_be_whole(&ended, &files);
    let interfaces = files.iter().map(|file| Tally::of(file).interfaces);
    let interfaces: Vec<Vec<String>> = interfaces.collect();
    let (first, last) = (&interfaces[0], &interfaces[files.len() - 1]);
    let of = |labels: &[String]| [&["none".to_owned()], labels].concat();
    assert_eq!(*first, of(&[other.label(), stage.label()]));
    assert_eq!(*last, of(&[stage.label(), other.label()]));
    assert!(files.len() > 5, "{files:?}");
    // Packets that find their file full go to the next one together, with the blocks of all their interfaces.
    let (alone, both) = (of(&[stage.label()]), of(&[stage.label(), other.label()]));
    for between in &interfaces[1..files.len() - 1] {
        assert!(*between == alone || *between == both, "{between:?}");
    }
}

#[test]
fn a_count_holds_to_the_drop_over_many_files() {
    let stage = Stage::new();
    let droprec = stage.record(&["-C", "100k", "-c", "1500"]);
    stage.cause_uncounted(3000);
    let ended = droprec.wait().succeeded();
    assert_eq!(ended.accounting().written, 1500, "{}", ended.stderr);
    must_be_whole(&ended, &files(stage.directory()));
}

#[test]
fn what_a_small_ring_loses_between_many_files_is_in_the_books_of_one_of_them() {
    let stage = Stage::new();
    let droprec = stage.record(&["-C", "100k", "-B", "64"]);
    stage.cause(5 * FLOOD);
    let ended = droprec.stop().succeeded();
    assert!(lost::by_the_ring(&ended) > 0, "{}", ended.stderr);
    must_be_whole(&ended, &files(stage.directory()));
}

#[test]
fn a_compressed_flood_of_one_flow_takes_twenty_bytes_a_drop_at_most_in_one_frame() {
    let stage = Stage::new();
    let file = stage.directory().join("drops.pcapng.zst");
    let droprec = stage.record_to(&file, &[]);
    stage.cause(10 * FLOOD);
    let ended = droprec.stop().succeeded();
    must_be_whole(&ended, std::slice::from_ref(&file));
    let length = fs::metadata(&file).expect("the file is there").len();
    let written = ended.accounting().written;
    println!("{length} bytes for {written} drops");
    assert!(length <= 20 * written, "{length} bytes for {written} drops");
    let path = file.to_str().expect("a path of letters and digits");
    let listed = droprec_testbed::run("zstd", &["-lv", path]);
    assert!(listed.contains("Zstandard Frames: 1"), "{listed}");
}
