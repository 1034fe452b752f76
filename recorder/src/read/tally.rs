//! What a file comes to: the table of its drops, and the books that its writer closed.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use anyhow::Result;
use droprec_pcapng::read::{Comments, Section, Statistics};

use super::{
    entry::{Entry, Told},
    name::{cut, named},
    plan::Reading,
};
use crate::{
    counters::{Rise, pairs::rise},
    encode::{json, lines, local_time::LocalTime},
    enrich::{
        absent::Absent,
        hardware,
        history::History,
        rows::{Place, Rows, UNNAMED},
    },
    logfmt::{self, Pairs},
    report::{
        accounting::Accounting,
        counted::Counted,
        left_out::LeftOut,
        object::Object,
        page::{Page, origin::Origin},
        summary::Summary,
        width,
    },
    text::into_printable,
};

/// Kinds whose row is known. Beyond it they are all forgotten, and looked for anew as they come.
const MAX_KINDS: usize = 16_384;
/// Modules that are told.
const MAX_MODULES: usize = 256;
/// Counters that are told.
const MAX_RISES: usize = 4096;
/// Bytes of what drops of a kind have in common, where the kind is kept.
const MAX_KEY: usize = 2048;
/// What stands where neither books nor statistics are.
const NO_BOOKS: &str = "no books: the file ends before them, or who wrote it last keeps none";

/// Counts packets.
#[derive(Debug)]
pub struct Tally {
    json: bool,
    is_whole: bool,
    rows: Rows,
    /// By what drops of a kind have in common, and their interface.
    kinds: HashMap<String, Kind>,
    /// A place for keys.
    key: String,
    /// The last kind met: drops come in runs.
    last: Option<(String, Kind)>,
    /// That were loaded meanwhile.
    modules: Vec<String>,
    /// Counters that rose.
    rises: Vec<Rise>,
    /// Where each of them is, by its key.
    places: HashMap<String, usize>,
    accounting: Option<Accounting>,
    /// What the statistics blocks say, where they say it.
    counted: Counted,
    /// What filters left out.
    pub left_out: Option<LeftOut>,
    /// The line of the packet that `--until` waited for.
    ended_by: Option<String>,
    text: String,
    /// It is to be shown.
    is_shown: bool,
    /// What only a page shows, if there is to be one.
    detail: Option<Detail>,
}

/// What packets of a kind have in common.
#[derive(Clone, Copy, Debug)]
struct Kind {
    row: usize,
    /// In the history.
    reason: usize,
    protocol: Option<u16>,
}

impl Tally {
    /// Nothing is counted yet.
    #[must_use]
    pub fn new(reading: &Reading) -> Self {
        Self {
            json: reading.json,
            is_whole: reading.is_whole(),
            rows: Rows::default(),
            kinds: HashMap::new(),
            key: String::new(),
            last: None,
            modules: Vec::new(),
            rises: Vec::new(),
            places: HashMap::new(),
            accounting: None,
            counted: Counted::default(),
            left_out: None,
            ended_by: None,
            text: String::new(),
            is_shown: reading.summary,
            detail: reading.report.as_ref().map(|_| Detail {
                part: reading.part(),
                ..Detail::default()
            }),
        }
    }

    /// Takes note of a section.
    pub fn section(&mut self, section: &Section<'_>) {
        if let Some(detail) = &mut self.detail {
            detail.origin.section(section);
        }
    }

    /// Takes note of the packet that `--until` waited for.
    pub fn ended_by(&mut self, entry: &Entry<'_>) -> Result<()> {
        let (mut line, mut clock) = (Vec::new(), LocalTime::default());
        let sentence = entry.sentence(&mut self.text);
        let len = entry.true_len();
        lines::line(&mut line, &mut clock, entry.time, &sentence, len, None)?;
        self.ended_by = Some(String::from_utf8_lossy(line.trim_ascii_end()).into_owned());
        Ok(())
    }

