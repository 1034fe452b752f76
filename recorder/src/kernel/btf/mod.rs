//! Walks BTF, the kernel's description of its own types.
//!
//! Only what finding members, enumerators and prototypes needs. Format: `Documentation/bpf/btf.rst`, kinds up to
//! `BTF_KIND_ENUM64` (v6.0); a file with a later kind is refused, since nothing tells how long its entry is.
//!
//! A module's file goes on where the kernel's own ends: its first type has the number, and its first string the offset,
//! that would come next there (`btf_parse_split`, `kernel/bpf/btf.c`, v5.11).

#[cfg(test)]
pub(crate) mod builder;
mod entry;
mod find;
#[cfg(test)]
mod tests;

use std::{fs, io, ops::Range, path::Path, sync::Arc};

use self::entry::{Entry, word};

/// Where those of the kernel and of its modules are.
pub const DIRECTORY: &str = "/sys/kernel/btf";
/// Where the running kernel's is.
pub const VMLINUX: &str = "/sys/kernel/btf/vmlinux";

const MAGIC: u16 = 0xeb9f;
const HEADER: usize = 24;

/// Why there is no [`Btf`].
#[derive(Debug, thiserror::Error)]
pub enum BtfError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// The bytes are not BTF of this machine's byte order.
    #[error("no BTF: {0}")]
    Damaged(&'static str),
    /// A kind that came after this program.
    #[error("type {id} is of the unknown kind {kind}")]
    UnknownKind {
        /// Number of the type.
        id: u32,
        /// Number of the kind.
        kind: u32,
    },
}

/// Number of a type. 0 is `void`.
pub type TypeId = u32;

/// A member of a structure or union.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// From the beginning of the outermost structure, in bits.
    pub bit_offset: u32,
    /// Width of a bit-field in bits; 0: none.
    pub bit_width: u32,
    /// Its type.
    pub type_id: TypeId,
}

/// A BTF file.
#[derive(Debug)]
pub struct Btf {
    bytes: Vec<u8>,
    /// Where each type's entry begins in `bytes`, from number `first` on.
    entries: Vec<u32>,
    first: TypeId,
    /// Where the names are in `bytes`.
    strings: Range<usize>,
    /// The kernel's own, for that of a module.
    base: Option<Arc<Btf>>,
}

impl Btf {
    /// Reads the kernel's BTF file.
    pub fn read(path: &Path) -> Result<Self, BtfError> {
        let bytes = fs::read(path).map_err(|source| BtfError::Read {
            path: path.display().to_string(),
            source,
        })?;
        Self::parse(bytes)
    }

    /// Indexes the types of the kernel's BTF file.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, BtfError> {
        Self::index(bytes, None)
    }

    /// Indexes the types of a module's BTF file. `base`: the kernel's own.
    pub fn parse_split(bytes: Vec<u8>, base: Arc<Self>) -> Result<Self, BtfError> {
        Self::index(bytes, Some(base))
    }

    fn index(bytes: Vec<u8>, base: Option<Arc<Self>>) -> Result<Self, BtfError> {
        let cut = BtfError::Damaged("it is cut short");
        let magic = bytes.first_chunk().map(|magic| u16::from_ne_bytes(*magic));
        if magic != Some(MAGIC) {
            return Err(BtfError::Damaged(
                "it does not begin as BTF of this machine does",
            ));
        }
        let header = |at| word(&bytes, at).map(|word| word as usize);
        let (Some(header_len), Some(type_off), Some(type_len), Some(str_off), Some(str_len)) =
            (header(4), header(8), header(12), header(16), header(20))
        else {
            return Err(cut);
        };
        let types = header_len.saturating_add(type_off);
        let types_end = types.saturating_add(type_len);
        let strings = header_len.saturating_add(str_off);
        let strings_end = strings.saturating_add(str_len);
        if header_len < HEADER || types_end > bytes.len() || strings_end > bytes.len() {
            return Err(cut);
        }
        // The entry of type 0 does not exist.
        let first = base.as_ref().map_or(1, |base| base.end());
        let mut entries = Vec::new();
        let mut at = types;
        while at < types_end {
            let entry = Entry::at(&bytes, at).ok_or(BtfError::Damaged("it is cut short"))?;
            let size = entry.size().ok_or(BtfError::UnknownKind {
                id: first + entries.len() as u32,
                kind: entry.kind(),
            })?;
            entries.push(at as u32);
            at += size;
        }
        if at != types_end {
            return Err(BtfError::Damaged("its last type is cut short"));
        }
        Ok(Self {
            bytes,
            entries,
            first,
            strings: strings..strings_end,
            base,
        })
    }

    /// The number after that of the last type.
    fn end(&self) -> TypeId {
        self.first + self.entries.len() as u32
    }

    /// The offset after that of the last byte of names.
    fn names_end(&self) -> u32 {
        let before = self.base.as_ref().map_or(0, |base| base.names_end());
        before.saturating_add(self.strings.len() as u32)
    }

    fn entry(&self, id: TypeId) -> Option<Entry<'_>> {
        match (id.checked_sub(self.first), &self.base) {
            (Some(index), _) => Entry::at(&self.bytes, *self.entries.get(index as usize)? as usize),
            (None, Some(base)) => base.entry(id),
            (None, None) => None,
        }
    }

    fn name(&self, offset: u32) -> Option<&str> {
        let offset = match &self.base {
            None => offset,
            Some(base) => match offset.checked_sub(base.names_end()) {
                Some(own) => own,
                None => return base.name(offset),
            },
        };
        let strings = self.bytes.get(self.strings.clone())?;
        let name = strings.get(offset as usize..)?;
        let end = name.iter().position(|byte| *byte == 0)?;
        str::from_utf8(&name[..end]).ok()
    }

    /// How many types the file has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// There is no type at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
