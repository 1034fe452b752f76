//! What filters come to on the running kernel: bits of the reasons' numbers, and of ranges of addresses.

use std::collections::HashMap;

use anyhow::Result;
use droprec_ebpf::{
    filter::{NOISE, NOT, PAIR, RANGES, Range, WANT, ask},
    record::{HAS_REASON, Record},
};
use droprec_pcapng::link_type;

use super::{
    headers::Asked,
    interfaces::Named,
    names::{Place, Reason},
    noise::{self, Member},
    told::passes,
    typed::Filters,
    unknown,
};
use crate::{
    cli::WrongArgument,
    decode::Event,
    enrich::hardware::{self, Hardware},
    explain::{self, traps},
    kernel::{interfaces::Interfaces, reasons::Reasons, symbols::Symbols},
};

/// Filters, as the running kernel is asked for them.
#[derive(Debug, Default)]
pub struct Rules {
    want_reasons: Vec<Reason>,
    not_reasons: Vec<Reason>,
    want_places: Vec<Place>,
    not_places: Vec<Place>,
    /// Noise is left out.
    no_noise: bool,
    /// The interfaces and namespaces.
    pub interfaces: Named,
    /// What is asked of headers.
    pub headers: Option<Asked>,
    /// Bits of the reasons, by number.
    pub reasons: HashMap<u32, u32>,
    /// By rising address; none overlaps another.
    pub ranges: Vec<Range>,
}

impl Rules {
    /// What was typed, with the interfaces found.
    pub fn new(filters: &Filters, interfaces: &Interfaces) -> Result<Self> {
        Ok(Self {
            want_reasons: filters.reason.clone(),
            not_reasons: filters.not_reason.clone(),
            want_places: filters.location.clone(),
            not_places: filters.not_location.clone(),
            no_noise: filters.no_noise,
            headers: filters.headers(),
            interfaces: Named::new(filters, interfaces)?,
            ..Self::default()
        })
    }

    /// Something is asked of places, so that the symbols have to be known before the first drop.
    #[must_use]
    pub fn need_symbols(&self) -> bool {
        self.no_noise || !self.want_places.is_empty() || !self.not_places.is_empty()
    }

    /// Something is asked at all.
    #[must_use]
    pub fn are_any(&self) -> bool {
        self.ask() != 0
    }

    /// Nothing but interfaces and namespaces is asked for.
    #[must_use]
    pub fn are_of_interfaces_alone(&self) -> bool {
        let of_interfaces = ask::INTERFACE | ask::WANT_INTERFACE | ask::WANT_NETNS;
        self.ask() & !of_interfaces == 0
    }

    /// What is asked, for the kernel half.
    #[must_use]
    pub fn ask(&self) -> u32 {
        let of_headers = |is: fn(&Asked) -> bool| self.headers.as_ref().is_some_and(is);
        let asked = [
            (
                self.no_noise || !self.want_reasons.is_empty() || !self.not_reasons.is_empty(),
                ask::REASON,
            ),
            (self.need_symbols(), ask::PLACE),
            (of_headers(|asked| !asked.is_beyond()), ask::HEADERS),
            (of_headers(Asked::is_beyond), ask::ELSEWHERE),
            (of_headers(Asked::is_of_tags), ask::TAGS),
            (!self.want_reasons.is_empty(), ask::WANT_REASON),
            (!self.want_places.is_empty(), ask::WANT_PLACE),
        ];
        let bits = asked
            .into_iter()
            .filter_map(|(is_asked, bit)| is_asked.then_some(bit));
        bits.fold(self.interfaces.ask(), |all, bit| all | bit)
    }

