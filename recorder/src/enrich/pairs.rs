//! A finding in logfmt: what is known of a drop, for programs to read.
//!
//! A known key keeps its meaning for ever; one whose value the kernel does not give is left out.

use std::fmt::Write as _;

use droprec_ebpf::record::{HAS_CSUM, HAS_PKT_TYPE, INCOMING, OUTGOING, Owner, Record};

use super::{Finding, roles::Role};
use crate::text::{logfmt, printable};

/// Appends `droprec v=1 reason=UNHANDLED_PROTO loc=… dev=eth0 …`.
pub fn pairs(out: &mut String, finding: &Finding<'_>) {
    out.push_str(&finding.kind.logfmt);
    own_pairs(out, finding);
}

/// Appends those behind what drops of its kind have in common, and returns all of `out`.
pub fn own_pairs<'a>(out: &'a mut String, finding: &Finding<'_>) -> &'a str {
    let event = finding.event;
    let record = event.record;
    number(out, " len=", event.len);
    let captured = event.captured();
    if captured < event.len {
        number(out, " caplen=", captured);
    }
    // Writing to a String cannot fail, here and below.
    if record.gso_size != 0 {
        let _ = match record.gso_segs {
            0 => write!(out, " gso={}", record.gso_size),
            segments => write!(out, " gso={segments}x{}", record.gso_size),
        };
    }
    if record.mark != 0 {
        let _ = write!(out, " mark={:#x}", record.mark);
    }
    if record.priority != 0 {
        number(out, " prio=", record.priority);
    }
    if record.hash != 0 {
        let _ = write!(out, " hash={:#x}", record.hash);
    }
    if let Some(queue) = queue(record) {
        number(out, " queue=", queue.into());
    }
    number(out, " cpu=", record.cpu.into());
    if let Some(owner) = &event.owner {
        socket(out, owner, finding.role);
    }
    out.push_str(" what=");
    logfmt(out, finding.what);
    out
}

/// Appends a key and a number, for which `core::fmt` takes several times as long.
fn number(out: &mut String, key: &str, number: u32) {
    out.push_str(key);
    out.push_str(itoa::Buffer::new().format(number));
}

/// The queue of the interface: on the way in `queue_mapping` holds it plus one (`skb_get_rx_queue`,
/// `include/linux/skbuff.h`). What was built here has none before one is picked, and 0 may be either.
#[must_use]
pub fn queue(record: &Record) -> Option<u16> {
    match record.flags & (INCOMING | OUTGOING) {
        INCOMING => record.queue.checked_sub(1),
        OUTGOING if record.iif == 0 => Some(record.queue).filter(|queue| *queue != 0),
        _ => None,
    }
}

/// The socket that the packet is of or for, and the process that was sending on it.
fn socket(out: &mut String, owner: &Owner, role: Option<Role>) {
    let _ = write!(out, " uid={}", owner.uid);
    if owner.inode != 0 {
        let _ = write!(out, " sock={}", owner.inode);
    }
    match role {
        Some(Role::Sender) => out.push_str(" sock_role=sender"),
        Some(Role::Receiver) => out.push_str(" sock_role=receiver"),
        None => {}
    }
    if owner.pid != 0 {
        let _ = write!(out, " pid={} comm=", owner.pid);
        let end = owner.comm.iter().position(|byte| *byte == 0);
        let comm = &owner.comm[..end.unwrap_or(owner.comm.len())];
        logfmt(out, &printable(&String::from_utf8_lossy(comm)));
    }
}

/// `PACKET_*` of `include/uapi/linux/if_packet.h`, in its words.
#[must_use]
pub fn pkt_type(record: &Record) -> Option<&'static str> {
    if record.flags & HAS_PKT_TYPE == 0 {
        return None;
    }
    Some(match record.pkt_type {
        // It is what a packet has that nobody has looked at yet, too.
        0 if record.flags & INCOMING != 0 => "host",
        1 => "broadcast",
        2 => "multicast",
        3 => "otherhost",
        4 => "outgoing",
        5 => "loopback",
        6 => "user",
        7 => "kernel",
        _ => return None,
    })
}

/// `CHECKSUM_*` of `include/linux/skbuff.h`, in its words.
#[must_use]
pub fn csum(record: &Record) -> Option<&'static str> {
    if record.flags & HAS_CSUM == 0 {
        return None;
    }
    Some(match record.csum {
        0 => "none",
        1 => "unnecessary",
        2 => "complete",
        3 => "partial",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_told_only_where_it_means_something() {
        let of = |flags, iif, queue| {
            let record = Record {
                flags,
                iif,
                queue,
                ..Record::default()
            };
            super::queue(&record)
        };
        assert_eq!(of(INCOMING, 2, 3), Some(2));
        assert_eq!(of(INCOMING, 2, 0), None);
        assert_eq!(of(OUTGOING, 0, 3), Some(3));
        assert_eq!(of(OUTGOING, 0, 0), None);
        assert_eq!(of(OUTGOING, 2, 3), None);
        assert_eq!(of(0, 0, 3), None);
    }

    #[test]
    fn a_process_cannot_break_the_line_with_its_name() {
        let mut owner = Owner {
            uid: 1000,
            inode: 77,
            pid: 42,
            ..Owner::default()
        };
        owner.comm[..7].copy_from_slice(b"a=\"b\n\x1b[");
        let mut text = String::new();
        socket(&mut text, &owner, Some(Role::Sender));
        assert_eq!(
            text,
            r#" uid=1000 sock=77 sock_role=sender pid=42 comm="a=\"b\\x0a\\x1b[""#
        );
    }
}
