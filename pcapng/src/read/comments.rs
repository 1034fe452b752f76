//! The comments of a block.

use std::{
    borrow::Cow,
    fmt::{self, Debug, Formatter},
};

use super::options::Options;
use crate::option_code;

/// The `opt_comment`s of a block, in their order; looked for as they are asked for.
#[derive(Clone, Copy, Default)]
pub struct Comments<'a>(Option<Options<'a>>);

impl<'a> Comments<'a> {
    /// Those among these options, which have been walked to their end before.
    pub(super) fn among(options: Options<'a>) -> Self {
        Self(Some(options))
    }

    /// One after the other. What is not UTF-8 in them is replaced by U+FFFD.
    #[must_use]
    pub fn iter(&self) -> CommentsIter<'a> {
        CommentsIter(self.0)
    }
}

impl<'a> IntoIterator for &Comments<'a> {
    type Item = Cow<'a, str>;
    type IntoIter = CommentsIter<'a>;

    fn into_iter(self) -> CommentsIter<'a> {
        self.iter()
    }
}

/// The comments that have not been given yet.
#[derive(Clone, Default)]
pub struct CommentsIter<'a>(Option<Options<'a>>);

impl<'a> Iterator for CommentsIter<'a> {
    type Item = Cow<'a, str>;

    fn next(&mut self) -> Option<Cow<'a, str>> {
        let options = self.0.as_mut()?;
        loop {
            let option = options.next().ok()??;
            if option.code == option_code::COMMENT {
                return Some(option.lossy());
            }
        }
    }
}

impl Debug for CommentsIter<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.clone()).finish()
    }
}

impl Debug for Comments<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Comments<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Comments<'_> {}
