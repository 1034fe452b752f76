//! Walks BTF, the kernel's description of its own types.
//!
//! Only what finding members, enumerators and prototypes needs. Format: `Documentation/bpf/btf.rst`, kinds up to
//! `BTF_KIND_ENUM64` (v6.0); a file with a later kind is refused, since nothing tells how long its entry is.

use std::{fs, io, path::Path};

/// Where the running kernel's is.
pub const VMLINUX: &str = "/sys/kernel/btf/vmlinux";

const MAGIC: u16 = 0xeb9f;
const HEADER: usize = 24;

const INT: u32 = 1;
const PTR: u32 = 2;
const ARRAY: u32 = 3;
const STRUCT: u32 = 4;
const UNION: u32 = 5;
const ENUM: u32 = 6;
const FWD: u32 = 7;
const TYPEDEF: u32 = 8;
const VOLATILE: u32 = 9;
const CONST: u32 = 10;
const RESTRICT: u32 = 11;
const FUNC: u32 = 12;
const FUNC_PROTO: u32 = 13;
const VAR: u32 = 14;
const DATASEC: u32 = 15;
const FLOAT: u32 = 16;
const DECL_TAG: u32 = 17;
const TYPE_TAG: u32 = 18;
const ENUM64: u32 = 19;

/// How deep anonymous members and chains of typedefs may nest before the file is taken for a damaged one.
const MAX_DEPTH: u32 = 32;

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
    /// Where each type's entry begins in `bytes`; the entry of type 0 does not exist.
    entries: Vec<u32>,
    strings: usize,
    strings_end: usize,
}

/// The three words that every entry begins with.
#[derive(Clone, Copy)]
struct Entry {
    name: u32,
    info: u32,
    size_or_type: u32,
    /// Where what follows the three words begins.
    rest: usize,
}

impl Entry {
    fn kind(self) -> u32 {
        (self.info >> 24) & 0x1f
    }
    fn len(self) -> usize {
        (self.info & 0xffff) as usize
    }
    /// `kind_flag`: member offsets carry the width of a bit-field.
    fn has_flag(self) -> bool {
        self.info >> 31 == 1
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|word| u32::from_ne_bytes(*word))
}

impl Btf {
    /// Reads a BTF file.
    pub fn read(path: &Path) -> Result<Self, BtfError> {
        let bytes = fs::read(path).map_err(|source| BtfError::Read {
            path: path.display().to_string(),
            source,
        })?;
        Self::parse(bytes)
    }

