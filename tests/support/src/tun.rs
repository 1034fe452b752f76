//! A tun device: an interface that receives what a process writes (`Documentation/networking/tuntap.rst`).

use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
    os::fd::AsRawFd as _,
    path::Path,
    process::Command,
};

use crate::Namespace;

const DEVICE: &str = "/dev/net/tun";

/// The process's side of it. The interface goes when this is dropped.
#[derive(Debug)]
pub struct Tun {
    file: File,
}

impl Tun {
    /// Makes an interface that takes bare IP packets, and sets it up.
    #[must_use]
    pub fn new(namespace: &Namespace, interface: &str) -> Self {
        Self::of_kind(namespace, interface, libc::IFF_TUN)
    }

    /// Makes an interface that takes whole frames, and sets it up.
    #[must_use]
    pub fn tap(namespace: &Namespace, interface: &str) -> Self {
        Self::of_kind(namespace, interface, libc::IFF_TAP)
    }

    /// Has what is written begin with the header that [`crate::Vnet`] writes.
    #[must_use]
    pub fn with_vnet(namespace: &Namespace, interface: &str, is_tap: bool) -> Self {
        let kind = if is_tap { libc::IFF_TAP } else { libc::IFF_TUN };
        Self::of_kind(namespace, interface, kind | libc::IFF_VNET_HDR)
    }

    /// Makes an interface that takes whole frames and puts segments of one connection together (GRO).
    #[must_use]
    pub fn aggregating(namespace: &Namespace, interface: &str) -> Self {
        Self::of_kind(namespace, interface, libc::IFF_TAP | libc::IFF_NAPI)
    }

    fn of_kind(namespace: &Namespace, interface: &str, kind: libc::c_int) -> Self {
        if !Path::new(DEVICE).exists() {
            // The module makes it. Whether it did is seen below.
            let _ = Command::new("modprobe").args(["-q", "tun"]).status();
        }
        let open = || -> io::Result<File> {
            let file = OpenOptions::new().read(true).write(true).open(DEVICE)?;
            let mut request = libc::ifreq {
                ifr_name: [0; libc::IFNAMSIZ],
                ifr_ifru: libc::__c_anonymous_ifr_ifru {
                    ifru_flags: (kind | libc::IFF_NO_PI) as libc::c_short,
                },
            };
            for (to, byte) in request.ifr_name.iter_mut().zip(interface.bytes()) {
                *to = byte.cast_signed();
            }
            // SAFETY: an `ifreq` that outlives the call, which the kernel may write to.
            let made = unsafe { libc::ioctl(file.as_raw_fd(), libc::TUNSETIFF, &raw mut request) };
            if made < 0 {
                return Err(io::Error::last_os_error());
            }
            Ok(file)
        };
        let file = namespace.enter(open).unwrap_or_else(|error| {
            panic!("{DEVICE} makes no {}: {error}", namespace.label(interface))
        });
        namespace.ip(&format!("link set {interface} up"));
        Self { file }
    }

    /// Has the driver take what is written without waiting: then it runs an XDP program before it makes an skb
    /// (`tun_can_build_skb`, drivers/net/tun.c).
    #[must_use]
    pub fn at_once(self) -> Self {
        rustix::fs::fcntl_setfl(&self.file, rustix::fs::OFlags::NONBLOCK)
            .unwrap_or_else(|error| panic!("{DEVICE} goes on waiting: {error}"));
        self
    }

    /// Has the interface receive a packet, unless the kernel refuses it.
    pub fn write(&self, packet: &[u8]) -> io::Result<usize> {
        (&self.file).write(packet)
    }
}
