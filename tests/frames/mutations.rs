//! Broken frames: a million of them, the same ones in each run. `tests/fuzz` looks for others.

use std::{
    thread,
    time::{Duration, Instant},
};

use droprec::identify;
use droprec_testbed::broken::{Random, mutate};

use crate::{bytes::octets, case::Case, groups};

const RUNS: u64 = 1_000_000;
const THREADS: u64 = 4;

/// What `identify` promises of its phrases.
const LENGTH_MAX: usize = 512;

#[track_caller]
fn describe(link_type: u32, frame: &[u8], len: u32) -> String {
    let mut phrase = String::new();
    identify::describe_link_type(&mut phrase, link_type, frame, len);
    let is_presentable = |c: char| c.is_ascii_graphic() || c == ' ' || c.is_alphanumeric();
    let is_good = !phrase.is_empty()
        && phrase.len() < LENGTH_MAX
        && phrase.trim() == phrase
        && phrase.chars().all(is_presentable)
        && !phrase.contains(['"', '\\', '=']);
    assert!(
        is_good,
        "{phrase:?} of link type {link_type}, length {len}: {frame:02x?}"
    );
    phrase
}

fn run(first: u64, seeds: &[Case]) {
    // Without a seed of its own, a thread would do what another one does.
    let mut random = Random::new(first);
    for _ in 0..RUNS / THREADS {
        let seed = &seeds[random.below(seeds.len())];
        let other = &seeds[random.below(seeds.len())];
        let mut frame = seed.frame.clone();
        for _ in 0..=random.below(4) {
            mutate(&mut random, &mut frame, &other.frame);
        }
        let link_type = match random.below(8) {
            0 => random.below(310) as u32,
            1 => other.link_type.into(),
            _ => seed.link_type.into(),
        };
        let len = match random.below(8) {
            0 => random.one_of(&[0, 13, 14, 1500, u32::MAX]),
            1 => random.number() as u32 % 2000,
            _ => frame.len() as u32,
        };
        describe(link_type, &frame, len);
    }
}

#[test]
fn a_million_broken_frames_have_presentable_phrases() {
    let seeds: Vec<Case> = groups().into_iter().flat_map(|(_, cases)| cases).collect();
    thread::scope(|scope| {
        for first in 1..=THREADS {
            let seeds = &seeds;
            scope.spawn(move || run(first, seeds));
        }
    });
}

/// An Ethernet frame within VXLAN over IPv6, with the longest addresses that there are.
fn within_vxlan(frame: &[u8]) -> Vec<u8> {
    let address = "f00f f00f f00f f00f f00f f00f f00f f00f";
    let mut outer = octets(&format!(
        "ffffffffffff 020000000001 86dd 60000000 ffff 11 40 {address} {address} ffff 12b5 0000 0000 08 000000 ffffff 00"
    ));
    outer.extend(frame);
    outer
}

#[test]
fn the_longest_phrases_are_bounded() {
    let name = "\u{1d400}".repeat(60);
    let field = |kind: u16, subtype: &[u8]| {
        let value = [subtype, name.as_bytes()].concat();
        let head = kind << 9 | value.len() as u16;
        [&head.to_be_bytes()[..], &value].concat()
    };
    let tags = "8100 0fff ".repeat(8);
    let mut lldp = octets(&format!("ffffffffffff 020000000001 {tags} 88cc"));
    lldp.extend([field(1, &[7]), field(2, &[7]), field(5, &[]), vec![0, 0]].concat());
    let once = within_vxlan(&lldp);
    let twice = within_vxlan(&once);
    for frame in [&lldp, &once, &twice, &within_vxlan(&twice)] {
        let phrase = describe(1, frame, frame.len() as u32);
        assert!(phrase.len() > 200, "{phrase} is not long");
    }
}

#[test]
fn the_time_is_in_proportion_to_the_length() {
    /// The most that a file may have of a packet.
    const LENGTH: usize = 262_144;
    /// A thousand times what it takes, and nothing of what it would take if each octet led to looking at all again.
    const TIME_MAX: Duration = Duration::from_secs(2);

    let udp = "ffffffffffff 020000000001 0800 4500 0000 0000 4000 40 11 0000 0a000001 0a000002";
    let dhcp = format!("{udp} 0044 0043 0000 0000 {} 63825363", "00".repeat(236));
    for (link_type, head, repeated) in [
        (1, "ffffffffffff 020000000001", "8100 0001"),
        (1, "ffffffffffff 020000000001 8847", "00001040"),
        (1, "ffffffffffff 020000000001 88cc", "0c00"),
        (
            1,
            "ffffffffffff 020000000001 86dd 60000000 ffff 00 40 fe80000000000000 0000000000000001 fe80000000000000 0000000000000002",
            "3c00 010400000000",
        ),
        (
            1,
            "ffffffffffff 020000000001 0800",
            "4500 0000 0000 4000 40 04 0000 0a000001 0a000002",
        ),
        (1, "ffffffffffff 020000000001 9000", "ff00"),
        (
            1,
            "ffffffffffff 020000000001 8863 11 09 0000 ffff",
            "0101 0000",
        ),
        (
            1,
            "ffffffffffff 020000000001 8892 fefe 05 00 00000000 0000 ffff",
            "0201 0000",
        ),
        (1, &dhcp, "00"),
        (1, &dhcp, "3700"),
        (
            1,
            &format!("{udp} 0fa0 0035 0000 0000 1234 0100 0001 0000 0000 0000"),
            "0161",
        ),
        (
            1,
            &format!("{udp} 0868 0868 0000 0000 34 ff 0000 00000000 0000 00"),
            "00 000000",
        ),
        (1, &format!("{udp} 0fa0 0045 0000 0000 0001"), "61"),
        (1, &format!("{udp} 0fa0 076c 0000 0000"), "61"),
        (239, "02 00 0000", "0400 0100"),
        (105, "8000 0000", "00"),
    ] {
        let mut frame = octets(head);
        let repeated = octets(repeated);
        frame.extend(repeated.iter().cycle().take(LENGTH - frame.len()));
        let begin = Instant::now();
        describe(link_type, &frame, frame.len() as u32);
        let time = begin.elapsed();
        assert!(time < TIME_MAX, "{time:?} for {head} and what follows");
    }
}
