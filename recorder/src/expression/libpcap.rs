//! libpcap, which knows what an expression means: found and loaded at run time, so that droprec does without it where nobody
//! asks for an expression.
//!
//! It is asked as `tcpdump -r` asks it: of a file with packets of a link type.

use std::{
    ffi::{CStr, CString, c_char, c_int, c_uint, c_void},
    ptr::null_mut,
    slice::from_raw_parts,
    sync::Arc,
};

use anyhow::{Context as _, Result};
use libloading::Library;

use super::translation::Classic;

/// What distributions call it: Debian has the second.
const NAMES: [&str; 2] = ["libpcap.so.1", "libpcap.so.0.8"];
/// `PCAP_ERRBUF_SIZE` (pcap/pcap.h).
const MESSAGE: usize = 256;
/// Bytes of a file's head, and the most bytes of a packet, as tcpdump has it.
const HEAD: usize = 24;
const SNAPLEN: u32 = 262_144;

/// `struct bpf_program` (pcap/bpf.h).
#[repr(C)]
struct RawProgram {
    len: c_uint,
    instructions: *mut Classic,
}

/// `struct pcap_pkthdr` (pcap/pcap.h).
#[repr(C)]
struct Header {
    time: libc::timeval,
    caplen: u32,
    len: u32,
}

/// A `pcap_t`.
type Handle = *mut c_void;

/// The functions that are used of it, as pcap/pcap.h declares them.
struct Functions {
    open: unsafe extern "C" fn(*mut libc::FILE, *mut c_char) -> Handle,
    compile: unsafe extern "C" fn(Handle, *mut RawProgram, *const c_char, c_int, u32) -> c_int,
    message: unsafe extern "C" fn(Handle) -> *const c_char,
    close: unsafe extern "C" fn(Handle),
    filter: unsafe extern "C" fn(*const RawProgram, *const Header, *const u8) -> c_int,
    free: unsafe extern "C" fn(*mut RawProgram),
    version: unsafe extern "C" fn() -> *const c_char,
    /// They are there as long as this is.
    _library: Library,
}

/// The library.
#[derive(Clone)]
pub(super) struct Libpcap(Arc<Functions>);

impl Libpcap {
    /// Finds it, or says what to install.
    pub(super) fn load() -> Result<Self> {
        Self::find()
            .context("they take libpcap: install libpcap0.8 (Debian, Ubuntu) or libpcap (others)")
    }

    fn find() -> Result<Self, libloading::Error> {
        let [newer, older] = NAMES;
        // SAFETY: libpcap does nothing as it is loaded or unloaded.
        let library = unsafe { Library::new(newer).or_else(|_| Library::new(older)) }?;
        // SAFETY: the types are those of the header, the same since 1.0.
        unsafe {
            Ok(Self(Arc::new(Functions {
                open: *library.get("pcap_fopen_offline")?,
                compile: *library.get("pcap_compile")?,
                message: *library.get("pcap_geterr")?,
                close: *library.get("pcap_close")?,
                filter: *library.get("pcap_offline_filter")?,
                free: *library.get("pcap_freecode")?,
                version: *library.get("pcap_lib_version")?,
                _library: library,
            })))
        }
    }

    /// What it calls itself.
    pub(super) fn version(&self) -> String {
        // SAFETY: a string that is always there.
        unsafe { text((self.0.version)()) }
    }

    /// Compiles an expression for packets of a link type, by its number in files. The error is libpcap's message.
    pub(super) fn compile(&self, text: &str, link_type: u32) -> Result<Program, String> {
        let Ok(text) = CString::new(text) else {
            return Err("a zero byte ends no word".to_owned());
        };
        let Ok(link_type) = u16::try_from(link_type) else {
            return Err(format!("{link_type} is no link type"));
        };
        let file = File::of(self, link_type)?;
        let mut raw = RawProgram {
            len: 0,
            instructions: null_mut(),
        };
        // SAFETY: all that is handed over is there as long as it is needed. The network's mask is tcpdump's for a file: 0.
        let outcome = unsafe { (self.0.compile)(file.handle, &raw mut raw, text.as_ptr(), 1, 0) };
        if outcome != 0 {
            return Err(file.message());
        }
        Ok(Program {
            library: self.clone(),
            raw,
        })
    }
}