    /// Indexes the types of a BTF file.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, BtfError> {
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
        let mut btf = Self {
            bytes,
            entries: vec![0],
            strings,
            strings_end,
        };
        let mut at = types;
        while at < types_end {
            let id = btf.entries.len() as u32;
            let entry = btf
                .entry_at(at)
                .ok_or(BtfError::Damaged("it is cut short"))?;
            let len = entry.len();
            let rest = match entry.kind() {
                PTR | FWD | TYPEDEF | VOLATILE | CONST | RESTRICT | FUNC | FLOAT | TYPE_TAG => 0,
                INT | VAR | DECL_TAG => 4,
                ARRAY => 12,
                ENUM | FUNC_PROTO => len * 8,
                STRUCT | UNION | DATASEC | ENUM64 => len * 12,
                kind => return Err(BtfError::UnknownKind { id, kind }),
            };
            btf.entries.push(at as u32);
            at = entry.rest + rest;
        }
        if at != types_end {
            return Err(BtfError::Damaged("its last type is cut short"));
        }
        Ok(btf)
    }

    fn entry_at(&self, at: usize) -> Option<Entry> {
        Some(Entry {
            name: word(&self.bytes, at)?,
            info: word(&self.bytes, at + 4)?,
            size_or_type: word(&self.bytes, at + 8)?,
            rest: at + 12,
        })
    }

    fn entry(&self, id: TypeId) -> Option<Entry> {
        if id == 0 {
            return None;
        }
        self.entry_at(*self.entries.get(id as usize)? as usize)
    }

    fn name(&self, offset: u32) -> Option<&str> {
        let strings = self.bytes.get(self.strings..self.strings_end)?;
        let name = strings.get(offset as usize..)?;
        let end = name.iter().position(|byte| *byte == 0)?;
        str::from_utf8(&name[..end]).ok()
    }

    fn find(&self, name: &str, kinds: &[u32]) -> Option<TypeId> {
        (1..self.entries.len() as u32).find(|id| {
            self.entry(*id).is_some_and(|entry| {
                kinds.contains(&entry.kind()) && self.name(entry.name) == Some(name)
            })
        })
    }

    /// The structure of that name.
    #[must_use]
    pub fn structure(&self, name: &str) -> Option<TypeId> {
        self.find(name, &[STRUCT])
    }

    /// The union of that name.
    #[must_use]
    pub fn union(&self, name: &str) -> Option<TypeId> {
        self.find(name, &[UNION])
    }

    /// How many bytes a type takes: an array all its elements, a pointer those of this machine.
    #[must_use]
    pub fn size_of(&self, id: TypeId) -> Option<u32> {
        let mut count: u32 = 1;
        let mut id = id;
        for _ in 0..MAX_DEPTH {
            let (_, entry) = self.strip(id)?;
            let size = match entry.kind() {
                INT | ENUM | ENUM64 | FLOAT | STRUCT | UNION => entry.size_or_type,
                PTR => size_of::<usize>() as u32,
                ARRAY => {
                    id = word(&self.bytes, entry.rest)?;
                    count = count.checked_mul(word(&self.bytes, entry.rest + 8)?)?;
                    continue;
                }
                _ => return None,
            };
            return count.checked_mul(size);
        }
        None
    }

    /// What is behind typedefs and qualifiers.
    fn strip(&self, mut id: TypeId) -> Option<(TypeId, Entry)> {
        for _ in 0..MAX_DEPTH {
            let entry = self.entry(id)?;
            match entry.kind() {
                TYPEDEF | VOLATILE | CONST | RESTRICT | TYPE_TAG => id = entry.size_or_type,
                _ => return Some((id, entry)),
            }
        }
        None
    }

    /// The type that a pointer points to.
    #[must_use]
    pub fn pointee(&self, id: TypeId) -> Option<TypeId> {
        let (_, pointer) = self.strip(id)?;
        if pointer.kind() != PTR {
            return None;
        }
        self.strip(pointer.size_or_type).map(|(id, _)| id)
    }

    /// A member by its path, such as `nd_net.net`: through anonymous members, and through those that are structures.
    #[must_use]
    pub fn member(&self, structure: TypeId, path: &str) -> Option<Member> {
        let mut found = Member {
            bit_offset: 0,
            bit_width: 0,
            type_id: structure,
        };
        for name in path.split('.') {
            let inner = self.direct_member(found.type_id, name, 0)?;
            found = Member {
                bit_offset: found.bit_offset.checked_add(inner.bit_offset)?,
                ..inner
            };
        }
        Some(found)
    }

    fn direct_member(&self, structure: TypeId, name: &str, depth: u32) -> Option<Member> {
        let (_, entry) = self.strip(structure)?;
        if !matches!(entry.kind(), STRUCT | UNION) || depth > MAX_DEPTH {
            return None;
        }
        (0..entry.len()).find_map(|index| {
            let at = entry.rest + index * 12;
            let member_name = self.name(word(&self.bytes, at)?)?;
            let type_id = word(&self.bytes, at + 4)?;
            let offset = word(&self.bytes, at + 8)?;
            let (bit_offset, bit_width) = if entry.has_flag() {
                (offset & 0x00ff_ffff, offset >> 24)
            } else {
                (offset, self.int_width(type_id))
            };
            if member_name == name {
                return Some(Member {
                    bit_offset,
                    bit_width,
                    type_id,
                });
            }
            if !member_name.is_empty() {
                return None;
            }
            let inner = self.direct_member(type_id, name, depth + 1)?;
            Some(Member {
                bit_offset: bit_offset.checked_add(inner.bit_offset)?,
                ..inner
            })
        })
    }

    /// The width of a bit-field as it was written before `kind_flag`: an integer of fewer bits than its bytes have.
    fn int_width(&self, id: TypeId) -> u32 {
        let width = || {
            let (_, entry) = self.strip(id)?;
            let bits = word(&self.bytes, entry.rest)? & 0xff;
            (entry.kind() == INT && bits != entry.size_or_type * 8).then_some(bits)
        };
        width().unwrap_or(0)
    }

    /// The names and values of an enumeration, in its own order.
    #[must_use]
    pub fn enumerators(&self, name: &str) -> Option<Vec<(&str, u64)>> {
        let entry = self.entry(self.find(name, &[ENUM, ENUM64])?)?;
        let size = if entry.kind() == ENUM { 8 } else { 12 };
        (0..entry.len())
            .map(|index| {
                let at = entry.rest + index * size;
                let high = if size == 12 {
                    word(&self.bytes, at + 8)?
                } else {
                    0
                };
                let value = u64::from(high) << 32 | u64::from(word(&self.bytes, at + 4)?);
                Some((self.name(word(&self.bytes, at)?)?, value))
            })
            .collect()
    }

    /// The types of a tracepoint's arguments, without the `void *` of the prototype that it is called through.
    #[must_use]
    pub fn tracepoint(&self, name: &str) -> Option<Vec<TypeId>> {
        let typedef = self.find(&format!("btf_trace_{name}"), &[TYPEDEF])?;
        let prototype = self.entry(self.pointee(typedef)?)?;
        if prototype.kind() != FUNC_PROTO {
            return None;
        }
        (1..prototype.len())
            .map(|index| word(&self.bytes, prototype.rest + index * 8 + 4))
            .collect()
    }

    /// How many types there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() - 1
    }

    /// There is no type at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Puts a BTF file together, type by type.
    #[derive(Default)]
    struct Builder {
        types: Vec<u8>,
        strings: Vec<u8>,
        count: u32,
    }

    impl Builder {
        fn new() -> Self {
            Self {
                strings: vec![0],
                ..Self::default()
            }
        }

        fn name(&mut self, name: &str) -> u32 {
            if name.is_empty() {
                return 0;
            }
            let at = self.strings.len() as u32;
            self.strings.extend_from_slice(name.as_bytes());
            self.strings.push(0);
            at
        }

        fn words(&mut self, words: &[u32]) {
            for word in words {
                self.types.extend_from_slice(&word.to_ne_bytes());
            }
        }

        fn entry(
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

        fn structure(&mut self, kind: u32, name: &str, members: &[(&str, TypeId, u32)]) -> TypeId {
            let rest: Vec<u32> = members
                .iter()
                .flat_map(|(name, id, offset)| [self.name(name), *id, *offset])
                .collect();
            self.entry(kind, name, members.len() as u32, 64, &rest)
        }

        fn bytes(&self) -> Vec<u8> {
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

        fn btf(&self) -> Btf {
            Btf::parse(self.bytes()).unwrap()
        }
    }

    const FLAG: u32 = 1 << 7;

    fn int(builder: &mut Builder, size: u32, bits: u32) -> TypeId {
        builder.entry(INT, "int", 0, size, &[bits])
    }

    #[test]
    fn a_member_is_found_within_anonymous_structures_and_unions() {
        let mut builder = Builder::new();
        let int = int(&mut builder, 4, 32);
        let inner = builder.structure(STRUCT, "", &[("a", int, 0), ("b", int, 32)]);
        let union = builder.structure(UNION, "", &[("", inner, 0), ("whole", int, 0)]);
        let outer = builder.structure(STRUCT, "outer", &[("first", int, 0), ("", union, 64)]);
        let btf = builder.btf();
        assert_eq!(btf.structure("outer"), Some(outer));
        assert_eq!(btf.member(outer, "b").unwrap().bit_offset, 96);
        assert_eq!(btf.member(outer, "whole").unwrap().bit_offset, 64);
        assert_eq!(btf.member(outer, "c"), None);
    }

    #[test]
    fn a_path_goes_through_named_structures_behind_typedefs() {
        let mut builder = Builder::new();
        let int = int(&mut builder, 4, 32);
        let net = builder.structure(STRUCT, "net", &[("inum", int, 64)]);
        let pointer = builder.entry(PTR, "", 0, net, &[]);
        let possible = builder.structure(STRUCT, "", &[("net", pointer, 32)]);
        let typedef = builder.entry(TYPEDEF, "possible_net_t", 0, possible, &[]);
        let dev = builder.structure(STRUCT, "net_device", &[("nd_net", typedef, 128)]);
        let btf = builder.btf();
        let member = btf.member(dev, "nd_net.net").unwrap();
        assert_eq!(member.bit_offset, 160);
        assert_eq!(btf.pointee(member.type_id), Some(net));
    }

    #[test]
    fn both_ways_to_write_a_bit_field_give_its_place_and_width() {
        let mut builder = Builder::new();
        let byte = int(&mut builder, 1, 8);
        let three_bits = int(&mut builder, 1, 3);
        let old = builder.structure(
            STRUCT,
            "old",
            &[("pkt_type", three_bits, 13), ("len", byte, 16)],
        );
        let new = builder.name("new");
        let member = builder.name("pkt_type");
        builder.words(&[
            new,
            (STRUCT | FLAG) << 24 | 1,
            4,
            member,
            byte,
            (3 << 24) + 13,
        ]);
        builder.count += 1;
        let new = builder.count;
        let btf = builder.btf();
        for structure in [old, new] {
            let member = btf.member(structure, "pkt_type").unwrap();
            assert_eq!((member.bit_offset, member.bit_width), (13, 3));
        }
        assert_eq!(btf.member(old, "len").unwrap().bit_width, 0);
    }

    #[test]
    fn a_type_takes_the_bytes_of_what_is_behind_its_names() {
        let mut builder = Builder::new();
        let long = int(&mut builder, 8, 64);
        let row = builder.entry(ARRAY, "", 0, 0, &[long, long, 4]);
        let table = builder.entry(ARRAY, "", 0, 0, &[row, long, 3]);
        let stack = builder.structure(UNION, "thread_union", &[("stack", table, 0)]);
        let typedef = builder.entry(TYPEDEF, "stack_t", 0, stack, &[]);
        let pointer = builder.entry(PTR, "", 0, stack, &[]);
        let own = builder.structure(STRUCT, "thread_union", &[]);
        let itself = builder.entry(ARRAY, "", 0, 0, &[own + 1, long, 1]);
        let btf = builder.btf();
        assert_eq!(btf.union("thread_union"), Some(stack));
        assert_eq!(btf.structure("thread_union"), Some(own));
        assert_eq!(btf.union("stack_t"), None);
        assert_eq!(btf.size_of(table), Some(96));
        assert_eq!(btf.size_of(typedef), Some(64));
        assert_eq!(btf.size_of(pointer), Some(8));
        assert_eq!(btf.size_of(itself), None);
        assert_eq!(btf.size_of(0), None);
    }

    #[test]
    fn enumerators_have_values_of_either_width() {
        let mut builder = Builder::new();
        let (a, b) = (builder.name("A"), builder.name("B"));
        builder.entry(ENUM, "narrow", 2, 4, &[a, 0, b, 7]);
        builder.entry(ENUM64, "wide", 1, 8, &[b, 1, 2]);
        let btf = builder.btf();
        assert_eq!(btf.enumerators("narrow"), Some(vec![("A", 0), ("B", 7)]));
        assert_eq!(btf.enumerators("wide"), Some(vec![("B", 2 << 32 | 1)]));
        assert_eq!(btf.enumerators("none"), None);
    }

    #[test]
    fn a_tracepoints_arguments_are_those_behind_the_first() {
        let mut builder = Builder::new();
        let skb = builder.structure(STRUCT, "sk_buff", &[]);
        let pointer = builder.entry(PTR, "", 0, skb, &[]);
        let void = builder.entry(PTR, "", 0, 0, &[]);
        let prototype = builder.entry(FUNC_PROTO, "", 3, 0, &[0, void, 0, pointer, 0, void]);
        let to = builder.entry(PTR, "", 0, prototype, &[]);
        builder.entry(TYPEDEF, "btf_trace_kfree_skb", 0, to, &[]);
        let btf = builder.btf();
        assert_eq!(btf.tracepoint("kfree_skb"), Some(vec![pointer, void]));
        assert_eq!(btf.tracepoint("other"), None);
    }

    #[test]
    fn a_file_cut_anywhere_is_refused() {
        let mut builder = Builder::new();
        let int = int(&mut builder, 4, 32);
        builder.structure(STRUCT, "s", &[("a", int, 0)]);
        let bytes = builder.bytes();
        for cut in 0..bytes.len() {
            assert!(Btf::parse(bytes[..cut].to_vec()).is_err(), "cut at {cut}");
        }
        assert!(Btf::parse(bytes).is_ok());
    }

    #[test]
    fn a_kind_of_the_future_is_refused_by_its_number() {
        let mut builder = Builder::new();
        builder.entry(30, "x", 0, 0, &[]);
        assert!(matches!(
            Btf::parse(builder.bytes()),
            Err(BtfError::UnknownKind { id: 1, kind: 30 })
        ));
    }

    #[test]
    fn a_structure_that_holds_itself_ends_the_search() {
        let mut builder = Builder::new();
        let id = builder.structure(STRUCT, "loop", &[("", 1, 0)]);
        assert_eq!(builder.btf().member(id, "x"), None);
    }
}
