//! Finds things in BTF by their names.

use std::collections::HashSet;

use super::{
    Btf, Member, TypeId,
    entry::{
        ARRAY, CONST, ENUM, ENUM64, Entry, FLOAT, FUNC, FUNC_PROTO, INT, PTR, RESTRICT, STRUCT,
        TYPE_TAG, TYPEDEF, UNION, VOLATILE,
    },
};

/// How long chains of typedefs, and arrays of arrays, may be before the file is taken for a damaged one.
const MAX_DEPTH: u32 = 32;

impl Btf {
    fn find(&self, name: &str, kinds: &[u32]) -> Option<TypeId> {
        let own = (self.first..self.end()).find(|id| {
            self.entry(*id).is_some_and(|entry| {
                kinds.contains(&entry.kind()) && self.name(entry.name) == Some(name)
            })
        });
        own.or_else(|| self.base.as_ref()?.find(name, kinds))
    }

    /// The structure of that name.
    #[must_use]
    pub fn structure(&self, name: &str) -> Option<TypeId> {
        self.find(name, &[STRUCT])
    }

    /// The function of that name.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<TypeId> {
        self.find(name, &[FUNC])
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
                    id = entry.word(0)?;
                    count = count.checked_mul(entry.word(8)?)?;
                    continue;
                }
                _ => return None,
            };
            return count.checked_mul(size);
        }
        None
    }

    /// What is behind typedefs and qualifiers.
    fn strip(&self, mut id: TypeId) -> Option<(TypeId, Entry<'_>)> {
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
            let inner = self.direct_member(found.type_id, name)?;
            found = Member {
                bit_offset: found.bit_offset.checked_add(inner.bit_offset)?,
                ..inner
            };
        }
        Some(found)
    }

    /// A member by its own name, which it may have in an anonymous member. Each structure is looked into once: in a damaged
    /// file it may be in itself, and many times.
    fn direct_member(&self, structure: TypeId, name: &str) -> Option<Member> {
        let mut seen = HashSet::new();
        let mut within = vec![(structure, 0_u32)];
        while let Some((structure, outer)) = within.pop() {
            let Some((id, entry)) = self.strip(structure) else {
                continue;
            };
            if !matches!(entry.kind(), STRUCT | UNION) || !seen.insert(id) {
                continue;
            }
            for at in (0..entry.len()).map(|index| index * 12) {
                let member_name = self.name(entry.word(at)?);
                let type_id = entry.word(at + 4)?;
                let offset = entry.word(at + 8)?;
                let (bit_offset, bit_width) = if entry.has_flag() {
                    (offset & 0x00ff_ffff, offset >> 24)
                } else {
                    (offset, self.int_width(type_id))
                };
                let Some(bit_offset) = outer.checked_add(bit_offset) else {
                    continue;
                };
                if member_name == Some(name) {
                    return Some(Member {
                        bit_offset,
                        bit_width,
                        type_id,
                    });
                }
                if member_name == Some("") {
                    within.push((type_id, bit_offset));
                }
            }
        }
        None
    }

    /// The width of a bit-field as it was written before `kind_flag`: an integer of fewer bits than its bytes have.
    fn int_width(&self, id: TypeId) -> u32 {
        let width = || {
            let (_, entry) = self.strip(id)?;
            let bits = entry.word(0)? & 0xff;
            let whole = entry.size_or_type.checked_mul(8);
            (entry.kind() == INT && whole != Some(bits)).then_some(bits)
        };
        width().unwrap_or(0)
    }

    /// The names and values of an enumeration, in its own order.
    #[must_use]
    pub fn enumerators(&self, name: &str) -> Option<Vec<(&str, u64)>> {
        self.values(self.entry(self.find(name, &[ENUM, ENUM64])?)?)
    }

    /// The same of all enumerations of this file alone whose names have `part` in them.
    #[must_use]
    pub fn enumerations(&self, part: &str) -> Vec<Vec<(&str, u64)>> {
        (self.first..self.end())
            .filter_map(|id| self.entry(id))
            .filter(|entry| matches!(entry.kind(), ENUM | ENUM64))
            .filter(|entry| {
                self.name(entry.name)
                    .is_some_and(|name| name.contains(part))
            })
            .filter_map(|entry| self.values(entry))
            .collect()
    }

    fn values(&self, enumeration: Entry<'_>) -> Option<Vec<(&str, u64)>> {
        let is_wide = enumeration.kind() == ENUM64;
        let size = if is_wide { 12 } else { 8 };
        (0..enumeration.len())
            .map(|index| {
                let at = index * size;
                let high = if is_wide {
                    enumeration.word(at + 8)?
                } else {
                    0
                };
                let value = u64::from(high) << 32 | u64::from(enumeration.word(at + 4)?);
                Some((self.name(enumeration.word(at)?)?, value))
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
            .map(|index| prototype.word(index * 8 + 4))
            .collect()
    }
}
