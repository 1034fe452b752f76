//! A capture file: opened, and decompressed by what is in it, not by its name.

use std::{
    fs::{File, Metadata},
    io::{self, BufRead, BufReader, Read},
    os::fd::AsFd as _,
    path::Path,
};

use anyhow::{Context as _, Result, bail};
use flate2::bufread::GzDecoder;

use crate::text::printable;

/// What is read at once where something has to be decompressed, in bytes.
const PIECE: usize = 128 * 1024;
/// By so many bytes it is told what a file is.
const MARK: usize = 16;

/// The bytes of a capture file, in whatever way they come.
pub struct Input {
    /// The bytes, decompressed.
    pub bytes: Box<dyn Read>,
    /// What to call the file.
    pub name: String,
    /// They were compressed, so that an offset is none in the file itself.
    pub is_compressed: bool,
    /// What they come from.
    pub from: Metadata,
}

impl Input {
    /// Opens a file; `-` is standard input.
    pub fn open(path: &Path) -> Result<Self> {
        let is_stdin = path.as_os_str() == "-";
        let name = if is_stdin {
            "standard input".to_owned()
        } else {
            printable(&path.to_string_lossy())
        };
        let open = || -> io::Result<(Metadata, Vec<u8>, File)> {
            let mut file = if is_stdin {
                File::from(io::stdin().as_fd().try_clone_to_owned()?)
            } else {
                File::open(path)?
            };
            let from = file.metadata()?;
            let mut head = Vec::with_capacity(MARK);
            file.by_ref().take(MARK as u64).read_to_end(&mut head)?;
            Ok((from, head, file))
        };
        let (from, head, file) = open().with_context(|| format!("cannot read {name}"))?;
        let form = Form::of(&head);
        let file = io::Cursor::new(head).chain(file);
        let buffered = |file| BufReader::with_capacity(PIECE, file);
        let bytes: Box<dyn Read> = match form {
            None => Box::new(file),
            Some(Form::Zstd) => {
                let zstd = zstd::Decoder::with_buffer(buffered(file));
                Box::new(Zstd(zstd.context("zstd does not start")?))
            }
            Some(Form::Gzip) => Box::new(Gzip(Some(GzDecoder::new(buffered(file))))),
            Some(Form::Other(what, remedy)) => bail!("{name} is {what}: {remedy}"),
        };
        Ok(Self {
            bytes,
            name,
            is_compressed: form.is_some(),
            from,
        })
    }
}

/// What zstd makes of it.
struct Zstd<R>(R);

impl<R: Read> Read for Zstd<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out).map_err(|error| {
            let is_window = error.to_string().contains("too much memory");
            if is_window {
                io::Error::other(WINDOW)
            } else if error.kind() == io::ErrorKind::UnexpectedEof {
                io::Error::new(error.kind(), NO_END)
            } else {
                error
            }
        })
    }
}

/// What gzip makes of it: member after member (RFC 1952, 2.2), and zeros behind the last one, as tapes and disks add them,
/// are nothing. `None`: it is over.
struct Gzip<R>(Option<GzDecoder<R>>);

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(member) = &mut self.0 else {
                return Ok(0);
            };
            let length = member.read(out)?;
            if length > 0 || out.is_empty() {
                return Ok(length);
            }
            if let Some(mut rest) = self.0.take().map(GzDecoder::into_inner)
                && !skip_zeros(&mut rest)?
            {
                self.0 = Some(GzDecoder::new(rest));
            }
        }
    }
}

/// Goes behind the zeros that come next. True: nothing is behind them.
fn skip_zeros(bytes: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let next = bytes.fill_buf()?;
        let zeros = next.iter().take_while(|byte| **byte == 0).count();
        if zeros == 0 {
            return Ok(next.is_empty());
        }
        bytes.consume(zeros);
    }
}

/// What a file is, if it is not what the pcapng crate reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Zstd,
    Gzip,
    /// In words, and what to do about it.
    Other(&'static str, &'static str),
}

/// Of a frame that is not finished.
const NO_END: &str =
    "it has no end: its writer was killed or writes it still, or a part of the file is missing";
/// zstd takes 128 MiB for itself, no more, unless it is told to.
const WINDOW: &str = "its window is larger than 128 MiB: zstd -dc --long=31 FILE | droprec -r -";
const EDITCAP: &str = "convert it with Wireshark's editcap: editcap FILE FILE.pcapng";

impl Form {
    /// By what a file begins with: RFC 8878, 3.1.1; RFC 1952, 2.3.1; the frame formats of lz4, xz, bzip2 and zip; RFC 1761; and
    /// the marks by which Wireshark's wiretap knows other captures.
    fn of(head: &[u8]) -> Option<Self> {
        use Form::{Gzip, Other, Zstd};
        const MARKS: [(&[u8], Form); 16] = [
            (b"\x28\xB5\x2F\xFD", Zstd),
            (b"\x1F\x8B", Gzip),
            (
                b"\x04\x22\x4D\x18",
                Other(
                    "compressed with lz4",
                    "decompress it first: lz4 -dc FILE | droprec -r -",
                ),
            ),
            (
                b"\xFD7zXZ\0",
                Other(
                    "compressed with xz",
                    "decompress it first: xz -dc FILE | droprec -r -",
                ),
            ),
            (
                b"BZh",
                Other(
                    "compressed with bzip2",
                    "decompress it first: bzip2 -dc FILE | droprec -r -",
                ),
            ),
            (
                b"PK\x03\x04",
                Other(
                    "a zip archive",
                    "take the capture out of it: unzip -p FILE | droprec -r -",
                ),
            ),
            (b"snoop\0\0\0", Other("a snoop capture", EDITCAP)),
            (b"btsnoop\0", Other("a Bluetooth snoop capture", EDITCAP)),
            (b"RTSS", Other("a Network Monitor 1 capture", EDITCAP)),
            (b"GMBU", Other("a Network Monitor 2 capture", EDITCAP)),
            (b"TRSNIFF data", Other("a Sniffer capture", EDITCAP)),
            (b"XCP\0", Other("a NetXRay capture", EDITCAP)),
            (b"\x1C\0\x01\xAB", Other("an IXIA capture", EDITCAP)),
            (b"\xAB\x01\0\x1C", Other("an IXIA capture", EDITCAP)),
            (b"\x1C\0\x01\xAC", Other("an IXIA capture", EDITCAP)),
            (b"\xAC\x01\0\x1C", Other("an IXIA capture", EDITCAP)),
        ];
        // A frame to be skipped, which zstd's own tools put before or after what they compress.
        if matches!(head, [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..]) {
            return Some(Zstd);
        }
        let found = MARKS.iter().find(|(mark, _)| head.starts_with(mark));
        let is_visible = |byte: &u8| !matches!(byte, b'\r' | b'\n');
        let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
        match found {
            Some((_, form)) => Some(*form),
            // With nothing but line breaks the head of a pcapng file begins too.
            None if head.iter().all(is_text) && head.iter().any(is_visible) => Some(Other(
                "text, no capture file",
                "droprec reads what was written with -w, not what was printed",
            )),
            None => None,
        }
    }
}