#[cfg(test)]
impl Libpcap {
    /// A program that libpcap has not made.
    pub(super) fn program(&self, instructions: &[Classic]) -> Program {
        let bytes = size_of_val(instructions);
        // SAFETY: there is room for as much, and `pcap_freecode` gives it back as what libpcap itself has got.
        let raw = unsafe {
            let room = libc::malloc(bytes).cast::<Classic>();
            room.copy_from_nonoverlapping(instructions.as_ptr(), instructions.len());
            RawProgram {
                len: instructions.len() as c_uint,
                instructions: room,
            }
        };
        Program {
            library: self.clone(),
            raw,
        }
    }
}

/// A file without packets, open for libpcap to read.
struct File<'a> {
    library: &'a Functions,
    handle: Handle,
}

impl<'a> File<'a> {
    fn of(library: &'a Libpcap, link_type: u16) -> Result<Self, String> {
        let library = &*library.0;
        let mut head = head(link_type);
        let mut message = [0; MESSAGE];
        // SAFETY: the stream reads `head` as long as this function runs: libpcap asks it for no more than that. It is closed
        // with the handle, or here.
        let handle = unsafe {
            let stream = libc::fmemopen(head.as_mut_ptr().cast(), HEAD, c"r".as_ptr());
            if stream.is_null() {
                return Err("there is no memory for it".to_owned());
            }
            let handle = (library.open)(stream, message.as_mut_ptr());
            if handle.is_null() {
                libc::fclose(stream);
            }
            handle
        };
        if handle.is_null() {
            // SAFETY: libpcap has written a string to it, or nothing.
            return Err(unsafe { text(message.as_ptr()) });
        }
        Ok(Self { library, handle })
    }

    /// What was wrong.
    fn message(&self) -> String {
        // SAFETY: a string of the handle's own.
        unsafe { text((self.library.message)(self.handle)) }
    }
}

impl Drop for File<'_> {
    fn drop(&mut self) {
        // SAFETY: it was opened, and is used no more.
        unsafe { (self.library.close)(self.handle) }
    }
}

/// The head of a pcap file (<https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-05.html>), in the machine's byte order.
fn head(link_type: u16) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    head[..4].copy_from_slice(&0xa1b2_c3d4_u32.to_ne_bytes());
    head[4..6].copy_from_slice(&2_u16.to_ne_bytes());
    head[6..8].copy_from_slice(&4_u16.to_ne_bytes());
    head[16..20].copy_from_slice(&SNAPLEN.to_ne_bytes());
    head[20..].copy_from_slice(&u32::from(link_type).to_ne_bytes());
    head
}

/// A string of libpcap's.
///
/// # Safety
/// It is one, or null.
unsafe fn text(message: *const c_char) -> String {
    if message.is_null() {
        return String::new();
    }
    // SAFETY: as the caller says.
    let message = unsafe { CStr::from_ptr(message) };
    message.to_string_lossy().into_owned()
}

/// A compiled expression.
pub(super) struct Program {
    library: Libpcap,
    raw: RawProgram,
}

impl Program {
    /// Whether it selects a packet, of which there were `len` bytes.
    pub(super) fn selects(&self, bytes: &[u8], len: u32) -> bool {
        let header = Header {
            // SAFETY: integers, for which zero is a value.
            time: unsafe { std::mem::zeroed() },
            caplen: bytes.len() as u32,
            len,
        };
        let Functions { filter, .. } = *self.library.0;
        // SAFETY: the program reads as many bytes as the header says.
        unsafe { filter(&raw const self.raw, &raw const header, bytes.as_ptr()) != 0 }
    }

    /// Its instructions.
    pub(super) fn instructions(&self) -> &[Classic] {
        // SAFETY: libpcap has made as many, and nobody changes them.
        unsafe { from_raw_parts(self.raw.instructions, self.raw.len as usize) }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // SAFETY: libpcap has made it, and it is used no more.
        unsafe { (self.library.0.free)(&raw mut self.raw) }
    }
}
