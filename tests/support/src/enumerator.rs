//! Values of enumerators, as the BTF of a module has them: looked for as bytes, without walking its types.

use std::{fs, ops::Range, path::Path};

/// Where the names are in a BTF file (`struct btf_header`, `include/uapi/linux/btf.h`).
fn names(btf: &[u8]) -> Range<usize> {
    let word = |at: usize| {
        let word = btf[at..at + 4].try_into();
        word.map_or(0, u32::from_ne_bytes) as usize
    };
    let start = word(4) + word(16);
    start..start + word(20)
}

/// The value of an enumerator of 32 bits in a module that is loaded.
#[must_use]
pub fn enumerator(module: &str, name: &str) -> u32 {
    let read = |name: &str| {
        let file = Path::new("/sys/kernel/btf").join(name);
        fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    };
    let (kernel, module_btf) = (read("vmlinux"), read(module));
    let own = names(&module_btf);
    let whole = [b"\0", name.as_bytes(), b"\0"].concat();
    let at = module_btf[own.clone()]
        .windows(whole.len())
        .position(|part| part == whole);
    let at = at.unwrap_or_else(|| panic!("{module} has no {name}"));
    // A module's names go on where the kernel's end; an enumerator is its name and its value.
    let name_offset = ((names(&kernel).len() + at + 1) as u32).to_ne_bytes();
    let types = &module_btf[..own.start];
    let entries: Vec<&[u8]> = types
        .chunks_exact(4)
        .skip_while(|word| *word != name_offset)
        .take(2)
        .collect();
    match entries[..] {
        [_, value] => value.try_into().map_or(0, u32::from_ne_bytes),
        _ => panic!("no enumerator of {module} is called {name}"),
    }
}
