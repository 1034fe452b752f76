//! A host of the lab: a namespace with one interface, and the wire from the sender to it.
//!
//! Wires are silent: nothing is on them but what is delivered, since neither end looks for neighbours.

use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::AsFd;

use anyhow::{Context, Result};
use rustix::net::{AddressFamily, SocketType, netdevice};

use super::frame;
use super::namespace::Namespace;
use super::netlink::route::{self, End};
use super::packet_socket::PacketSocket;
use super::sysctl;

/// What a host calls its end of the wire.
const INTERFACE: &str = "eth0";

/// A host, with whom only the holder of the wire's other end can speak.
pub(crate) struct Host {
    /// The address of its interface.
    pub(crate) address: Ipv4Addr,
    namespace: Namespace,
    wire: PacketSocket,
}

impl Host {
    /// Makes a host, runs `prepare` in it while it has no interface yet, and lays a wire to it from `sender`.
    ///
    /// The sender's end of the wire is called `name`, after what is at the other end.
    pub(crate) fn connect(
        sender: &Namespace,
        name: &str,
        address: [u8; 4],
        prepare: impl FnOnce() -> Result<()> + Send,
    ) -> Result<Self> {
        let namespace = Namespace::new()?;
        namespace.enter(|| {
            forget_inherited_settings()?;
            prepare()
        })?;
        let wire = sender.enter(|| {
            let near = End {
                name,
                address: frame::SENDER,
            };
            let far = End {
                name: INTERFACE,
                address: frame::HOST,
            };
            route::add_veth_pair(&near, &far, namespace.as_fd()).context(
                "cannot make a veth pair: the kernel needs CONFIG_VETH (try `modprobe veth`)",
            )?;
            PacketSocket::open(name)
        })?;
        let host = Self {
            address: address.into(),
            namespace,
            wire,
        };
        host.add_address(address.into(), 24)?;
        host.enter(|| route::bring_up(interface_index()?))?;
        Ok(host)
    }

    /// Gives the host's interface a further address.
    pub(crate) fn add_address(&self, address: IpAddr, prefix_length: u8) -> Result<()> {
        self.enter(|| route::add_address(interface_index()?, address, prefix_length))
    }

    /// Lets a frame arrive at the host's interface.
    pub(crate) fn deliver(&self, frame: &[u8]) -> Result<()> {
        self.wire.send(frame)
    }

    /// Runs `work` on a new thread inside the host.
    pub(crate) fn enter<T: Send>(&self, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        self.namespace.enter(work)
    }

    /// The inode number of the host's namespace.
    pub(crate) fn inode(&self) -> Result<u32> {
        self.namespace.inode()
    }
}

/// The index of the host's interface, on a thread inside the host.
pub(crate) fn interface_index() -> Result<u32> {
    let socket = rustix::net::socket(AddressFamily::UNIX, SocketType::DGRAM, None)
        .context("cannot open a socket to look an interface up")?;
    netdevice::name_to_index(&socket, INTERFACE)
        .with_context(|| format!("the demo's interface {INTERFACE} is gone"))
}

/// A new namespace begins with the machine's own settings for IPv4 (`devinet_init_net`, net/ipv4/devinet.c, v6.18):
/// they might drop packets earlier than wanted, or not at all, or write of them in the kernel's log.
fn forget_inherited_settings() -> Result<()> {
    for name in ["rp_filter", "route_localnet", "log_martians"] {
        sysctl::set_for_interfaces("ipv4", name, "0")?;
    }
    Ok(())
}
