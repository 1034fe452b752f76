//! The interfaces and namespaces that filters name: which have these names at the moment.
//!
//! The kernel half knows them by their numbers. One that is made anew has others, and an inode number is another namespace's
//! soon after its own is gone; so the names are looked up again while it records. An interface that is renamed stays what it was.

use std::collections::HashMap;

use anyhow::Result;
use droprec_ebpf::{
    filter::{NOT, WANT, ask},
    record::Wanted,
};

use super::typed::Filters;
use crate::{
    kernel::interfaces::{Interfaces, Place},
    text::printable,
};

/// What was typed, and what it means now.
#[derive(Debug, Default)]
pub struct Named {
    names: Vec<Name>,
    /// Wanted whatever they are called.
    fixed: Vec<Wanted>,
    /// It was said that nobody looks into other namespaces any more.
    is_blind: bool,
    /// Bits of the interfaces, and with index 0 of the namespaces.
    pub bits: HashMap<Wanted, u32>,
}

/// A name that was typed.
#[derive(Debug)]
struct Name {
    option: &'static str,
    typed: String,
    is_namespace: bool,
    bit: u32,
    /// Where it is looked for, and how an interface is called there.
    places: Vec<(String, Place)>,
    /// Those that have it.
    found: Vec<Wanted>,
}

impl Name {
    /// Those that have it now.
    fn look(&mut self, interfaces: &Interfaces, is_first: bool) -> Result<Vec<Wanted>> {
        let mut found = Vec::new();
        for (name, place) in &mut self.places {
            if self.is_namespace {
                let netns = interfaces.namespace_at(place)?;
                found.extend(netns.map(|netns| Wanted { netns, ifindex: 0 }));
            } else {
                let had = (!is_first).then_some(&self.found[..]);
                found.extend(interfaces.called(name, place, had)?);
            }
        }
        Ok(found)
    }

    /// The namespace is not to be found any more, and no other will be taken for it.
    fn is_over(&mut self, interfaces: &Interfaces) -> bool {
        self.places.iter_mut().all(|(_, place)| {
            place.is_settled() && matches!(interfaces.namespace_at(place), Ok(None))
        })
    }

    /// Which ones have it cannot be told without a look into another namespace. Which namespace has a name everybody sees.
    fn takes_looking(&self, interfaces: &Interfaces) -> bool {
        self.places.iter().any(|(_, place)| {
            !interfaces.is_own(place) && (!self.is_namespace || place.is_settled())
        })
    }

    /// What to say where others have it now.
    fn change(&mut self, found: &[Wanted], interfaces: &Interfaces) -> Option<String> {
        let what = if self.is_namespace {
            "network namespace"
        } else {
            "interface"
        };
        let has_more = found.iter().any(|which| !self.found.contains(which));
        let has_fewer = self.found.iter().any(|which| !found.contains(which));
        let change = match (has_more, has_fewer) {
            (false, false) => return None,
            (_, true) if self.is_over(interfaces) => {
                "no name and no process has that network namespace any more; none that is made later is taken for it: only names \
                 are followed"
                    .to_owned()
            }
            (_, true) if found.is_empty() => {
                format!(
                    "no {what} is called so any more; the next one that is will be taken for it"
                )
            }
            (true, _) if self.found.is_empty() => format!("one {what} is called so again"),
            (true, true) => format!("another {what} has that name now"),
            (true, false) => format!("one {what} more has that name now"),
            (false, true) => format!("one {what} that had that name is gone"),
        };
        Some(format!(
            "{} {}: {change}",
            self.option,
            printable(&self.typed)
        ))
    }
}

