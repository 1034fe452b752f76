//! Any octets, as the BTF of the kernel and of a module, are searched to an end, and nothing is found that is not in them.
//!
//! An input begins with the length of the kernel's: two octets, little-endian. The module's is what comes behind it.

use std::sync::Arc;

use droprec::kernel::{
    btf::Btf,
    offsets::{Kept, Settings, config},
    reasons::Reasons,
};

/// The shortest entry of a type, in bytes.
const ENTRY: usize = 12;
/// The shortest of an enumerator.
const ENUMERATOR: usize = 8;

pub(crate) fn check(input: &[u8]) {
    let Some((len, files)) = input.split_first_chunk() else {
        return;
    };
    let len = usize::from(u16::from_le_bytes(*len)).min(files.len());
    let (kernel, module) = files.split_at(len);
    let Ok(btf) = Btf::parse(kernel.to_vec()) else {
        return;
    };
    search(&btf, kernel.len(), 0);
    let base = Arc::new(btf);
    if let Ok(btf) = Btf::parse_split(module.to_vec(), base.clone()) {
        search(&btf, module.len(), base.len());
    }
}

/// Asks what droprec asks of a file of so many bytes, and those types before it.
fn search(btf: &Btf, len: usize, before: usize) {
    assert!(btf.len() * ENTRY <= len);
    // The first is none, and neither is the last.
    let end = (1 + before + btf.len()) as u32;
    for id in 0..=end {
        let _ = btf.size_of(id);
        if let Some(behind) = btf.pointee(id) {
            assert!(behind < end, "{behind}");
        }
        for path in ["len", "nd_net.net"] {
            let _ = btf.member(id, path);
        }
    }
    let enumerators = btf.enumerations("").into_iter().flatten().count();
    assert!(enumerators * ENUMERATOR <= len);

    let settings = Settings {
        snaplen: 512,
        wake: 0,
        filter: 0,
        all: false,
        kept: Kept::Packets,
        copy_fault: None,
        stack: false,
        rate: 0,
        sample: 0,
    };
    let _ = config(btf, settings);
    let reasons = Reasons::new(btf);
    for name in reasons.names() {
        assert!(reasons.number(name).is_some(), "{name:?}");
    }
}