    /// Finds the reasons' numbers. A name that means none of them, and none that a module may bring, is a mistake; the others are
    /// found all the same.
    pub fn find_reasons(&mut self, reasons: &Reasons) -> Result<()> {
        self.reasons.clear();
        let mut wrong = None;
        let asked = [
            ("--reason", &self.want_reasons, WANT),
            ("--not-reason", &self.not_reasons, NOT),
        ];
        for (option, names, bit) in asked {
            for name in names {
                let mut is_known = false;
                // Where there are none, a number is none either.
                let number = name.number().filter(|_| !reasons.is_empty());
                for number in reasons.named(|known| name.is(known)).chain(number) {
                    is_known = true;
                    *self.reasons.entry(number).or_default() |= bit;
                }
                let mut others = explain::reasons::of_modules();
                let may_come =
                    reasons.has_modules_to_come() && others.any(|other| name.is(other.name));
                let is_trap = traps::all().any(|trap| name.is(trap.name));
                if !is_known && !may_come && !is_trap && wrong.is_none() {
                    wrong = Some(unknown::reason(option, name, reasons));
                }
            }
        }
        for (member, bits) in self.noise() {
            // A kernel that does not have the reason never gives it.
            let number = member.reason.and_then(|name| reasons.number(name));
            if let Some(number) = number {
                *self.reasons.entry(number).or_default() |= bits;
            }
        }
        wrong.map_or(Ok(()), |wrong| Err(WrongArgument(wrong).into()))
    }

    /// What is left out as noise. What is noise for its reason or its place alone has that bit; where both make it so, they
    /// share one of their own.
    fn noise(&self) -> impl Iterator<Item = (&'static Member, u32)> + use<> {
        let members = noise::members().iter().enumerate();
        let members = members.map(|(number, member)| {
            let is_pair = member.reason.is_some() && !member.functions.is_empty();
            (member, if is_pair { PAIR << number } else { NOISE })
        });
        members.take(if self.no_noise { usize::MAX } else { 0 })
    }

    /// Finds the places' addresses. Too many are a mistake; the first ones hold all the same.
    pub fn find_places(&mut self, symbols: &Symbols) -> Result<()> {
        let mut edges: Vec<(u64, u64, u32)> = Vec::new();
        let noise: Vec<_> = self.noise().collect();
        for (span, function, module) in symbols.spans() {
            let plain = explain::function(function);
            for (member, bits) in &noise {
                if member.functions.contains(&plain) {
                    edges.push((span.start, span.end, *bits));
                }
            }
            for (places, bit) in [(&self.want_places, WANT), (&self.not_places, NOT)] {
                for place in places.iter().filter(|place| place.is(function, module)) {
                    let span = match place.offset() {
                        Some(offset) => {
                            let start = span.start.saturating_add(offset);
                            start..start.saturating_add(1).min(span.end)
                        }
                        None => span.clone(),
                    };
                    if !span.is_empty() {
                        edges.push((span.start, span.end, bit));
                    }
                }
            }
        }
        self.ranges = disjoint(&edges);
        let count = self.ranges.len();
        if count > RANGES as usize {
            self.ranges.truncate(RANGES as usize);
            let option = match (self.want_places.is_empty(), self.not_places.is_empty()) {
                (true, false) => "--not-location",
                (false, false) => "--location with --not-location",
                _ => "--location",
            };
            return Err(WrongArgument(format!(
                "{option} names {count} places, and {RANGES} is the most: leave less of the name open"
            ))
            .into());
        }
        Ok(())
    }

    /// What is to be said of places that no function here has. One may come with a module.
    #[must_use]
    pub fn unknown_places(&self, symbols: &Symbols) -> Vec<String> {
        let asked = [(&self.want_places, true), (&self.not_places, false)];
        let asked = asked
            .into_iter()
            .flat_map(|(places, is_wanted)| places.iter().map(move |place| (place, is_wanted)));
        asked
            .filter_map(|(place, is_wanted)| unknown::place(place, is_wanted, symbols))
            .collect()
    }

    fn span(&self, address: u64) -> u32 {
        let next = self.ranges.partition_point(|range| range.start <= address);
        let range = next.checked_sub(1).and_then(|index| self.ranges.get(index));
        range
            .filter(|range| address < range.end)
            .map_or(0, |range| range.bits)
    }

