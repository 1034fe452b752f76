//! From an event to a finding: what happened, where, why and to whom, in words.
//!
//! What drops of a kind have in common is put into words once and kept; a flood of one kind finds it at hand.

pub mod absent;
pub mod deferred;
pub mod devices;
mod finding;
pub mod flows;
pub mod frames;
pub mod frequent;
pub mod hardware;
pub mod history;
pub mod names;
pub mod pairs;
pub mod roles;
pub mod rows;
pub mod stacks;
pub mod timeline;
pub mod words;

use std::{collections::HashMap, fmt::Write as _};

use droprec_ebpf::record::{
    HAS_CSUM, HAS_PKT_TYPE, HAS_REASON, HAS_VLAN, INCOMING, Met, OUTGOING, Record, is_trap,
};
use foldhash::fast::RandomState;

pub use self::finding::{Finding, sentence};
use self::{
    absent::Absent,
    devices::{Device, Devices},
    hardware::Hardware,
    names::Names,
    roles::Roles,
    rows::{Place, Rows},
    stacks::Stacks,
    words::{Cause, Words, has_come_in_by_another},
};
use crate::{
    condition::{Condition, Verdict},
    decode::Event,
    filter::rules::Rules,
    identify,
    kernel::{
        interfaces::{FRESH, Netns, SEARCH},
        reasons::Reasons,
        symbols::Symbols,
        traps::Traps,
    },
    logfmt,
    source::clock,
};

/// Kinds that are kept in words. Beyond it they are all forgotten, and made anew as they come.
const MAX_KINDS: usize = 4096;

/// Where drops are counted of which only the kind is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// Index of the row.
    pub row: usize,
    /// Index of the interface.
    pub device: u32,
    /// The comment with their call stack, where that was asked for and could be had.
    pub stack: Option<String>,
}

/// What drops of a kind have in common.
#[derive(Debug, Default)]
pub struct Kind {
    /// The time of a record, on its own clock, from which on other names may hold.
    until: u64,
    /// Index of the interface.
    pub device: u32,
    /// Index of the row that it is counted in.
    pub row: usize,
    /// The end of the sentence that begins with what the frame is.
    pub sentence: String,
    /// The beginning of the logfmt comment.
    pub logfmt: String,
    /// Whether `--until` waits for one.
    awaited: Verdict,
}

/// What makes drops one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    location: u64,
    reason: u32,
    netns: Netns,
    ifindex: u32,
    iif: u32,
    protocol: u16,
    pkt_type: u16,
    csum: u16,
    flags: u16,
    name: [u8; 16],
    has_link_header: bool,
}

/// Puts events into words.
#[derive(Debug)]
pub struct Enricher {
    names: Names,
    traps: Traps,
    roles: Roles,
    /// Call stacks, where they were asked for.
    pub stacks: Option<Stacks>,
    /// The interfaces met so far.
    pub devices: Devices,
    /// The table of location, reason and interface.
    pub rows: Rows,
    /// What `l2` says of a packet that had no link header.
    without_link_header: &'static str,
    /// What `--until` waits for.
    until: Condition,
    kinds: Vec<Kind>,
    /// Where each is in `kinds`. Each drop asks, unless it is of the same kind as the one before.
    indices: HashMap<Key, usize, RandomState>,
    /// The last one met: drops come in runs.
    last: Option<(Key, usize)>,
    what: String,
}

impl Enricher {
    /// Words come from these. `without_link_header`: what the key `l2` says of a packet that had none; `until`: what is waited
    /// for.
    #[must_use]
    pub fn new(
        symbols: Symbols,
        reasons: Reasons,
        traps: Traps,
        devices: Devices,
        stacks: Option<Stacks>,
        without_link_header: &'static str,
        until: Condition,
    ) -> Self {
        Self {
            names: Names::new(symbols, reasons),
            traps,
            roles: Roles::default(),
            stacks,
            devices,
            rows: Rows::default(),
            without_link_header,
            until,
            kinds: Vec::new(),
            indices: HashMap::default(),
            last: None,
            what: String::new(),
        }
    }

