//! The lines of a kernel and a module that the compiler makes for these tests.

use std::{collections::BTreeSet, fs, ops::Range, path::Path, process::Command};

use object::{Object as _, ObjectSymbol as _};
use tempfile::TempDir;

use super::*;

/// A kernel, whose source is below a directory of its own.
const SOURCE: [(&str, &str); 3] = [
    (
        START,
        r#"#![no_std]
#![no_main]
#[path = "net.rs"]
mod net;
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! { loop {} }
#[inline(never)]
#[unsafe(no_mangle)]
extern "C" fn _stext() { unsafe { core::arch::asm!("nop") }; } // SAFETY: it does nothing.
#[unsafe(no_mangle)]
extern "C" fn start_kernel() { _stext(); net::outer(); }
"#,
    ),
    (
        "init/net.rs",
        r#"
#[inline(always)]
#[unsafe(no_mangle)]
extern "C" fn inner() {
    unsafe { core::arch::asm!("nop") }; // SAFETY: it does nothing.
}
#[inline(never)]
#[unsafe(no_mangle)]
pub extern "C" fn outer() {
    unsafe { core::arch::asm!("nop", "nop") }; // SAFETY: they do nothing.
    inner();
}
"#,
    ),
    (
        "net/module.rs",
        r#"#![no_std]
#[unsafe(no_mangle)]
pub extern "C" fn first() { unsafe { core::arch::asm!("nop") }; } // SAFETY: it does nothing.

#[unsafe(no_mangle)]
pub extern "C" fn second() { unsafe { core::arch::asm!("nop", "nop") }; } // SAFETY: they do nothing.
"#,
    ),
];
const ID: [u8; 4] = [0x12, 0x34, 0x56, 0x78];
/// Where the kernel lies in memory.
const TEXT: u64 = 0xffff_ffff_9a00_0000;

/// Compiles a file of the source, and gives what it is compiled to.
fn compile(directory: &TempDir, file: &str, arguments: &[&str]) -> PathBuf {
    for (file, text) in SOURCE {
        let file = directory.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let compiled = directory.path().join("compiled");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition=2024", "-O", "-g", "-Cpanic=abort", "-o"]);
    rustc.arg(&compiled).arg(directory.path().join(file));
    let output = rustc.args(arguments).output().expect("there is a rustc");
    assert!(output.status.success(), "{output:?}");
    compiled
}

/// `strip`: what of it is left out.
fn kernel(directory: &TempDir, strip: &str) -> PathBuf {
    let arguments = [
        "-Clink-args=-nostdlib -static -Wl,-e,start_kernel -Wl,--build-id=0x12345678",
        "-Crelocation-model=static",
        &format!("-Cstrip={strip}"),
    ];
    compile(directory, START, &arguments)
}

/// Where a function is in a file.
fn place(file: &Path, function: &str) -> Range<u64> {
    let bytes = fs::read(file).unwrap();
    let object = object::File::parse(&*bytes).unwrap();
    let symbol = object.symbol_by_name(function).unwrap();
    symbol.address()..symbol.address() + symbol.size()
}

/// All frames of a function's instructions.
fn frames(debuginfo: &mut DebugInfo, place: Range<u64>, of: &str) -> BTreeSet<Vec<String>> {
    place
        .map(|address| debuginfo.frames("f".to_owned(), address, of))
        .collect()
}

fn owned(frames: &[&str]) -> Vec<String> {
    frames.iter().map(|frame| (*frame).to_owned()).collect()
}

#[test]
fn an_instruction_has_its_line_and_those_of_the_functions_inlined_there() {
    let directory = tempfile::tempdir().unwrap();
    let file = kernel(&directory, "none");
    let vmlinux = find::look_at(&file, Some(&ID)).unwrap().unwrap();
    let shift = TEXT - vmlinux.text;
    let mut debuginfo = DebugInfo::of(&vmlinux, TEXT);
    let place = place(&file, "outer");
    let frames = frames(
        &mut debuginfo,
        place.start + shift..place.end + shift,
        VMLINUX,
    );
    let inlined = owned(&["inner (inlined) init/net.rs:5", "f init/net.rs:11"]);
    assert!(frames.contains(&inlined), "{frames:#?}");
    assert!(
        frames.contains(&owned(&["f init/net.rs:10"])),
        "{frames:#?}"
    );
}

#[test]
fn what_debug_information_does_not_know_has_no_line() {
    let directory = tempfile::tempdir().unwrap();
    let vmlinux = find::look_at(&kernel(&directory, "none"), Some(&ID))
        .unwrap()
        .unwrap();
    let mut debuginfo = DebugInfo::of(&vmlinux, TEXT);
    let mut frames = |address, of| debuginfo.frames("f".to_owned(), address, of);
    assert_eq!(frames(TEXT + 0x1234_5678, VMLINUX), ["f"]);
    assert_eq!(frames(TEXT, "no_such_module"), ["f"]);
}

#[test]
fn a_file_with_another_build_id_is_not_believed() {
    let directory = tempfile::tempdir().unwrap();
    let file = kernel(&directory, "none");
    let (none, missing) = (directory.path(), directory.path().join("missing"));
    let look = |id| find::first([none, &missing, &file].into_iter(), id);
    let error = look(Some(&[0x12, 0x34, 0x56, 0x79]))
        .unwrap_err()
        .to_string();
    assert!(error.contains("compiled is another kernel's"), "{error}");
    assert!(look(None).is_err());
    assert!(look(Some(&ID)).unwrap().is_some());
    assert!(
        find::first([&*missing].into_iter(), Some(&ID))
            .unwrap()
            .is_none()
    );
}

#[test]
fn functions_of_a_module_have_lines_by_where_each_section_lies() {
    let directory = tempfile::tempdir().unwrap();
    let vmlinux = find::look_at(&kernel(&directory, "none"), Some(&ID))
        .unwrap()
        .unwrap();
    let mut debuginfo = DebugInfo::of(&vmlinux, TEXT);
    let arguments = ["--emit=obj", "--crate-type=lib"];
    let file = compile(&directory, "net/module.rs", &arguments);
    let functions = ["first", "second"].map(|function| place(&file, function));
    // In the file both are in the same place.
    assert_eq!(functions[0].start, functions[1].start);
    let places = [("first", 0x5000), ("second", 0x3000)];
    let places = places.map(|(function, address)| (format!(".text.{function}"), TEXT + address));
    let image = Image::of(module::placed(&file, &places.into()).unwrap());
    debuginfo.images.insert("module".to_owned(), Some(image));
    for (at, line) in [(0x5000, 3), (0x3000, 6)] {
        let end = TEXT + at + functions[0].end.min(functions[1].end);
        let frames = frames(&mut debuginfo, TEXT + at..end, "module");
        let expected = owned(&[&format!("f net/module.rs:{line}")]);
        assert_eq!(frames, BTreeSet::from([expected]));
    }
}

#[test]
fn a_kernel_without_debug_information_is_none_to_complain_of() {
    let directory = tempfile::tempdir().unwrap();
    let file = kernel(&directory, "debuginfo");
    for id in [Some(&ID[..]), Some(&[1]), None] {
        let found = find::first([&*file].into_iter(), id);
        assert!(found.unwrap().is_none(), "{id:?}");
    }
}
