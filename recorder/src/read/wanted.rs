//! Which packets of a file were asked for.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{chosen::Chosen, entry::Entry, plan::Reading};
use crate::{
    expression::{Expression, wrong::Wrong},
    filter::{
        names::Reason,
        sought::Sought,
        told::{ToldFilters, no_reason},
    },
    identify::link_type,
    report::{left_out::LeftOut, say::say},
    text::printable,
};

/// Link types that there are expressions for: Ethernet, SLL2, 802.11 with its radiotap header, pflog, `SunATM` and MTP2.
/// libpcap takes it for an error where one is about another link type than the packets have.
const LINK_TYPES: [u32; 6] = [1, 276, 127, 117, 123, 140];

/// What was asked for, and what of it came.
#[derive(Debug)]
pub struct Wanted {
    /// At these interfaces.
    pub interfaces: Chosen,
    filters: ToldFilters,
    /// Those that `--until` waits for.
    awaited: Sought<Reason>,
    /// Something but the time is asked of packets.
    is_filtered: bool,
    left_out: LeftOut,
    expression: Option<Expression>,
    /// Link types that it makes no sense for, as far as packets of these may come.
    senseless: BTreeSet<u32>,
    /// The link type of the first packet.
    link_type: Option<u32>,
    /// A packet has come of a link type that it makes sense for.
    has_sense: bool,
    /// Nanoseconds.
    duration: Option<u64>,
    /// The time of the file's first packet.
    first: Option<u64>,
}

impl Wanted {
    /// Nothing has come yet. An error: what was asked for cannot be had.
    pub fn new(reading: &Reading) -> Result<Self> {
        let filters = &reading.filters;
        let duration = reading.duration.map(|duration| duration.as_nanos());
        let expression = reading.expression.as_ref();
        let expression = expression.map(|text| Expression::compile(text, &LINK_TYPES));
        Ok(Self {
            interfaces: Chosen::new(filters),
            filters: ToldFilters::new(filters)?,
            awaited: Sought::new(reading.until.reasons()),
            is_filtered: filters.are_any() || expression.is_some(),
            left_out: LeftOut::default(),
            expression: expression.transpose()?,
            senseless: BTreeSet::new(),
            link_type: None,
            has_sense: false,
            duration: duration.map(|nanos| u64::try_from(nanos).unwrap_or(u64::MAX)),
            first: None,
        })
    }

    /// Packets of a link type may come.
    pub fn meet(&mut self, number: u32) {
        let Some(expression) = &mut self.expression else {
            return;
        };
        if let Some(complaint) = expression.learn(number)
            && self.senseless.insert(number)
        {
            let name = link_type(number).map_or_else(|| number.to_string(), str::to_owned);
            let complaint = printable(complaint);
            say(format_args!(
                "packets of link type {name} are left out: {complaint}"
            ));
        }
    }

    /// Whether a packet was asked for.
    pub fn takes(&mut self, entry: &Entry<'_>) -> bool {
        let link_type = entry.interface.link_type;
        self.link_type.get_or_insert(link_type);
        self.has_sense |= !self.senseless.contains(&link_type);
        self.meet_reason(entry);
        self.filters.meet(entry);
        if let (Some(duration), Some(time)) = (self.duration, entry.time) {
            let first = *self.first.get_or_insert(time);
            if time.abs_diff(first) > duration {
                return false;
            }
        }
        let is_there = self.interfaces.takes(entry);
        let is_wanted = is_there && self.selects(entry) && self.filters.want(entry);
        if !is_wanted {
            let is_noise = is_there && self.filters.is_noise(entry);
            self.left_out.packets += 1;
            self.left_out.noise += u64::from(is_noise);
        }
        is_wanted
    }

    /// Takes note of a reason that may be waited for.
    fn meet_reason(&mut self, entry: &Entry<'_>) {
        if self.awaited.is_settled() {
            return;
        }
        if let Some(reason) = entry
            .told
            .as_ref()
            .and_then(|told| told.pairs().get("reason"))
        {
            self.awaited.meet(&reason, |wanted| wanted.is(&reason));
        }
    }

    /// What the filters left out; `None`: there are none.
    #[must_use]
    pub fn left_out(&self) -> Option<LeftOut> {
        self.is_filtered.then_some(self.left_out)
    }

    /// What is wrong with the expression, where it makes no sense for any packet that has come.
    #[must_use]
    pub fn wrong(&self) -> Option<Wrong> {
        let first = self.link_type.filter(|_| !self.has_sense)?;
        self.expression.as_ref()?.wrong(first)
    }

    fn selects(&mut self, entry: &Entry<'_>) -> bool {
        let Some(expression) = &mut self.expression else {
            return true;
        };
        let (data, len) = entry.bytes();
        expression.selects(entry.interface.link_type, [&[], data], len)
    }

    /// Says how many packets are cut too short to be judged.
    pub fn note_what_is_cut(&self) {
        if let Some(note) = self.filters.cut() {
            say(note);
        }
    }

    /// Says which names that were asked for the file does not have.
    pub fn note_what_never_came(&self) {
        let awaited = self
            .awaited
            .notes(|name| no_reason("--until reason=", name));
        for note in [self.interfaces.notes(), self.filters.notes(), awaited].concat() {
            say(note);
        }
    }
}