    /// Puts an event into words, and counts it. With it come the interfaces that are known by now.
    pub fn enrich<'a>(&'a mut self, event: &'a Event<'a>) -> (Finding<'a>, &'a [Device]) {
        let record = event.record;
        let key = Key {
            location: record.location,
            reason: record.reason,
            netns: record.into(),
            ifindex: record.ifindex,
            iif: record.iif,
            protocol: record.protocol,
            pkt_type: record.pkt_type,
            csum: record.csum,
            flags: record.flags
                & (HAS_REASON | HAS_VLAN | INCOMING | OUTGOING | HAS_PKT_TYPE | HAS_CSUM),
            name: record.name,
            has_link_header: event.has_link_header,
        };
        let index = self.index(key, event);
        self.what.clear();
        if event.has_ether_type {
            identify::describe(&mut self.what, event.frame, event.frame_len());
        } else {
            // What the frame's type says is only there because something must be.
            let _ = write!(self.what, "packet of protocol 0x{:04x}", record.protocol);
        }
        let role = event
            .owner
            .and_then(|owner| self.roles.of(&self.names, owner, record));
        if let Some(stacks) = &mut self.stacks
            // No way in the kernel led to what the hardware dropped, so none is missing.
            && !is_trap(record.location)
        {
            let is_told = stacks.meet(record.stack, record.location, record.time, &mut self.names);
            stacks.missing += u64::from(!is_told);
        }
        let stacks = self.stacks.as_ref();
        let kind = &self.kinds[index];
        let (time, protocol) = (Some(event.time), Some(record.protocol));
        self.rows.count(kind.row, time, &self.what, protocol);
        self.devices.count(kind.device);
        let finding = Finding {
            event,
            what: &self.what,
            kind,
            role,
            stack: stacks.and_then(|stacks| stacks.comment(record.stack)),
            until: &self.until,
        };
        (finding, self.devices.all())
    }

    /// Where the event's kind is in `kinds`.
    fn index(&mut self, key: Key, event: &Event<'_>) -> usize {
        let last = self.last.as_ref().filter(|(last, _)| *last == key);
        let is_last = last.is_some();
        let known = match last {
            Some((_, index)) => Some(*index),
            None => self.indices.get(&key).copied(),
        };
        let index = match known {
            Some(index) if event.record.time < self.kinds[index].until => index,
            Some(index) => {
                self.kinds[index] = self.describe(event);
                index
            }
            None => {
                if self.kinds.len() >= MAX_KINDS {
                    self.kinds.clear();
                    self.indices.clear();
                }
                let kind = self.describe(event);
                self.kinds.push(kind);
                let index = self.kinds.len() - 1;
                self.indices.insert(key, index);
                index
            }
        };
        if !is_last {
            self.last = Some((key, index));
        }
        index
    }

    fn describe(&mut self, event: &Event<'_>) -> Kind {
        let record = event.record;
        let device = self
            .devices
            .of(record.into(), record.ifindex, &name(&record.name));
        let incoming = has_come_in_by_another(record)
            .then(|| self.devices.name_of(record.into(), record.iif))
            .flatten();
        let netns_name = self.devices.namespace(record.into());
        let number = (record.flags & HAS_REASON != 0).then_some(record.reason);
        let cause = self.cause(record.location, number, record.reason);
        let row = self.row(&cause, record.location, device);
        if record.flags & (INCOMING | OUTGOING) != INCOMING {
            self.rows.note_sent(row);
        }
        // A record that names no interface is of whichever has that index now, and none names the one that it came in by.
        let is_nameless =
            record.ifindex != 0 && (record.name[0] == 0 || has_come_in_by_another(record));
        let is_settled =
            cause.hardware.is_some() || self.names.are_settled(record.location, number);
        let lifetime = if is_nameless || !is_settled {
            FRESH
        } else {
            SEARCH
        };
        let words = Words {
            deferred: cause.location.as_deref().and_then(deferred::of),
            cause,
            device: (record.ifindex != 0).then(|| self.devices.get(device)),
            incoming,
            netns_name,
            l2: if event.has_link_header {
                "mac"
            } else {
                self.without_link_header
            },
        };
        let logfmt = words.logfmt(record);
        Kind {
            awaited: self
                .until
                .of_kind(&logfmt::pairs(&logfmt).unwrap_or_default()),
            until: record.time.saturating_add(lifetime.as_nanos() as u64),
            device,
            row,
            sentence: words.sentence(record),
            logfmt,
        }
    }

    /// A module was loaded: what was dropped before is in words already, and what comes finds new names.
    pub fn modules_changed(&mut self) {
        self.names.modules_changed();
        self.kinds.clear();
        self.indices.clear();
        self.last = None;
        self.roles.clear();
        if let Some(stacks) = &mut self.stacks {
            stacks.modules_changed();
        }
    }

    /// Finds what filters name, as names are now.
    pub fn find(&self, rules: &mut Rules) -> anyhow::Result<()> {
        self.names.find(rules)
    }

    /// The hardware that dropped it, where it was not the kernel.
    #[must_use]
    pub fn hardware(&self, record: &Record) -> Option<Hardware> {
        Hardware::of(record.location, record.reason, &self.traps)
    }

    /// Counts drops that were not recorded.
    pub fn count_absent(
        &mut self,
        kind: &droprec_ebpf::record::Kind,
        has_reason: bool,
        absent: Absent,
    ) {
        let spot = self.of_kind(kind, has_reason);
        self.rows.count_absent(spot.row, absent);
    }

    /// Where drops of a kind are counted.
    pub fn of_kind(&mut self, kind: &droprec_ebpf::record::Kind, has_reason: bool) -> Spot {
        let device = self.devices.of(kind.into(), kind.ifindex, "");
        let cause = self.cause(
            kind.location,
            has_reason.then_some(kind.reason),
            kind.reason,
        );
        let stack = self.stacks.as_mut().and_then(|stacks| {
            let now = clock::boottime();
            stacks.meet(kind.stack, kind.location, now, &mut self.names);
            stacks.comment(kind.stack).map(str::to_owned)
        });
        Spot {
            row: self.row(&cause, kind.location, device),
            device,
            stack,
        }
    }

    /// Learns what an interface is called that the first drop of a kind was at.
    pub fn meet(&mut self, met: &Met) {
        self.devices.of(met.into(), met.ifindex, &name(&met.name));
    }

    /// Who dropped it where and why, in words. `reason`: the kernel's; `kind`: what is in its place of a trap.
    fn cause(&mut self, location: u64, reason: Option<u32>, kind: u32) -> Cause {
        if let Some(hardware) = Hardware::of(location, kind, &self.traps) {
            return Cause {
                reason: hardware.trap().map(str::to_owned),
                location: None,
                hardware: Some(hardware),
            };
        }
        Cause {
            reason: reason.map(|number| self.names.reason(number)),
            location: self.names.location(location),
            hardware: None,
        }
    }

    /// The row of such drops.
    fn row(&mut self, cause: &Cause, address: u64, device: u32) -> usize {
        let device = self.devices.get(device);
        let hardware = cause.hardware.as_ref();
        let location = hardware
            .map(|hardware| hardware::place(hardware.group()))
            .or_else(|| cause.location.clone())
            .unwrap_or_else(|| self.rows.unnamed(address));
        self.rows.of(Place {
            reason: cause.reason.clone(),
            location,
            interface: device.label.clone(),
            netns: device.netns.inode,
            ifindex: device.ifindex,
        })
    }
}

/// `net_device.name` up to its zero.
fn name(name: &[u8; 16]) -> String {
    let end = name.iter().position(|byte| *byte == 0);
    String::from_utf8_lossy(&name[..end.unwrap_or(name.len())]).into_owned()
}