    /// Whether a drop is wanted that the kernel half could not tell it of. `hardware`: what dropped it, if it was no kernel.
    #[must_use]
    pub fn want(&self, event: &Event<'_>, hardware: Option<&Hardware>) -> bool {
        let is_wanted = match hardware {
            Some(hardware) => self.want_hardwares(hardware),
            None => self.want_kernels(event.record),
        };
        let have = |asked: &Asked| asked.want(link_type::ETHERNET.into(), event.frame);
        is_wanted && self.headers.as_ref().is_none_or(have)
    }

    /// By the trap, and the word that stands in place of a location.
    fn want_hardwares(&self, hardware: &Hardware) -> bool {
        let is_reason = |name: &Reason| hardware.trap().is_some_and(|trap| name.is(trap));
        let is_place = |place: &Place| place.is(hardware::PLACE, None);
        passes(&self.want_reasons, &self.not_reasons, is_reason)
            && passes(&self.want_places, &self.not_places, is_place)
    }

    /// The bits of a drop's reason and place.
    fn bits(&self, record: &Record) -> (u32, u32) {
        let reason = match record.flags & HAS_REASON {
            0 => 0,
            _ => self.reasons.get(&record.reason).copied().unwrap_or(0),
        };
        (reason, self.span(record.location))
    }

    /// Whether a drop of the kernel's that is not wanted is noise.
    #[must_use]
    pub fn is_noise(&self, record: &Record) -> bool {
        let (reason, place) = self.bits(record);
        let either = reason | place;
        either & NOT == 0 && (either & NOISE != 0 || reason & place >= PAIR)
    }

    fn want_kernels(&self, record: &Record) -> bool {
        let (reason, place) = self.bits(record);
        let either = reason | place;
        let is_refused = either & (NOT | NOISE) != 0 || reason & place >= PAIR;
        let is_wanted = (self.want_reasons.is_empty() || reason & WANT != 0)
            && (self.want_places.is_empty() || place & WANT != 0);
        !is_refused && is_wanted
    }
}

/// Ranges that do not overlap, with the bits of all that did; neighbours with the same bits are one.
fn disjoint(spans: &[(u64, u64, u32)]) -> Vec<Range> {
    let mut edges: Vec<u64> = spans
        .iter()
        .flat_map(|(start, end, _)| [*start, *end])
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let mut ordered = spans.to_vec();
    ordered.sort_unstable();
    let mut ranges: Vec<Range> = Vec::new();
    let mut open: Vec<(u64, u32)> = Vec::new();
    let mut next = ordered.into_iter().peekable();
    for pair in edges.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        open.retain(|(end, _)| *end > start);
        while let Some((_, end, bits)) = next.next_if(|(from, ..)| *from <= start) {
            open.push((end, bits));
        }
        let bits = open.iter().fold(0, |all, (_, bits)| all | bits);
        if bits == 0 {
            continue;
        }
        match ranges.last_mut() {
            Some(last) if last.end == start && last.bits == bits => last.end = end,
            _ => ranges.push(Range {
                start,
                end,
                bits,
                padding: 0,
            }),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_do_not_overlap_and_keep_the_bits_of_all() {
        let of = |spans: &[(u64, u64, u32)]| -> Vec<(u64, u64, u32)> {
            let ranges = disjoint(spans).into_iter();
            ranges
                .map(|range| (range.start, range.end, range.bits))
                .collect()
        };
        assert_eq!(of(&[]), []);
        assert_eq!(
            of(&[(0, 10, 1), (10, 20, 1)]),
            [(0, 20, 1)],
            "neighbours are one"
        );
        assert_eq!(
            of(&[(0, 30, 1), (10, 20, 2)]),
            [(0, 10, 1), (10, 20, 3), (20, 30, 1)]
        );
        assert_eq!(of(&[(20, 30, 1), (0, 10, 1)]), [(0, 10, 1), (20, 30, 1)]);
        assert_eq!(
            of(&[(5, 6, 2), (0, 10, 1), (0, 10, 1)]),
            [(0, 5, 1), (5, 6, 3), (6, 10, 1)]
        );
    }
}