    /// Counts a packet.
    pub fn count(&mut self, entry: &Entry<'_>) {
        let kind = self.kind(entry);
        if let Some(detail) = &mut self.detail {
            detail.history.count(entry.time, kind.reason, entry.flow());
            detail.foreign += u64::from(entry.told.is_none());
        }
        let own = entry.told.as_ref().map(Told::own);
        let what = own.and_then(|mut own| own.find(|(key, _)| *key == "what"));
        let what = if let Some((_, what)) = what {
            into_printable(what)
        } else {
            self.text.clear();
            entry.describe(&mut self.text);
            self.text.as_str().into()
        };
        self.rows
            .count(kind.row, entry.time, cut(&what), kind.protocol);
    }

    /// The kind of a packet.
    fn kind(&mut self, entry: &Entry<'_>) -> Kind {
        let key = &mut self.key;
        key.clear();
        key.push_str(entry.told.as_ref().map_or("", Told::kind));
        // It is in no name.
        key.push('\n');
        key.push_str(&entry.interface.name);
        if let Some((last, kind)) = &self.last
            && last == key
        {
            return *kind;
        }
        let kind = match self.kinds.get(key) {
            Some(kind) => *kind,
            None => self.add(entry),
        };
        let (last, last_kind) = self.last.get_or_insert_with(|| (String::new(), kind));
        last.clone_from(&self.key);
        *last_kind = kind;
        kind
    }

    /// Adds the kind of a packet, whose key is at hand.
    fn add(&mut self, entry: &Entry<'_>) -> Kind {
        let pairs = entry.told.as_ref().map(Told::pairs);
        let mut place = pairs.as_ref().map_or_else(not_told, place);
        place.interface.clone_from(&entry.interface.name);
        let protocol = pairs.as_ref().and_then(|pairs| pairs.get("proto"));
        let protocol = protocol.as_deref().and_then(|text| text.strip_prefix("0x"));
        let has_come_in = pairs
            .as_ref()
            .is_some_and(|pairs| pairs.get("dir").as_deref() == Some("in"));
        let detail = self.detail.as_mut();
        let reason = detail.map_or(0, |detail| detail.history.reason(place.name()));
        let row = self.rows.of(place);
        if !has_come_in {
            self.rows.note_sent(row);
        }
        let kind = Kind {
            reason,
            row,
            protocol: protocol.and_then(|digits| u16::from_str_radix(digits, 16).ok()),
        };
        if self.kinds.len() >= MAX_KINDS {
            self.kinds.clear();
        }
        if self.key.len() <= MAX_KEY {
            self.kinds.insert(self.key.clone(), kind);
        }
        kind
    }

    /// Adds what was counted on an interface.
    pub fn statistics(&mut self, counts: &Statistics, comments: Comments<'_>) {
        let sum = |of: &mut Option<u64>, count: Option<u64>| {
            if let Some(count) = count {
                *of = Some(of.unwrap_or(0).saturating_add(count));
            }
        };
        sum(&mut self.counted.received, counts.received);
        sum(&mut self.counted.accepted, counts.accepted);
        sum(&mut self.counted.delivered, counts.delivered);
        sum(&mut self.counted.lost, counts.dropped);
        for comment in &comments {
            let Some(pairs) = logfmt::pairs(&comment) else {
                continue;
            };
            // The books are of the whole file.
            if let Some(accounting) = Accounting::told(&pairs).filter(|_| self.is_whole) {
                let so_far = self.accounting.unwrap_or_default();
                self.accounting = Some(so_far.and(accounting));
            }
            if let Some(modules) = pairs.get("modules") {
                // A file of several recordings tells of each one's.
                for name in modules.split(',').map(|name| named(name.into())) {
                    if self.modules.len() < MAX_MODULES && !self.modules.contains(&name) {
                        self.modules.push(name);
                    }
                }
            }
            // A part of the drops does not explain them.
            if self.is_whole
                && let Some(rise) = rise(|key| pairs.get(key).map(named))
            {
                self.rise(rise);
            }
            // They are of no interface in particular, so that a part of the file says nothing of them.
            let number = |key| pairs.number(key).unwrap_or(0);
            let absent = Absent {
                lost: number("lost"),
                limited: number("limited"),
            };
            if absent.total() > 0 && self.is_whole {
                let mut place = place(&pairs);
                place.interface = pairs.get("dev").map(named).unwrap_or_default();
                let row = self.rows.of(place);
                self.rows.count_absent(row, absent);
            }
        }
    }

