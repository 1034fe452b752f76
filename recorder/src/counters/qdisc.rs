//! Queueing disciplines and their drops, as `tc -s qdisc` shows them.

use std::os::fd::BorrowedFd;

use anyhow::Result;

use super::{Source, reading::Reading};
use crate::{
    netlink::{
        attributes::{attribute, text},
        dump::dump,
        message::Message,
    },
    text::printable,
};

// include/uapi/linux/rtnetlink.h and gen_stats.h (v6.18).
const RTM_GETQDISC: u16 = 38;
const TCA_KIND: u16 = 1;
const TCA_STATS2: u16 = 7;
const TCA_STATS_QUEUE: u16 = 3;

/// `TC_H_ROOT` and `TC_H_INGRESS` (`include/uapi/linux/pkt_sched.h`, v6.18): what stands in a parent's place.
const ROOT: u32 = u32::MAX;
const INGRESS: u32 = 0xffff_fff1;

/// The length of `struct tcmsg`, and where the interface's index, the handle and the parent are in it.
const HEADER_LENGTH: usize = 20;
const INDEX: usize = 4;
const HANDLE: usize = 8;
const PARENT: usize = 12;

/// Where `struct gnet_stats_queue` has its fields, 32 bits each.
const FIELDS: [(&str, usize); 2] = [("drops", 8), ("overlimits", 16)];

/// Takes those of all interfaces of the socket's namespace.
pub(super) fn read(reading: &mut Reading, route: BorrowedFd<'_>) -> Result<()> {
    let request = Message::dump("RTM_GETQDISC", RTM_GETQDISC).fixed(&[0; HEADER_LENGTH]);
    for body in dump(route, &request)? {
        take(reading, &body);
    }
    Ok(())
}

fn take(reading: &mut Reading, body: &[u8]) -> Option<()> {
    let number = |at: usize| Some(u32::from_ne_bytes(*body.get(at..)?.first_chunk()?));
    let ifindex = number(INDEX)?;
    let rest = body.get(HEADER_LENGTH..)?;
    let kind = printable(&text(attribute(rest, TCA_KIND)?));
    let part = part(&kind, number(HANDLE)?, number(PARENT)?);
    let queue = attribute(attribute(rest, TCA_STATS2)?, TCA_STATS_QUEUE)?;
    for (name, at) in FIELDS {
        let value = u32::from_ne_bytes(*queue.get(at..)?.first_chunk()?);
        reading.count(Source::Qdisc, ifindex, &part, name, u64::from(value));
    }
    Some(())
}

/// As `tc` writes it: `pfifo 8001: root`, `clsact ffff:`.
fn part(kind: &str, handle: u32, parent: u32) -> String {
    let handle = handle >> 16;
    match parent {
        ROOT => format!("{kind} {handle:x}: root"),
        INGRESS => format!("{kind} {handle:x}:"),
        _ => format!(
            "{kind} {handle:x}: parent {:x}:{:x}",
            parent >> 16,
            parent & 0xffff
        ),
    }
}