impl Named {
    /// Those of what was typed. A name that nothing has is a mistake.
    pub fn new(filters: &Filters, interfaces: &Interfaces) -> Result<Self> {
        let mut named = Self::default();
        for (option, typed, is_namespace, bit) in [
            ("--netns", &filters.netns, true, WANT),
            ("--not-netns", &filters.not_netns, true, NOT),
            ("-i", &filters.interface, false, WANT),
            ("--not-interface", &filters.not_interface, false, NOT),
        ] {
            for typed in typed {
                let places = if is_namespace {
                    vec![(String::new(), Place::new(Some(typed)))]
                } else {
                    interfaces.places(typed, &filters.netns)?
                };
                let mut name = Name {
                    option,
                    typed: typed.clone(),
                    is_namespace,
                    bit,
                    places,
                    found: Vec::new(),
                };
                name.found = name.look(interfaces, true)?;
                if name.found.is_empty() {
                    return Err(if is_namespace {
                        Interfaces::unknown_namespace(option, typed)
                    } else {
                        interfaces.unknown_interface(option, typed, &filters.netns)
                    });
                }
                named.names.push(name);
            }
        }
        named.mark();
        Ok(named)
    }

    /// Wants these namespaces, or interfaces, whatever they are called.
    pub fn want(&mut self, fixed: Vec<Wanted>) {
        self.fixed = fixed;
        self.mark();
    }

    /// Gives bits to those that have the names now.
    fn mark(&mut self) {
        self.bits.clear();
        let fixed = self.fixed.iter().map(|which| (*which, WANT));
        let called = self.names.iter().flat_map(|name| {
            let found = name.found.iter();
            found.map(|which| (*which, name.bit))
        });
        for (which, bit) in fixed.chain(called) {
            *self.bits.entry(which).or_default() |= bit;
        }
    }

    /// What is asked, whether anything has these names or not: bits of [`ask`].
    #[must_use]
    pub fn ask(&self) -> u32 {
        let kind = |is_namespace| {
            if is_namespace {
                ask::WANT_NETNS
            } else {
                ask::WANT_INTERFACE
            }
        };
        let fixed = self
            .fixed
            .iter()
            .map(|which| ask::INTERFACE | kind(which.ifindex == 0));
        let called = self.names.iter().map(|name| match name.bit {
            WANT => ask::INTERFACE | kind(name.is_namespace),
            _ => ask::INTERFACE,
        });
        fixed.chain(called).fold(0, |all, bits| all | bits)
    }

    /// The wanted interfaces' indices, modulo 64, as bits.
    #[must_use]
    pub fn indices(&self) -> u64 {
        let wanted = self
            .bits
            .iter()
            .filter(|(which, bits)| **bits & WANT != 0 && which.ifindex != 0);
        wanted.fold(0, |bits, (which, _)| bits | 1 << (which.ifindex % 64))
    }

    /// Looks again, and says what has changed.
    pub fn look(&mut self, interfaces: &Interfaces) -> Vec<String> {
        let mut changes = Vec::new();
        if !self.is_blind && interfaces.namespaces.are_out_of_reach() {
            self.is_blind = true;
            changes.push(self.blindness(interfaces));
        }
        for name in &mut self.names {
            // Where it cannot be looked for any more, it stays what it was.
            let Ok(found) = name.look(interfaces, false) else {
                continue;
            };
            if let Some(change) = name.change(&found, interfaces) {
                changes.push(change);
                name.found = found;
            }
        }
        if !changes.is_empty() {
            self.mark();
        }
        changes
    }

    /// What to say where nobody looks into other namespaces any more.
    fn blindness(&self, interfaces: &Interfaces) -> String {
        let names = self.names.iter();
        let names = names.filter(|name| name.takes_looking(interfaces));
        let names: Vec<String> = names
            .map(|name| format!("{} {}", name.option, printable(&name.typed)))
            .collect();
        let lacks = if names.is_empty() {
            String::new()
        } else {
            format!(
                ", and nothing that comes later is taken for {}",
                names.join(", ")
            )
        };
        format!(
            "the process that looks into other network namespaces (droprec-netns) has ended: their counters are not told of at the \
             end{lacks}; drops are recorded as before"
        )
    }
}
