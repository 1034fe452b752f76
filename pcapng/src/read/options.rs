//! Walks the options at the end of a block (draft-ietf-opsawg-pcapng, section 3.5).

use std::{borrow::Cow, ffi::CStr};

use super::{Damage, clock::Clock, fields::Fields};
use crate::option_code;

/// The options of a block, in their order.
#[derive(Clone, Copy)]
pub(super) struct Options<'a>(Fields<'a>);

/// One option.
pub(super) struct OptionField<'a> {
    pub(super) code: u16,
    value: Fields<'a>,
}

impl<'a> Options<'a> {
    /// The options are all that is left of a block.
    pub(super) fn new(rest: Fields<'a>) -> Self {
        Self(rest)
    }

    /// The next option; `None` at the list's end, which the block's end is too.
    pub(super) fn next(&mut self) -> Result<Option<OptionField<'a>>, Damage> {
        if self.0.len() == 0 {
            return Ok(None);
        }
        let (code, len) = (self.0.u16()?, self.0.u16()?);
        if code == option_code::END_OF_OPTIONS {
            return Ok(None);
        }
        let value = self.0.take_padded(len as usize)?;
        Ok(Some(OptionField {
            code,
            value: self.0.with(value),
        }))
    }
}

impl<'a> OptionField<'a> {
    /// Where it is not UTF-8, that is damage or replaced by U+FFFD.
    pub(super) fn text(self) -> Result<Cow<'a, str>, Damage> {
        self.check_text()?;
        Ok(self.lossy())
    }

    pub(super) fn check_text(&self) -> Result<(), Damage> {
        if !self.value.is_strict() {
            return Ok(());
        }
        match str::from_utf8(self.until_nul()) {
            Ok(_) => Ok(()),
            Err(error) => Err(Damage::Utf8 {
                code: self.code,
                error,
            }),
        }
    }

    pub(super) fn lossy(&self) -> Cow<'a, str> {
        let bytes = self.until_nul();
        // Of what is right, which is nearly all, this finds it out several times faster than the other.
        str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
    }

    /// A zero byte ends a text before its option does (section 3.5, "MUST treat a zero-value octet as a string terminator").
    fn until_nul(&self) -> &'a [u8] {
        let bytes = self.value.rest();
        CStr::from_bytes_until_nul(bytes).map_or(bytes, CStr::to_bytes)
    }

    pub(super) fn u8(mut self) -> Result<u8, Damage> {
        self.sized(1)?.u8()
    }

    pub(super) fn u32(mut self) -> Result<u32, Damage> {
        self.sized(4)?.u32()
    }

    pub(super) fn u64(mut self) -> Result<u64, Damage> {
        self.sized(8)?.u64()
    }

    pub(super) fn time(mut self, clock: Clock) -> Result<Option<u64>, Damage> {
        self.sized(8)?.time(clock)
    }

    fn sized(&mut self, needed: usize) -> Result<&mut Fields<'a>, Damage> {
        match self.value.len() {
            had if had == needed => Ok(&mut self.value),
            had => Err(Damage::OptionLength {
                code: self.code,
                needed,
                had,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::fields::{ByteOrder, Manner};

    const STRICT: Manner = Manner {
        order: ByteOrder::Big,
        is_strict: true,
    };

    fn options(bytes: &[u8]) -> Options<'_> {
        Options::new(Fields::new(bytes, STRICT))
    }

    fn first(bytes: &[u8]) -> OptionField<'_> {
        options(bytes)
            .next()
            .expect("the option is whole")
            .expect("there is one")
    }

    #[test]
    fn the_list_ends_at_its_end_mark_or_with_the_block() {
        let text = [0, 1, 0, 2, b'h', b'i', 0, 0];
        for end in [&[][..], &[0; 4], &[0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9]] {
            let bytes = [&text, end].concat();
            let mut options = options(&bytes);
            let option = options.next().expect("it is whole").expect("there is one");
            assert_eq!((option.code, option.text()), (1, Ok("hi".into())));
            assert!(options.next().expect("the end is whole").is_none());
        }
    }

    #[test]
    fn an_option_that_reaches_over_the_end_of_its_block_is_damage() {
        for bytes in [
            &[0, 1, 0, 2, b'h', b'i'][..],
            &[0, 1, 0, 9, 0, 0, 0, 0],
            &[0, 1],
        ] {
            assert!(
                matches!(options(bytes).next(), Err(Damage::Fields { .. })),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn a_number_of_another_length_is_damage() {
        let bytes = [0, 2, 0, 3, 1, 2, 3, 0];
        assert_eq!(
            first(&bytes).u32(),
            Err(Damage::OptionLength {
                code: 2,
                needed: 4,
                had: 3
            })
        );
        assert_eq!(
            first(&bytes).u64(),
            Err(Damage::OptionLength {
                code: 2,
                needed: 8,
                had: 3
            })
        );
        assert_eq!(
            first(&bytes).u8(),
            Err(Damage::OptionLength {
                code: 2,
                needed: 1,
                had: 3
            })
        );
    }

    #[test]
    fn a_text_that_is_not_utf8_is_damage_or_read_as_far_as_it_is() {
        let bytes = [0, 1, 0, 3, b'a', 0xFF, b'b', 0];
        assert!(matches!(
            first(&bytes).text(),
            Err(Damage::Utf8 { code: 1, .. })
        ));
        let lenient = Manner {
            is_strict: false,
            ..STRICT
        };
        let option = Options::new(Fields::new(&bytes, lenient)).next();
        let text = option.expect("it is whole").expect("there is one").text();
        assert_eq!(text, Ok("a\u{FFFD}b".into()));
    }

    #[test]
    fn a_zero_byte_ends_a_text() {
        let bytes = [0, 1, 0, 4, b'a', 0, 0xFF, 0];
        assert_eq!(first(&bytes).text(), Ok("a".into()));
    }
}
