//! Drops of a firewall: chains of `nf_tables` whose policy is to drop.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, UdpSocket};

use anyhow::{Context, Result, bail};

use super::super::lab::NEIGHBOUR;
use super::datagram::{DISCARD_PORT, PAYLOAD};
use super::{Kind, Outcome, datagram};

pub(super) const INPUT: Kind = Kind {
    name: "netfilter, input",
    expect: "NETFILTER_DROP: an input chain drops what comes",
    cause: |lab| match &lab.firewall_filter {
        // From an address that the reverse path filter lets through.
        Ok(()) => lab
            .firewall
            .deliver(&datagram::frame(NEIGHBOUR, lab.firewall.address))
            .map(|()| Outcome::Dropped),
        Err(missing) => Ok(Outcome::skipped(missing)),
    },
};

pub(super) const OUTPUT: Kind = Kind {
    name: "netfilter, output",
    expect: "NETFILTER_DROP: an output chain drops what the host itself sends",
    cause: |lab| match &lab.firewall_filter {
        Ok(()) => lab.firewall.enter(send).map(|()| Outcome::Dropped),
        Err(missing) => Ok(Outcome::skipped(missing)),
    },
};

/// Sends a datagram, as a program does, into a chain that drops it.
fn send() -> Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .context("cannot open a UDP socket in the demo's firewall")?;
    match socket.send_to(PAYLOAD, (NEIGHBOUR, DISCARD_PORT)) {
        // EPERM is what a drop at `NF_INET_LOCAL_OUT` says to the sender.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(()),
        Err(error) => Err(error).context("cannot send from the demo's firewall"),
        Ok(_) => bail!(
            "the demo's output chain let a packet pass: does this kernel have nf_tables for IPv4?"
        ),
    }
}
