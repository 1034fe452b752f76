//! What the kernel's own tracing says of the shape of the packets that a thread causes to be sent and received: the truth
//! about what is in pages, what is to be segmented, and what travels with its tag beside it.

use std::{fs, path::PathBuf};

use rustix::thread::gettid;

use crate::{unique, until};

const INSTANCES: &str = "/sys/kernel/tracing/instances";
/// As a driver is given a packet, and as the stack is.
const EVENTS: [&str; 3] = [
    "net_dev_start_xmit",
    "netif_rx_entry",
    "netif_receive_skb_entry",
];

/// A packet, at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Its bytes, from its link header or from behind it.
    pub len: u32,
    /// How many of them are not in the linear buffer.
    pub data_len: u32,
    /// Bytes of payload of a segment; 0: it is none of several.
    pub gso_size: u32,
    /// A VLAN tag travels beside the frame.
    pub is_tagged: bool,
}

/// A tracing instance of this test's own. Removed when dropped.
#[derive(Debug)]
pub struct Shapes {
    directory: PathBuf,
}

impl Shapes {
    /// Begins to trace the calling thread.
    #[must_use]
    pub fn of_this_thread() -> Self {
        let (process, call) = unique();
        let directory = PathBuf::from(INSTANCES).join(format!("droprec-{process}-{call}"));
        fs::create_dir(&directory).unwrap_or_else(|error| {
            panic!("{}: {error}: is tracefs mounted?", directory.display())
        });
        let shapes = Self { directory };
        shapes.write("buffer_size_kb", "128");
        let thread = gettid().as_raw_nonzero();
        for event in EVENTS {
            let event = format!("events/net/{event}");
            shapes.write(
                &format!("{event}/filter"),
                &format!("common_pid == {thread}"),
            );
            shapes.write(&format!("{event}/enable"), "1");
        }
        shapes
    }

    fn write(&self, file: &str, value: &str) {
        let file = self.directory.join(file);
        fs::write(&file, value)
            .unwrap_or_else(|error| panic!("{} does not take {value}: {error}", file.display()));
    }

    /// Those since the beginning or since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<Shape> {
        let file = self.directory.join("trace");
        let text = fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("{} cannot be read: {error}", file.display()));
        self.write("trace", "");
        text.lines().filter_map(shape).collect()
    }
}

/// The shape in `… dev=eth0 … vlan_tagged=0 … len=1042 data_len=1000 … gso_size=0 …`.
fn shape(line: &str) -> Option<Shape> {
    let number = |key: &str| {
        let mut words = line.split_whitespace();
        words.find_map(|word| word.strip_prefix(key)?.parse().ok())
    };
    Some(Shape {
        len: number("len=")?,
        data_len: number("data_len=")?,
        gso_size: number("gso_size=")?,
        is_tagged: number("vlan_tagged=")? != 0,
    })
}

impl Drop for Shapes {
    fn drop(&mut self) {
        // The events must be off before the directory can go, and a reader of it may have it for a moment longer.
        let _ = fs::write(self.directory.join("events/enable"), "0");
        if until(|| fs::remove_dir(&self.directory).ok()).is_none() {
            // A second panic would hide the first.
            eprintln!("{} is still there", self.directory.display());
        }
    }
}
