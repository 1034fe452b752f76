//! The demo's network: a sender, and three hosts that each have a wire to it and their own way to drop what comes.
//!
//! All of it is set up beforehand, so that nothing but packets is sent while drops are recorded. The sender has no addresses,
//! and frames come from a [`STRANGER`], to whom no host has a route: no answer follows a drop, to be dropped in its turn.

use std::net::{Ipv4Addr, Ipv6Addr};

use anyhow::Result;

use super::host::{self, Host};
use super::namespace::Namespace;
use super::netlink::nftables::{self, Hook};
use super::netlink::route;
use super::sysctl;
use crate::netlink::is_unsupported;

/// Where frames come from to which no answer can be sent (TEST-NET-2, RFC 5737).
pub(crate) const STRANGER: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 1);
/// The same in IPv6 (RFC 9637).
pub(crate) const STRANGER_V6: Ipv6Addr = Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 1);
/// An address on every host's own network that the host does not have (TEST-NET-1, RFC 5737).
pub(crate) const NEIGHBOUR: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

/// The receiver's address in IPv6 (RFC 3849).
const RECEIVER_V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);

/// The namespaces, and what is in them.
pub(crate) struct Lab {
    /// Forwards nothing, filters nothing.
    pub(crate) receiver: Host,
    /// The receiver's IPv6 address, or why it has none.
    pub(crate) receiver_v6: Result<Ipv6Addr, Missing>,
    /// Forwards what is not for itself.
    pub(crate) router: Host,
    /// Whether the router's interface has a queue, one that holds nothing and so is always full.
    pub(crate) router_queue: Result<(), Missing>,
    /// Believes no source address that it has no route to (RFC 3704, strict).
    pub(crate) firewall: Host,
    /// Whether the firewall drops all that it would take or send.
    pub(crate) firewall_filter: Result<(), Missing>,
    namespaces: [(u32, &'static str); 4],
    /// Holds the namespace that the wires' other ends are in.
    _sender: Namespace,
}

/// What this kernel lacks, in words.
#[derive(Clone, Debug)]
pub(crate) struct Missing(pub(crate) String);

impl Lab {
    /// Makes the namespaces and what is in them. It needs `CAP_SYS_ADMIN`, `CAP_NET_ADMIN` and `CAP_NET_RAW`.
    pub(crate) fn new() -> Result<Self> {
        let sender = Namespace::new()?;
        sender.enter(disable_ipv6)?;

        let receiver = Host::connect(&sender, "receiver", [192, 0, 2, 2], allow_ipv6)?;
        let receiver_v6 = if sysctl::has_ipv6() {
            receiver.add_address(RECEIVER_V6.into(), 64)?;
            Ok(RECEIVER_V6)
        } else {
            Err(Missing("this kernel has no IPv6".to_owned()))
        };

        let router = Host::connect(&sender, "router", [192, 0, 2, 3], || {
            sysctl::set("ipv4/ip_forward", "1")?;
            disable_ipv6()
        })?;
        let router_queue = unless_unsupported(
            router.enter(|| route::set_packet_fifo(host::interface_index()?, 0)),
            "no queueing discipline pfifo: CONFIG_NET_SCHED",
        )?;

        let firewall = Host::connect(&sender, "firewall", [192, 0, 2, 4], || {
            sysctl::set_for_interfaces("ipv4", "rp_filter", "1")?;
            disable_ipv6()
        })?;
        let firewall_filter = unless_unsupported(
            firewall.enter(|| nftables::drop_all_at(&[Hook::Input, Hook::Output])),
            "no nf_tables: CONFIG_NF_TABLES_IPV4, or `modprobe nf_tables`",
        )?;

        Ok(Self {
            namespaces: [
                (sender.inode()?, "demo-sender"),
                (receiver.inode()?, "demo-receiver"),
                (router.inode()?, "demo-router"),
                (firewall.inode()?, "demo-firewall"),
            ],
            receiver,
            receiver_v6,
            router,
            router_queue,
            firewall,
            firewall_filter,
            _sender: sender,
        })
    }

    /// Each namespace's inode number, and a name to show in its place.
    pub(crate) fn namespaces(&self) -> &[(u32, &'static str)] {
        &self.namespaces
    }
}

/// Tells what the kernel lacks (`what`, with the remedy) from what went wrong.
fn unless_unsupported(result: Result<()>, what: &str) -> Result<Result<(), Missing>> {
    match result {
        Err(error) if is_unsupported(&error) => {
            Ok(Err(Missing(format!("this kernel has {what} ({error:#})"))))
        }
        other => other.map(Ok),
    }
}

/// Otherwise IPv6 reports its groups on each new interface, and the other end drops the report.
fn disable_ipv6() -> Result<()> {
    if sysctl::has_ipv6() {
        sysctl::set_for_interfaces("ipv6", "disable_ipv6", "1")?;
    }
    Ok(())
}

/// Lets IPv6 take packets, without an address made by itself: from a link-local one it would look for routers and report groups.
fn allow_ipv6() -> Result<()> {
    if sysctl::has_ipv6() {
        sysctl::set_for_interfaces("ipv6", "disable_ipv6", "0")?;
        sysctl::set("ipv6/conf/default/addr_gen_mode", "1")?; // IN6_ADDR_GEN_MODE_NONE
    }
    Ok(())
}
