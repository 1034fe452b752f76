//! What is in a file too long to be held whole: its blocks, counted by the strict reader, and its packets, by others.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read},
    path::Path,
};

use droprec_pcapng::read::{Block, Fault, Reader, Statistics};
use droprec_testbed::run;

/// The counts.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Names of the interfaces.
    pub(crate) interfaces: Vec<String>,
    pub(crate) packets: u64,
    /// `epb_packetid` of each of them.
    pub(crate) packetids: Vec<u64>,
    /// The sum of `epb_dropcount`.
    pub(crate) dropcounts: u64,
    pub(crate) statistics: Vec<Statistics>,
    /// The last block is not whole.
    pub(crate) is_cut: bool,
}

impl Tally {
    /// Counts what is in a file, which must be good up to where it may be cut; a compressed one may have no end. Not with
    /// zstd(1), which then keeps a part of the last block back.
    pub(crate) fn of(path: &Path) -> Self {
        let file = File::open(path)
            .unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()));
        if path.extension() == Some(OsStr::new("zst")) {
            let zstd = zstd::Decoder::new(file).expect("zstd starts");
            return Self::read(path, Unfinished(zstd));
        }
        Self::read(path, file)
    }

    fn read(path: &Path, bytes: impl Read) -> Self {
        let mut tally = Self::default();
        let mut reader = Reader::strict(bytes);
        loop {
            match reader.next_block() {
                Ok(None) => return tally,
                Ok(Some(Block::Interface(interface))) => {
                    let name = interface.name.unwrap_or_default();
                    tally.interfaces.push(name.into_owned());
                }
                Ok(Some(Block::Packet(packet))) => {
                    tally.packets += 1;
                    tally.packetids.extend(packet.packetid);
                    tally.dropcounts += packet.dropcount.unwrap_or(0);
                }
                Ok(Some(Block::Statistics(statistics, _))) => tally.statistics.push(statistics),
                Ok(Some(_)) => {}
                Err(error) if matches!(error.fault, Fault::Cut { .. }) => {
                    tally.is_cut = true;
                    return tally;
                }
                Err(error) => panic!("{} is damaged: {error}", path.display()),
            }
        }
    }

    /// The sum of a counter over all interfaces.
    pub(crate) fn sum(&self, counter: impl Fn(&Statistics) -> Option<u64>) -> u64 {
        let counts = self.statistics.iter().map(|statistics| {
            counter(statistics).unwrap_or_else(|| panic!("a counter is missing: {statistics:?}"))
        });
        counts.sum()
    }

    /// What was counted on the interface of this name.
    pub(crate) fn of_interface(&self, name: &str) -> Statistics {
        let found = self
            .statistics
            .iter()
            .find(|statistics| self.interfaces[statistics.interface as usize] == name);
        *found.unwrap_or_else(|| panic!("no statistics of {name}: {self:?}"))
    }
}

/// A compressed file that ends where what is there ends.
struct Unfinished<R>(R);

impl<R: Read> Read for Unfinished<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.0.read(out) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
            result => result,
        }
    }
}

/// How many packets Wireshark counts in a file, which must be whole.
pub(crate) fn capinfos(path: &Path) -> u64 {
    let path = path.to_str().expect("a path of letters and digits");
    let text = run("capinfos", &["-M", "-c", path]);
    let count = text
        .split_whitespace()
        .last()
        .and_then(|count| count.parse().ok());
    count.unwrap_or_else(|| panic!("capinfos says no number of packets: {text}"))
}
