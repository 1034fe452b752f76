//! Hands filters to the kernel half, and to it again when modules have come, or other interfaces have the names.

use std::{collections, ptr};

use anyhow::{Context as _, Result};
use aya::{
    Ebpf,
    maps::{Array, HashMap, MapData},
};
use droprec_ebpf::{
    filter::{Headers, Places, RANGES, Range},
    record::Wanted,
};

use super::{probe::map, wire::Wire};
use crate::filter::{interfaces::Named, rules::Rules};

/// What the kernel half looks up.
pub struct Filters {
    reasons: HashMap<MapData, u32, u32>,
    spans: Array<MapData, Wire<Range>>,
    places: Array<MapData, Wire<Places>>,
    interfaces: HashMap<MapData, Wire<Wanted>, u32>,
    indices: Array<MapData, u64>,
    /// The interfaces that were handed over last.
    named: collections::HashMap<Wanted, u32>,
    /// The places that were handed over last.
    holds: Places,
}

impl Filters {
    /// All of it, before a program is loaded.
    pub(super) fn new(ebpf: &mut Ebpf, rules: &Rules) -> Result<Self> {
        // It stays where it is: nothing is changed in it later.
        if let Some(asked) = &rules.headers {
            let headers = ebpf.map_mut("HEADERS").context("no map HEADERS")?;
            let mut headers: Array<_, Wire<Headers>> = headers.try_into()?;
            let table = ptr::from_ref(asked.table()).cast::<Wire<Headers>>();
            // SAFETY: `Wire` is transparent. On the stack the table would be long.
            let table = unsafe { &*table };
            headers.set(0, table, 0)?;
        }
        let mut filters = Self {
            reasons: map(ebpf, "REASONS")?,
            spans: map(ebpf, "SPANS")?,
            places: map(ebpf, "PLACES")?,
            interfaces: map(ebpf, "INTERFACES")?,
            indices: map(ebpf, "INDICES")?,
            named: collections::HashMap::new(),
            holds: Places::default(),
        };
        filters.renew(rules, 0)?;
        filters.follow(&rules.interfaces)?;
        Ok(filters)
    }

    /// The interfaces and namespaces, as they are called now.
    pub fn follow(&mut self, named: &Named) -> Result<()> {
        // First, so that there is room.
        self.named.retain(|which, _| {
            named.bits.contains_key(which) || self.interfaces.remove(&Wire(*which)).is_err()
        });
        for (which, bits) in &named.bits {
            self.interfaces
                .insert(Wire(*which), bits, 0)
                .context("there are too many interfaces to filter by: 1024 is the most")?;
            self.named.insert(*which, *bits);
        }
        // Not before they are in the table.
        self.indices.set(0, named.indices(), 0)?;
        Ok(())
    }

    /// The reasons and places, as they are after so many modules have come.
    pub fn renew(&mut self, rules: &Rules, modules: u32) -> Result<()> {
        for (reason, bits) in &rules.reasons {
            self.reasons
                .insert(reason, bits, 0)
                .context("there are too many reasons to filter by: 1024 is the most")?;
        }
        // The other half of the ranges, so that whoever searches is not disturbed.
        let first = if self.holds.first == 0 { RANGES } else { 0 };
        for (index, range) in (first..).zip(&rules.ranges) {
            self.spans.set(index, Wire(*range), 0)?;
        }
        self.holds = Places {
            first,
            count: rules.ranges.len() as u32,
            modules,
            padding: 0,
        };
        self.places.set(0, Wire(self.holds), 0)?;
        Ok(())
    }
}
