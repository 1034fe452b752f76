//! Puts a module's file into the state in which it lies in memory: it is made to be linked, and each of its sections begins at
//! address 0 in it, so that all functions of different sections would be in the same place.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Read as _, Write as _},
    os::unix::fs::FileExt as _,
    path::Path,
};

use object::{
    LittleEndian, elf,
    read::elf::{FileHeader as _, SectionHeader as _, Sym as _},
};
use rustix::fs::{MemfdFlags, memfd_create};

/// Where a module's sections lie, by their names (`kernel/module/sysfs.c`, v6.4). Nothing where that is not shown.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) sections: HashMap<String, u64>,
    /// That of one of them, which cannot be read any more once the module is gone, be there another of its name.
    file: Option<File>,
}

impl Places {
    /// Those of the module that has this name now.
    pub(super) fn of(module: &str) -> Self {
        let mut places = Self::default();
        let sections = fs::read_dir(format!("/sys/module/{module}/sections"));
        for entry in sections.into_iter().flatten().flatten() {
            places.take(&entry);
        }
        places
    }

    /// Those of all modules that there are, by their names: who has no rights any more is not told.
    pub(super) fn of_all() -> HashMap<String, Self> {
        let modules = fs::read_dir("/sys/module").into_iter().flatten().flatten();
        let names = modules.filter_map(|entry| entry.file_name().into_string().ok());
        let all = names.map(|name| (name.clone(), Self::of(&name)));
        all.filter(|(_, places)| places.is_current()).collect()
    }

    fn take(&mut self, entry: &fs::DirEntry) -> Option<()> {
        let mut file = File::open(entry.path()).ok()?;
        let mut text = String::new();
        file.read_to_string(&mut text).ok()?;
        let address = u64::from_str_radix(text.trim().strip_prefix("0x")?, 16).ok()?;
        if address != 0 {
            let name = entry.file_name().into_string().ok()?;
            self.sections.insert(name, address);
            self.file.get_or_insert(file);
        }
        Some(())
    }

    /// The module is there still.
    pub(super) fn is_current(&self) -> bool {
        let mut byte = [0];
        let file = self.file.as_ref();
        file.is_some_and(|file| file.read_at(&mut byte, 0).is_ok())
    }
}

/// A copy of a module's file with the symbols, from which its debug information has all addresses, where its sections lie.
pub(super) fn placed(file: &Path, places: &HashMap<String, u64>) -> io::Result<File> {
    let mut bytes = fs::read(file)?;
    for (at, address) in moved(&bytes, places).map_err(io::Error::other)? {
        if let Some(value) = bytes.get_mut(at..at + size_of::<u64>()) {
            value.copy_from_slice(&address.to_le_bytes());
        }
    }
    let mut copy = File::from(memfd_create("droprec-module", MemfdFlags::CLOEXEC)?);
    copy.write_all(&bytes)?;
    Ok(copy)
}

/// Where in the file there are symbols' addresses, and what they are to be.
fn moved(bytes: &[u8], places: &HashMap<String, u64>) -> object::Result<Vec<(usize, u64)>> {
    let header = elf::FileHeader64::<LittleEndian>::parse(bytes)?;
    let sections = header.sections(LittleEndian, bytes)?;
    let symbols = sections.symbols(LittleEndian, bytes, elf::SHT_SYMTAB)?;
    let table = sections.section(symbols.section())?.sh_offset(LittleEndian) as usize;
    let mut moved = Vec::new();
    for (index, symbol) in symbols.enumerate() {
        let Some(section) = symbols.symbol_section(LittleEndian, symbol, index)? else {
            continue;
        };
        let name = sections.section_name(LittleEndian, sections.section(section)?)?;
        if let Some(place) = str::from_utf8(name).ok().and_then(|name| places.get(name)) {
            let at = table + index.0 * size_of_val(symbol) + VALUE;
            moved.push((at, place.wrapping_add(symbol.st_value(LittleEndian))));
        }
    }
    Ok(moved)
}

/// Where a symbol has its address, in bytes (`Elf64_Sym.st_value`).
const VALUE: usize = std::mem::offset_of!(elf::Sym64<LittleEndian>, st_value);
