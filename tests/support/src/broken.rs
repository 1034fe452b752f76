//! Frames that are broken, the same ones in each run.

/// A small reproducible source of octets (Marsaglia, *Xorshift RNGs*, 2003).
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// One for each seed, the same in each run.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(0x9e37_79b9_7f4a_7c15 ^ (seed << 32) ^ seed)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Less than `end`; zero where there is no such number.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() >> 16) as usize % end.max(1)
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Breaks a frame in one of the ways in which frames break, and parsers of lengths.
pub fn mutate(random: &mut Random, frame: &mut Vec<u8>, other: &[u8]) {
    let at = random.below(frame.len());
    match random.below(8) {
        0 => frame.truncate(at),
        1 => {
            let bit = random.below(8);
            if let Some(octet) = frame.get_mut(at) {
                *octet ^= 1 << bit;
            }
        }
        2 => {
            let extreme = random.one_of(&[0, 1, 0x7f, 0x80, 0xfe, 0xff]);
            if let Some(octet) = frame.get_mut(at) {
                *octet = extreme;
            }
        }
        3 => {
            let len = frame.len() as u16;
            let length = random.one_of(&[0, 1, 3, 4, 0x7fff, 0x8000, 0xffff, len, len / 2]);
            let octets = random.one_of(&[length.to_be_bytes(), length.to_le_bytes()]);
            if let Some(field) = frame.get_mut(at..at + 2) {
                field.copy_from_slice(&octets);
            }
        }
        // The beginning of one, and the end of another.
        4 => {
            frame.truncate(at);
            frame.extend(&other[random.below(other.len())..]);
        }
        // Some octets again and again, such as a header or a field.
        5 => {
            let end = (at + 1 + random.below(64)).min(frame.len());
            let piece = frame[at.min(end)..end].repeat(1 + random.below(16));
            frame.splice(at..at, piece);
            frame.truncate(4096);
        }
        6 => {
            let random_octets = (0..random.below(16)).flat_map(|_| random.number().to_be_bytes());
            let random_octets: Vec<u8> = random_octets.collect();
            frame.splice(at.., random_octets);
        }
        _ => {
            frame.drain(at..(at + random.below(8)).min(frame.len()));
        }
    }
}
