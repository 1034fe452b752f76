//! The lines of source code that addresses in the kernel are of, where its debug information is installed.
//!
//! A file is believed only if it has the build id that the running kernel, or the module, tells of itself.

mod find;
mod module;

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead as _, BufReader},
    os::fd::AsRawFd as _,
    path::PathBuf,
};

use blazesym::symbolize::{
    CodeInfo, Input, Sym, Symbolizer,
    source::{Elf, Source},
};

pub use self::find::Unusable;
use self::module::Places;
use super::symbols::{KALLSYMS, VMLINUX};

/// What has `start_kernel`, by whose path it is known where the kernel was built.
const START: &str = "init/main.c";
/// Below this is what has `_stext`, by which the same is known of what is written in assembly: it may have other paths.
const ARCH: &str = "arch/";

/// Reads debug information.
#[derive(Debug)]
pub struct DebugInfo {
    /// The kernel's and those of modules, by their names, as far as they were asked for; none: there is none of it.
    images: HashMap<String, Option<Image>>,
    /// What paths of the kernel's own source may begin with.
    roots: Vec<PathBuf>,
    /// Where the modules lie that were there at the start, when there were rights to ask.
    places: HashMap<String, Places>,
}

/// A file with debug information, and what was read of it: a reader of its own forgets that with the image.
#[derive(Debug)]
struct Image {
    symbolizer: Symbolizer,
    source: Source<'static>,
    /// How far from its place in the file it lies in memory, in bytes.
    shift: u64,
    /// Keeps a file that has no name.
    _file: Option<File>,
}

impl Image {
    /// `shift`: how far from its place in the file it lies in memory, in bytes.
    fn new(file: impl Into<PathBuf>, shift: u64) -> Self {
        Self {
            // It is not opened again, when that may take rights that were given up.
            symbolizer: Symbolizer::builder()
                .enable_demangling(false)
                .enable_auto_reload(false)
                .build(),
            source: Source::Elf(Elf::new(file)),
            shift,
            _file: None,
        }
    }

    /// A file without a name, in which all is where it lies in memory.
    fn of(file: File) -> Self {
        let path = format!("/proc/self/fd/{}", file.as_raw_fd());
        Self {
            _file: Some(file),
            ..Self::new(path, 0)
        }
    }

    /// What is known of the instruction at an address.
    fn look_up(&self, address: u64) -> Option<Sym<'_>> {
        let input = Input::VirtOffset(address.wrapping_sub(self.shift));
        // What is not well-formed has no lines, as what is not there.
        let found = self.symbolizer.symbolize_single(&self.source, input);
        found.ok()?.into_sym()
    }
}

impl DebugInfo {
    /// Opens the running kernel's, and reads so much of it that the rest comes fast. `None`: it is not installed.
    pub fn open() -> Result<Option<Self>, Unusable> {
        let vmlinux = find::vmlinux()?;
        let text = begin_of_text();
        Ok(vmlinux
            .zip(text)
            .map(|(vmlinux, text)| Self::of(&vmlinux, text)))
    }

    /// Of a kernel whose `_stext` is at this address.
    fn of(vmlinux: &find::Vmlinux, text: u64) -> Self {
        let shift = text.wrapping_sub(vmlinux.text);
        let image = Image::new(&vmlinux.file, shift);
        let mut debuginfo = Self {
            images: HashMap::from([(VMLINUX.to_owned(), Some(image))]),
            roots: Vec::new(),
            places: Places::of_all(),
        };
        let start = vmlinux.start.wrapping_add(shift);
        debuginfo.roots = [(start, START), (text, ARCH)]
            .into_iter()
            .filter_map(|(address, known)| debuginfo.root(address, known))
            .collect();
        debuginfo
    }

    /// The frames of an instruction in a function of this name, the innermost first: those of functions that the compiler has
    /// put there in place of calls (`ip_rcv_core (inlined) net/ipv4/ip_input.c:520`), and the function itself
    /// (`ip_rcv+0x1d net/ipv4/ip_input.c:569`). `of`: the module that it is in, or [`VMLINUX`].
    pub fn frames(&mut self, name: String, address: u64, of: &str) -> Vec<String> {
        if !self.images.contains_key(of) {
            let known = self.places.get(of).filter(|places| places.is_current());
            self.images.insert(of.to_owned(), module_image(of, known));
        }
        let image = self.images.get(of).and_then(Option::as_ref);
        let Some(found) = image.and_then(|image| image.look_up(address)) else {
            return vec![name];
        };
        let line =
            |code: Option<&CodeInfo<'_>>| code.and_then(|code| self.line(code)).unwrap_or_default();
        let inlined = found.inlined.iter().rev();
        let mut frames: Vec<String> = inlined
            .map(|of| format!("{} (inlined){}", of.name, line(of.code_info.as_ref())))
            .collect();
        frames.push(name + &line(found.code_info.as_deref()));
        frames
    }

    /// What the path of the source of what is at an address begins with, before what it is known to have.
    fn root(&mut self, address: u64, known: &str) -> Option<PathBuf> {
        let frames = self.frames(String::new(), address, VMLINUX);
        let (path, _) = frames.last()?.trim_start().rsplit_once(':')?;
        let (root, _) = path.rsplit_once(known)?;
        root.ends_with('/').then(|| root.into())
    }

    /// ` net/ipv4/udp.c:2400`
    fn line(&self, code: &CodeInfo<'_>) -> Option<String> {
        let line = code.line?;
        let path = code.to_path();
        let mut roots = self.roots.iter();
        let path = roots
            .find_map(|root| path.strip_prefix(root).ok())
            .unwrap_or(&path);
        Some(format!(" {}:{line}", path.display()))
    }

    /// Modules have come, which may lie where others did.
    pub fn modules_changed(&mut self) {
        self.images.retain(|name, _| name == VMLINUX);
    }
}

/// A module as it lies in memory.
fn module_image(module: &str, known: Option<&Places>) -> Option<Image> {
    let file = find::module(module)?;
    let placed = match known {
        Some(places) => module::placed(&file, &places.sections),
        None => module::placed(&file, &Places::of(module).sections),
    };
    Some(Image::of(placed.ok()?))
}

/// The file with the running kernel's debug information; none: it is not installed.
pub fn file() -> Result<Option<PathBuf>, Unusable> {
    Ok(find::vmlinux()?.map(|vmlinux| vmlinux.file))
}

/// The address of `_stext`, which is among the first lines.
fn begin_of_text() -> Option<u64> {
    let lines = BufReader::new(File::open(KALLSYMS).ok()?).lines();
    let line = lines
        .map_while(Result::ok)
        .find(|line| line.ends_with(" _stext"))?;
    let address = u64::from_str_radix(line.split(' ').next()?, 16).ok()?;
    (address != 0).then_some(address)
}

#[cfg(test)]
mod tests;
