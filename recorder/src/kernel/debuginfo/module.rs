//! Puts a module's file into the state in which it lies in memory: it is made to be linked, and each of its sections begins at
//! address 0 in it, so that all functions of different sections would be in the same place.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

use object::{
    LittleEndian, elf,
    read::elf::{FileHeader as _, SectionHeader as _, Sym as _},
};
use rustix::fs::{MemfdFlags, memfd_create};

/// Where a module's sections lie, by their names (`kernel/module/sysfs.c`, v6.4). Nothing where that is not shown.
pub(super) fn places(module: &str) -> HashMap<String, u64> {
    let place = |entry: io::Result<fs::DirEntry>| {
        let entry = entry.ok()?;
        let text = fs::read_to_string(entry.path()).ok()?;
        let address = u64::from_str_radix(text.trim().strip_prefix("0x")?, 16).ok()?;
        let name = entry.file_name().into_string().ok()?;
        (address != 0).then_some((name, address))
    };
    let sections = fs::read_dir(format!("/sys/module/{module}/sections"));
    sections.into_iter().flatten().filter_map(place).collect()
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
