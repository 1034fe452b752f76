//! The frame of a block, and the options at its end (draft-ietf-opsawg-pcapng, sections 3.1 and 3.5).

use super::TooLong;
use crate::{limits::MAX_BLOCK_LEN, option_code};

/// The inside of a block that is being written.
pub(super) struct Body<'o> {
    out: &'o mut Vec<u8>,
    has_options: bool,
}

/// Appends a block whose inside `fill` writes; on an error `out` is as it was.
pub(super) fn block(
    out: &mut Vec<u8>,
    block_type: u32,
    fill: impl FnOnce(&mut Body) -> Result<(), TooLong>,
) -> Result<(), TooLong> {
    let start = out.len();
    out.extend_from_slice(&block_type.to_ne_bytes());
    out.extend_from_slice(&[0; 4]);
    let mut body = Body {
        out,
        has_options: false,
    };
    let result = fill(&mut body).and_then(|()| body.close(start));
    if result.is_err() {
        out.truncate(start);
    }
    result
}

impl Body<'_> {
    /// Appends bytes as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Appends the zeros that bring `len` bytes, just appended, to a multiple of four.
    pub(super) fn pad(&mut self, len: usize) {
        self.bytes(&[0; 3][..len.wrapping_neg() % 4]);
    }

    /// Appends an option whose length is part of its definition.
    pub(super) fn option<const LEN: usize>(&mut self, code: u16, value: [u8; LEN]) {
        const { assert!(LEN <= 8, "fixed-length options are numbers") };
        self.raw_option(code, LEN as u16, &value);
    }

    /// Appends an option that is a text.
    pub(super) fn text(&mut self, code: u16, text: &str) -> Result<(), TooLong> {
        let len = u16::try_from(text.len()).map_err(|_| TooLong::Text {
            code,
            len: text.len(),
        })?;
        self.raw_option(code, len, text.as_bytes());
        Ok(())
    }

    /// As [`Body::text`], where there is one.
    pub(super) fn text_if_some(&mut self, code: u16, text: Option<&str>) -> Result<(), TooLong> {
        text.map_or(Ok(()), |text| self.text(code, text))
    }

    fn raw_option(&mut self, code: u16, len: u16, value: &[u8]) {
        self.bytes(&code.to_ne_bytes());
        self.bytes(&len.to_ne_bytes());
        self.bytes(value);
        self.pad(value.len());
        self.has_options = true;
    }

    /// Ends the options, and writes the block's length at its end and at its head.
    fn close(&mut self, start: usize) -> Result<(), TooLong> {
        if self.has_options {
            self.bytes(&option_code::END_OF_OPTIONS.to_ne_bytes());
            self.bytes(&0u16.to_ne_bytes());
        }
        let len = self.out.len() + 4 - start;
        if len > MAX_BLOCK_LEN as usize {
            return Err(TooLong::Block { len });
        }
        let length = (len as u32).to_ne_bytes();
        self.bytes(&length);
        self.out[start + 4..start + 8].copy_from_slice(&length);
        Ok(())
    }
}

/// The eight bytes of a time: the upper 32 bits, then the lower, each in native byte order.
pub(super) fn time(nanoseconds: u64) -> [u8; 8] {
    // Where the lower half comes first in memory, the halves change places.
    let halves = if cfg!(target_endian = "little") {
        nanoseconds.rotate_left(32)
    } else {
        nanoseconds
    };
    halves.to_ne_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(bytes: &[u8]) -> Vec<u32> {
        bytes
            .chunks(4)
            .map(|word| u32::from_ne_bytes(word.try_into().expect("blocks are aligned")))
            .collect()
    }

    #[test]
    fn an_empty_block_is_its_type_and_its_length_twice() {
        let mut out = Vec::new();
        block(&mut out, 0x99, |_| Ok(())).expect("it fits");
        assert_eq!(words(&out), [0x99, 12, 12]);
    }

    #[test]
    fn texts_are_padded_to_four_bytes_and_the_list_is_ended() {
        for (text, padded) in [("", 0), ("a", 4), ("abc", 4), ("abcd", 4), ("abcde", 8)] {
            let mut out = Vec::new();
            block(&mut out, 0x99, |body| body.text(1, text)).expect("it fits");
            assert_eq!(out.len(), 12 + 4 + padded + 4);
            assert_eq!(out[12..][..text.len()], *text.as_bytes());
            assert!(
                out[12 + text.len()..][..padded - text.len() + 4]
                    .iter()
                    .all(|byte| *byte == 0)
            );
        }
    }

    #[test]
    fn a_text_of_65535_bytes_is_the_longest() {
        let mut out = b"before".to_vec();
        let text = "x".repeat(65_536);
        let refused = block(&mut out, 0x99, |body| body.text(1, &text));
        assert_eq!(
            refused,
            Err(TooLong::Text {
                code: 1,
                len: 65_536
            })
        );
        assert_eq!(out, b"before");
        assert_eq!(
            block(&mut out, 0x99, |body| body.text(1, &text[1..])),
            Ok(())
        );
    }

    #[test]
    fn a_block_of_16_mib_is_the_longest() {
        let mut out = b"before".to_vec();
        let inside = vec![0; MAX_BLOCK_LEN as usize - 8];
        let mut fill = |len: usize| {
            block(&mut out, 0x99, |body| {
                body.bytes(&inside[..len]);
                Ok(())
            })
        };
        assert_eq!(
            fill(inside.len()),
            Err(TooLong::Block {
                len: MAX_BLOCK_LEN as usize + 4
            })
        );
        assert_eq!(fill(inside.len() - 4), Ok(()));
        assert_eq!(out.len(), 6 + MAX_BLOCK_LEN as usize);
    }

    #[test]
    fn of_a_time_the_upper_half_comes_first() {
        assert_eq!(
            words(&time(0x0123_4567_89AB_CDEF)),
            [0x0123_4567, 0x89AB_CDEF]
        );
    }
}
