//! Names that are kept longer than their block: fit to print, and no longer than a name of Linux's, or a phrase of droprec's.

use std::borrow::Cow;

use crate::text::into_printable;

/// Bytes of a name: an interface's of 15, `@`, and a namespace's of 255, each byte of which may have to be shown as `\x1b`,
/// are more; the phrase of a frame is less.
const MAX: usize = 512;

/// A name, fit to keep and to print.
#[must_use]
pub fn named(name: Cow<'_, str>) -> String {
    cut(&into_printable(name)).to_owned()
}

/// The beginning of a text, if it is too long to keep.
#[must_use]
pub fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX)]
}
