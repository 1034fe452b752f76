//! In place of libpcap, where droprec was built without it: there are no expressions.

use anyhow::{Result, bail};

use super::translation::Classic;

/// There is none.
#[derive(Clone)]
pub(super) enum Libpcap {}

impl Libpcap {
    pub(super) fn load() -> Result<Self> {
        bail!("droprec was built without them: without its cargo feature libpcap")
    }

    pub(super) fn version(&self) -> String {
        match *self {}
    }

    pub(super) fn compile(&self, _: &str, _: u32) -> Result<Program, String> {
        match *self {}
    }
}

/// There is none.
pub(super) enum Program {}

impl Program {
    pub(super) fn selects(&self, _: &[u8], _: u32) -> bool {
        match *self {}
    }

    pub(super) fn instructions(&self) -> &[Classic] {
        match *self {}
    }
}
