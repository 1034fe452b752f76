//! An interface in the namespace that the tests themselves run in, as a machine's own interfaces are.

use std::{fs, os::unix::fs::MetadataExt as _, process::Command};

use crate::{FrameSocket, Namespace, run, unique};

/// An interface here with a name of its own, without addresses, and a namespace at the other end of its cable. Both go when
/// dropped.
#[derive(Debug)]
pub struct OwnPort {
    name: String,
    peer: Namespace,
}

impl OwnPort {
    /// The interface, up.
    #[must_use]
    pub fn new() -> Self {
        let (process, call) = unique();
        let port = Self {
            name: format!("dr{process}-{call}"),
            peer: Namespace::new("peer"),
        };
        let Self { name, peer } = &port;
        let other = ["peer", "name", "eth0", "netns", peer.name()];
        run(
            "ip",
            &[&["link", "add", name, "type", "veth"], &other[..]].concat(),
        );
        let file = format!("/proc/sys/net/ipv6/conf/{name}/disable_ipv6");
        fs::write(&file, "1").unwrap_or_else(|error| panic!("{file}: {error}"));
        run("ip", &["link", "set", name, "up"]);
        peer.ip("link set eth0 up");
        port
    }

    /// What it is called, here and by droprec.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A socket that sends frames to it.
    #[must_use]
    pub fn frames(&self) -> FrameSocket {
        FrameSocket::open(&self.peer, "eth0")
    }

    /// How many packets the interface's own counter says that it dropped.
    #[must_use]
    pub fn rx_dropped(&self) -> u64 {
        let file = format!("/sys/class/net/{}/statistics/rx_dropped", self.name);
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let number = text.trim().parse();
        number.unwrap_or_else(|error| panic!("{file}: {text:?}: {error}"))
    }

    /// What the kernel calls the namespace: the inode number of its file.
    #[must_use]
    pub fn inode(&self) -> u64 {
        let path = "/proc/self/ns/net";
        fs::metadata(path)
            .unwrap_or_else(|error| panic!("{path}: {error}"))
            .ino()
    }
}

impl Default for OwnPort {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for OwnPort {
    fn drop(&mut self) {
        // A second panic would hide the first.
        let deleted = Command::new("ip")
            .args(["link", "delete", &self.name])
            .output();
        if !deleted.is_ok_and(|output| output.status.success()) {
            eprintln!("{} is still there: ip link delete failed", self.name);
        }
    }
}
