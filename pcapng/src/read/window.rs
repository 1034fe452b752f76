//! A window on a stream: the bytes that come next, in one piece.

use std::io::{self, ErrorKind, Read};

/// What is read at once, in bytes, as far as it is there.
const CAPACITY: usize = 256 * 1024;

/// A stream and the bytes of it that have been read and not passed over yet.
///
/// It grows to what is asked for only as the bytes come, so that no length in a damaged file takes memory.
#[derive(Debug)]
pub(super) struct Window<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl<R: Read> Window<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            buffer: vec![0; CAPACITY],
            start: 0,
            end: 0,
        }
    }

    /// The bytes that are there.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Passes over bytes that are there.
    pub(super) fn pass(&mut self, len: usize) {
        self.start = self.end.min(self.start + len);
    }

    /// Reads on until `len` bytes are there, or the stream ends.
    pub(super) fn fill(&mut self, len: usize) -> io::Result<()> {
        while self.end - self.start < len {
            self.make_room(len);
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(0) => return Ok(()),
                Ok(read) => self.end += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn make_room(&mut self, len: usize) {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(len.min(2 * self.end), 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_takes_no_memory_before_its_bytes_come() {
        let mut window = Window::new(&[7; 10][..]);
        window.fill(usize::MAX).expect("a slice does not fail");
        assert_eq!(window.bytes(), [7; 10]);
        assert_eq!(window.buffer.len(), CAPACITY);
    }

    #[test]
    fn it_holds_as_much_in_one_piece_as_is_asked_for() {
        let stream: Vec<u8> = (0..3 * CAPACITY).map(|at| at as u8).collect();
        let mut window = Window::new(&stream[..]);
        window.fill(10).expect("a slice does not fail");
        window.pass(10);
        window.fill(2 * CAPACITY).expect("a slice does not fail");
        assert_eq!(window.bytes()[..2 * CAPACITY], stream[10..][..2 * CAPACITY]);
    }
}
