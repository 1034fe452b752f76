//! Output that lies in memory as it will lie in its file, so that a disk can fetch it from there.

use std::{
    mem,
    ops::{Deref, DerefMut},
};

use rustix::mm::{Advice, madvise};

/// What is written past the page cache begins and ends in the file at a multiple of this, and lies so in memory, in bytes: few
/// disks and file systems ask for more (open(2), `O_DIRECT`).
pub(super) const ALIGNMENT: usize = 4096;

/// Bytes, behind some that are there only to move them.
#[derive(Debug, Default)]
pub struct Aligned {
    all: Vec<u8>,
    /// How many those are.
    lead: usize,
}

impl Aligned {
    /// None, with room for so many wherever they are to lie.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        let mut all = Vec::with_capacity(ALIGNMENT + capacity);
        prefer_huge_pages(&mut all);
        all.into()
    }

    /// There is room for so many, wherever they are to lie.
    pub(super) fn has_room_for(&self, capacity: usize) -> bool {
        self.all.capacity() >= ALIGNMENT + capacity
    }

    /// Empties it, and gives memory back that is more than so many bytes need.
    pub(super) fn shrink_to(&mut self, capacity: usize) {
        self.all.clear();
        self.all.shrink_to(ALIGNMENT + capacity);
        self.lead = 0;
    }

    /// Empties it. What is appended then lies as from there on in a file, unless it has to grow.
    pub(super) fn begin_at(&mut self, offset: u64) {
        let address = self.all.as_ptr().addr() as u64;
        self.lead = (offset.wrapping_sub(address) % ALIGNMENT as u64) as usize;
        self.all.clear();
        self.all.resize(self.lead, 0);
    }

    /// What more is appended to.
    pub fn end(&mut self) -> &mut Vec<u8> {
        &mut self.all
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// Leaves the first `len`.
    pub fn truncate(&mut self, len: usize) {
        self.all.truncate(self.lead + len);
    }

    /// Leaves all but the first `len`.
    pub fn skip(&mut self, len: usize) {
        self.lead += len.min(self.len());
    }
}

/// A disk fetches them in fewer pieces, and who fills them finds them sooner.
fn prefer_huge_pages(memory: &mut Vec<u8>) {
    let begin = memory.as_ptr().addr() / ALIGNMENT * ALIGNMENT;
    let end = memory.as_ptr().addr() + memory.capacity();
    let at = memory.as_mut_ptr().with_addr(begin).cast();
    // SAFETY: changes nothing of what is in these pages, whoever else has some of them. Where it cannot be, nothing is lost.
    let _ = unsafe { madvise(at, end - begin, Advice::LinuxHugepage) };
}

impl Deref for Aligned {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.all[self.lead..]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.all[self.lead..]
    }
}

impl From<Vec<u8>> for Aligned {
    fn from(all: Vec<u8>) -> Self {
        Self { all, lead: 0 }
    }
}

impl From<Aligned> for Vec<u8> {
    fn from(mut aligned: Aligned) -> Self {
        aligned.all.drain(..mem::take(&mut aligned.lead));
        aligned.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_lies_as_it_will_in_the_file() {
        let mut bytes = Aligned::with_capacity(100);
        for offset in [0, 1, 4095, 4096, 1_234_567, u64::MAX] {
            bytes.begin_at(offset);
            assert!(bytes.is_empty());
            bytes.end().extend_from_slice(b"abc");
            let address = bytes.as_ptr().addr() as u64;
            assert!(
                address
                    .wrapping_sub(offset)
                    .is_multiple_of(ALIGNMENT as u64)
            );
            assert_eq!(bytes[..], *b"abc");
            assert!(bytes.has_room_for(100));
        }
    }

    #[test]
    fn what_moves_it_is_never_among_it() {
        let mut bytes = Aligned::with_capacity(100);
        bytes.begin_at(77);
        bytes.end().extend_from_slice(b"abcdef");
        bytes.truncate(5);
        bytes.skip(1);
        assert_eq!(bytes[..], *b"bcde");
        bytes[0] = b'B';
        assert_eq!(Vec::from(bytes), b"Bcde");
        let mut bytes = Aligned::from(b"abc".to_vec());
        bytes.skip(2);
        bytes.clear();
        assert!(bytes.is_empty());
        bytes.end().push(b'd');
        assert_eq!(bytes[..], *b"d");
    }
}
