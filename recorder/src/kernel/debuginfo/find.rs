//! Finds the files with debug information where distributions put them, and looks whether they are of what runs.

use std::{
    fmt::Write as _,
    fs::{self, File},
    path::{Path, PathBuf},
};

use object::{
    LittleEndian, Object as _, ObjectSymbol as _, ReadCache, elf, read::elf::NoteIterator,
};
use rustix::system::uname;

/// The notes of the running kernel (`kernel/ksysfs.c`, v5.8).
const NOTES: &str = "/sys/kernel/notes";
/// What is known of each module; its notes, too (`kernel/module/sysfs.c`, v6.4).
const MODULES: &str = "/sys/module";
/// Where debug information is.
const DEBUG: &str = "/usr/lib/debug";

/// Headers of 64-bit little-endian machines.
type Header = elf::FileHeader64<LittleEndian>;

/// The kernel's own file.
#[derive(Debug)]
pub(super) struct Vmlinux {
    pub(super) file: PathBuf,
    /// The address of `_stext` in it.
    pub(super) text: u64,
    /// The address of `start_kernel` in it.
    pub(super) start: u64,
}

/// There is a file where the kernel's debug information would be, and it is of no use.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{file} {why}: call stacks have no lines of source code")]
pub struct Unusable {
    file: String,
    why: &'static str,
}

/// The running kernel's. `None`: there is none.
pub(super) fn vmlinux() -> Result<Option<Vmlinux>, Unusable> {
    let release = release();
    let notes = fs::read(NOTES).unwrap_or_default();
    let id = build_id(&notes);
    // By its build id; Debian's and Ubuntu's places; Fedora's; SUSE's; where the kernel was built; beside the kernel.
    let places = [
        id.map(by_build_id).unwrap_or_default(),
        format!("{DEBUG}/boot/vmlinux-{release}"),
        format!("{DEBUG}/lib/modules/{release}/vmlinux"),
        format!("{DEBUG}/usr/lib/modules/{release}/vmlinux"),
        format!("{DEBUG}/boot/vmlinux-{release}.debug"),
        format!("{DEBUG}/usr/lib/modules/{release}/vmlinux.debug"),
        format!("/lib/modules/{release}/build/vmlinux"),
        format!("/lib/modules/{release}/vmlinux"),
        format!("/boot/vmlinux-{release}"),
    ];
    first(places.iter().map(Path::new), id)
}

/// The first of the files that has debug information and the build id.
pub(super) fn first<'a>(
    files: impl Iterator<Item = &'a Path>,
    id: Option<&[u8]>,
) -> Result<Option<Vmlinux>, Unusable> {
    let mut unusable = None;
    for file in files.filter(|file| file.is_file()) {
        match look_at(file, id) {
            Ok(Some(vmlinux)) => return Ok(Some(vmlinux)),
            // It is as the kernel needs it.
            Ok(None) => {}
            Err(why) => {
                let file = file.display().to_string();
                unusable.get_or_insert(Unusable { file, why });
            }
        }
    }
    unusable.map_or(Ok(None), Err)
}

/// The file, or why it is of no use. `None`: it has no debug information.
pub(super) fn look_at(path: &Path, id: Option<&[u8]>) -> Result<Option<Vmlinux>, &'static str> {
    let file = File::open(path).map_err(|_| "cannot be read")?;
    let cache = ReadCache::new(file);
    let object = object::File::parse(&cache).map_err(|_| "is no ELF file")?;
    if object.section_by_name(".debug_info").is_none() {
        return Ok(None);
    }
    if id.is_none() || object.build_id().ok().flatten() != id {
        return Err("is another kernel's: its build id is not the running one's");
    }
    let (mut text, mut start) = (None, None);
    for symbol in object.symbols() {
        match symbol.name_bytes() {
            Ok(b"_stext") => text = Some(symbol.address()),
            Ok(b"start_kernel") => start = Some(symbol.address()),
            _ => {}
        }
    }
    let (text, start) = text.zip(start).ok_or("has no symbols")?;
    let file = path.to_owned();
    Ok(Some(Vmlinux { file, text, start }))
}

/// A module's. `None`: there is none of what is loaded.
pub(super) fn module(name: &str) -> Option<PathBuf> {
    let notes = fs::read(format!("{MODULES}/{name}/notes/.note.gnu.build-id")).ok()?;
    let id = build_id(&notes)?;
    let release = release();
    let own = format!("/lib/modules/{release}");
    let list = fs::read_to_string(format!("{own}/modules.dep")).unwrap_or_default();
    let file = listed(&list, name).unwrap_or_default();
    let places = [
        by_build_id(id),
        format!("{DEBUG}{own}/{file}"),
        format!("{DEBUG}{own}/{file}.debug"),
        format!("{DEBUG}/usr{own}/{file}"),
        format!("{DEBUG}/usr{own}/{file}.debug"),
        format!("{own}/{file}"),
    ];
    let is_its = |file: &PathBuf| {
        let cache = ReadCache::new(File::open(file).ok()?);
        let object = object::File::parse(&cache).ok()?;
        let is_its = object.build_id().ok()? == Some(id);
        (is_its && object.section_by_name(".debug_info").is_some()).then_some(())
    };
    let mut places = places.into_iter().map(PathBuf::from);
    places.find(|file| file.is_file() && is_its(file).is_some())
}

/// A module's file in `modules.dep`, without the ending of a compressed one: `kernel/net/openvswitch/openvswitch.ko`.
fn listed<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    let files = list.lines().filter_map(|line| line.split_once(':'));
    files.map(|(file, _)| file).find_map(|file| {
        let end = file.find(".ko")?;
        let start = file.rfind('/').map_or(0, |slash| slash + 1);
        // In the kernel's own names there are no hyphens.
        let is_it = file.get(start..end)?.replace('-', "_") == name;
        is_it.then(|| &file[..end + ".ko".len()])
    })
}

/// The build id among notes.
fn build_id(notes: &[u8]) -> Option<&[u8]> {
    let notes = NoteIterator::<Header>::new(LittleEndian, 4_u64, notes).ok()?;
    let mut notes = notes.filter_map(Result::ok);
    let is_id = |note: &object::read::elf::Note<'_, Header>| {
        note.name() == elf::ELF_NOTE_GNU && note.n_type(LittleEndian) == elf::NT_GNU_BUILD_ID
    };
    Some(notes.find(is_id)?.desc())
}

fn by_build_id(id: &[u8]) -> String {
    let mut path = format!("{DEBUG}/.build-id/");
    for (index, byte) in id.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(path, "{byte:02x}{}", if index == 0 { "/" } else { "" });
    }
    path + ".debug"
}

fn release() -> String {
    uname().release().to_string_lossy().into_owned()
}
