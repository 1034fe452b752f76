//! Captures with some bytes changed, plain and compressed: whatever comes, droprec ends with 0 or 1 and says one thing at most.

use std::fs;

use crate::{
    make::{Order, UDP, classic},
    stage::{read_bytes, through},
};

/// Numbers that look like chance, the same ones each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        // Knuth's MMIX; its upper bits are the good ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    /// Changes, takes away or adds a few bytes.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let end = bytes.len().min(at + 1 + self.below(8));
            match self.below(4) {
                0 => drop(bytes.drain(at..end)),
                1 => drop(bytes.splice(at..at, [0xFF; 3])),
                2 => bytes[at..end].fill(self.below(256) as u8),
                _ => bytes[at] ^= 1 << self.below(8),
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
    }
}

#[test]
fn whatever_is_changed_in_a_file_it_is_read_or_refused() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../samples/demo-6.18.pcapng");
    let sample = fs::read(sample).expect("the sample can be read");
    let records: Vec<_> = (0..20).map(|number| (number, 1, UDP, 46)).collect();
    let old = classic(Order::Big, 0xA1B2_3C4D, 1, &[], &records);
    let captures = [
        through("zstd", &["-q", "-c"], &sample),
        through("gzip", &["-c"], &sample),
        sample,
        old,
    ];
    let mut chance = Chance(4);
    let mut codes = [0, 0];
    for capture in captures {
        for round in 0..100 {
            let mut mutated = capture.clone();
            chance.mutate(&mut mutated);
            let form: &[&str] = [&[][..], &["--json"], &["--summary"]][round % 3];
            let said = read_bytes(&mutated, form);
            match said.code {
                Some(0) => assert_eq!(said.err, ""),
                _ => drop(said.one_complaint()),
            }
            codes[usize::from(said.code == Some(1))] += 1;
        }
    }
    assert!(codes.iter().all(|count| *count > 30), "{codes:?}");
}
