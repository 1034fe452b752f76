//! Which drops are not recorded: other processes' private data, and what no filter wants.

use aya_ebpf::{macros::map, maps::HashMap};
use droprec_ebpf::record::{Record, Wanted};

use super::config::config;

/// The interfaces of `-i`, filled by the user half. The value means nothing.
#[map]
static WANTED: HashMap<Wanted, u8> = HashMap::with_max_entries(1024, 0);

/// Address families whose payloads never were on a network (`include/linux/socket.h`).
const AF_UNIX: u16 = 1;
const AF_NETLINK: u16 = 16;
const AF_BLUETOOTH: u16 = 31;
const AF_ALG: u16 = 38;
const AF_VSOCK: u16 = 40;
const AF_KCM: u16 = 41;

/// Devices that show such payloads to a capture (`include/uapi/linux/if_arp.h`).
const ARPHRD_NETLINK: u16 = 824;
const ARPHRD_VSOCKMON: u16 = 826;

/// What becomes of a drop.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Record,
    Filter,
    Suppress,
}

/// Decides by what is known of the skb, before a byte is copied.
#[inline(always)]
pub(crate) fn judge(record: &Record) -> Verdict {
    if config(|c| &c.all) == 0 && is_private(record) {
        return Verdict::Suppress;
    }
    if config(|c| &c.filter) != 0 && !is_wanted(record) {
        return Verdict::Filter;
    }
    Verdict::Record
}

#[inline(always)]
fn is_private(record: &Record) -> bool {
    match record.family {
        AF_UNIX | AF_NETLINK | AF_BLUETOOTH | AF_ALG | AF_VSOCK | AF_KCM => return true,
        _ => {}
    }
    match record.device_type {
        ARPHRD_NETLINK | ARPHRD_VSOCKMON => return true,
        _ => {}
    }
    // The kernel's own netlink messages have no socket. Neither have they an interface or a protocol, which every packet
    // has that a network could have carried.
    record.family == 0 && record.ifindex == 0 && record.protocol == 0
}

#[inline(always)]
fn is_wanted(record: &Record) -> bool {
    let this = Wanted {
        netns: record.netns,
        ifindex: record.ifindex,
    };
    let any = Wanted {
        netns: record.netns,
        ifindex: 0,
    };
    // SAFETY: the values are never looked into.
    unsafe { WANTED.get(&this).is_some() || WANTED.get(&any).is_some() }
}
