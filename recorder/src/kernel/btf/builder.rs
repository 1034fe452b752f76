//! Makes BTF files for tests.

use super::{Btf, HEADER, MAGIC, TypeId, entry::ENUM};

/// Puts a BTF file together, type by type.
#[derive(Default)]
pub(crate) struct Builder {
    types: Vec<u8>,
    strings: Vec<u8>,
    pub(super) count: u32,
    /// Strings of the kernel's file, for that of a module.
    base: Vec<u8>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            strings: vec![0],
            ..Self::default()
        }
    }

    /// A module's file, on the kernel's.
    pub(crate) fn on(base: &Self) -> Self {
        Self {
            count: base.count,
            base: base.strings.clone(),
            ..Self::default()
        }
    }

    pub(crate) fn name(&mut self, name: &str) -> u32 {
        if name.is_empty() {
            return 0;
        }
        // As `pahole` does it: a string that the kernel's file has is not written again.
        let whole = [&[0], name.as_bytes(), &[0]].concat();
        let known = self
            .base
            .windows(whole.len())
            .position(|window| window == whole);
        if let Some(known) = known {
            return known as u32 + 1;
        }
        let at = (self.base.len() + self.strings.len()) as u32;
        self.strings.extend_from_slice(name.as_bytes());
        self.strings.push(0);
        at
    }

    pub(crate) fn words(&mut self, words: &[u32]) {
        for word in words {
            self.types.extend_from_slice(&word.to_ne_bytes());
        }
    }

    pub(crate) fn entry(
        &mut self,
        kind: u32,
        name: &str,
        len: u32,
        size_or_type: u32,
        rest: &[u32],
    ) -> TypeId {
        let name = self.name(name);
        self.words(&[name, kind << 24 | len, size_or_type]);
        self.words(rest);
        self.count += 1;
        self.count
    }

    pub(crate) fn enumeration(&mut self, name: &str, values: &[(&str, u32)]) -> TypeId {
        let rest: Vec<u32> = values
            .iter()
            .flat_map(|(name, value)| [self.name(name), *value])
            .collect();
        self.entry(ENUM, name, values.len() as u32, 4, &rest)
    }

    pub(crate) fn structure(
        &mut self,
        kind: u32,
        name: &str,
        members: &[(&str, TypeId, u32)],
    ) -> TypeId {
        let rest: Vec<u32> = members
            .iter()
            .flat_map(|(name, id, offset)| [self.name(name), *id, *offset])
            .collect();
        self.entry(kind, name, members.len() as u32, 64, &rest)
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&MAGIC.to_ne_bytes());
        bytes.extend_from_slice(&[1, 0]);
        let len = self.types.len() as u32;
        for word in [HEADER as u32, 0, len, len, self.strings.len() as u32] {
            bytes.extend_from_slice(&word.to_ne_bytes());
        }
        bytes.extend_from_slice(&self.types);
        bytes.extend_from_slice(&self.strings);
        bytes
    }

    pub(crate) fn btf(&self) -> Btf {
        Btf::parse(self.bytes()).unwrap()
    }
}