    /// Adds what rose; where a file is of several recordings, as the sum of theirs.
    fn rise(&mut self, rise: Rise) {
        let key = format!("{:?}", rise.key());
        if let Some(place) = self.places.get(&key) {
            let same = &mut self.rises[*place];
            same.after = same.after.saturating_add(rise.by());
            same.margin = same.margin.saturating_add(rise.margin);
        } else if self.rises.len() < MAX_RISES {
            self.places.insert(key, self.rises.len());
            self.rises.push(rise);
        }
    }

    fn summary(&self) -> Summary<'_> {
        Summary {
            rows: &self.rows,
            modules: &self.modules,
            rises: &self.rises,
            accounting: self.accounting,
            ended_by: self.ended_by.as_deref(),
        }
    }

    /// What is known of the whole file, where all of it was asked for: of a part nothing is.
    fn counted(&self) -> Counted {
        if self.is_whole {
            self.counted
        } else {
            Counted::default()
        }
    }

    /// It as a page, where one was asked for.
    #[must_use]
    pub fn page(&self, file: &str, damage: Option<&str>) -> Option<String> {
        let detail = self.detail.as_ref()?;
        let statistics = self.counted().line();
        let left_out = self
            .left_out
            .map(|left_out| format!("; {}", left_out.line()));
        let part = detail.part.as_ref();
        let part = part.map(|part| format!("{part}{}", left_out.unwrap_or_default()));
        let page = Page {
            file,
            damage,
            part: part.as_deref(),
            foreign: detail.foreign,
            origin: &detail.origin,
            summary: self.summary(),
            history: &detail.history,
            statistics: statistics.as_deref(),
        };
        Some(page.html())
    }

    /// Shows it, where that was asked for.
    pub fn show(&self, out: &mut impl Write) -> Result<()> {
        if !self.is_shown {
            return Ok(());
        }
        let summary = self.summary();
        if self.json {
            return json::value(out, &Object::of(&summary, self.counted(), self.left_out));
        }
        let text = summary.text(width::of_terminal(io::stdout()));
        let counted = || self.counted().line().unwrap_or_else(|| NO_BOOKS.to_owned());
        let without_books = (self.is_whole && self.accounting.is_none()).then(counted);
        let lines = [
            Some(text).filter(|text| !text.is_empty()),
            without_books,
            summary.other_books(),
            self.left_out.map(LeftOut::line),
        ];
        for line in lines.into_iter().flatten() {
            writeln!(out, "{line}")?;
        }
        Ok(())
    }
}

/// What only a page shows.
#[derive(Debug, Default)]
struct Detail {
    origin: Origin,
    history: History,
    /// Packets that droprec did not record.
    foreign: u64,
    /// What of the file was asked for, where that is not all.
    part: Option<String>,
}

/// Where and why packets with these pairs were dropped; the interface is another's to tell.
fn place(pairs: &Pairs<'_>) -> Place {
    let at_hardware = || {
        let group = pairs.get("trap_group").map(named);
        pairs.get("hw").map(|_| hardware::place(group.as_deref()))
    };
    let location = pairs.get("loc").map(named).or_else(at_hardware);
    Place {
        reason: pairs.get("reason").map(named),
        location: location.unwrap_or_else(|| UNNAMED.to_owned()),
        interface: String::new(),
        netns: pairs.number("netns").unwrap_or(0),
        ifindex: pairs.number("ifindex").unwrap_or(0),
    }
}

/// The place of packets that droprec did not record.
fn not_told() -> Place {
    Place {
        location: "-".to_owned(),
        ..Place::default()
    }
}
