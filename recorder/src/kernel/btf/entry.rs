//! One entry of a BTF file: a type.

pub(super) const INT: u32 = 1;
pub(super) const PTR: u32 = 2;
pub(super) const ARRAY: u32 = 3;
pub(super) const STRUCT: u32 = 4;
pub(super) const UNION: u32 = 5;
pub(super) const ENUM: u32 = 6;
pub(super) const FWD: u32 = 7;
pub(super) const TYPEDEF: u32 = 8;
pub(super) const VOLATILE: u32 = 9;
pub(super) const CONST: u32 = 10;
pub(super) const RESTRICT: u32 = 11;
pub(super) const FUNC: u32 = 12;
pub(super) const FUNC_PROTO: u32 = 13;
pub(super) const VAR: u32 = 14;
pub(super) const DATASEC: u32 = 15;
pub(super) const FLOAT: u32 = 16;
pub(super) const DECL_TAG: u32 = 17;
pub(super) const TYPE_TAG: u32 = 18;
pub(super) const ENUM64: u32 = 19;

/// Bytes of the three words.
const WORDS: usize = 12;

/// The three words that every entry begins with, and what follows them.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    /// Offset of its name.
    pub(super) name: u32,
    info: u32,
    pub(super) size_or_type: u32,
    /// All that comes after the three words, what is not of this entry too.
    rest: &'a [u8],
}

/// The word at an offset.
pub(super) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|word| u32::from_ne_bytes(*word))
}

impl<'a> Entry<'a> {
    /// The entry that begins there.
    pub(super) fn at(bytes: &'a [u8], at: usize) -> Option<Self> {
        Some(Self {
            name: word(bytes, at)?,
            info: word(bytes, at + 4)?,
            size_or_type: word(bytes, at + 8)?,
            rest: bytes.get(at + WORDS..)?,
        })
    }

    pub(super) fn kind(self) -> u32 {
        (self.info >> 24) & 0x1f
    }

    /// How many members, enumerators or parameters it has.
    pub(super) fn len(self) -> usize {
        (self.info & 0xffff) as usize
    }

    /// `kind_flag`: member offsets carry the width of a bit-field.
    pub(super) fn has_flag(self) -> bool {
        self.info >> 31 == 1
    }

    /// A word of what follows the three.
    pub(super) fn word(self, at: usize) -> Option<u32> {
        word(self.rest, at)
    }

    /// Bytes of the whole entry. `None`: nothing tells, the kind is not known.
    pub(super) fn size(self) -> Option<usize> {
        let len = self.len();
        let rest = match self.kind() {
            PTR | FWD | TYPEDEF | VOLATILE | CONST | RESTRICT | FUNC | FLOAT | TYPE_TAG => 0,
            INT | VAR | DECL_TAG => 4,
            ARRAY => 12,
            ENUM | FUNC_PROTO => len * 8,
            STRUCT | UNION | DATASEC | ENUM64 => len * 12,
            _ => return None,
        };
        Some(WORDS + rest)
    }
}
