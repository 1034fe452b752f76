//! What was dropped, why, and what to do about it: a part for each reason, the most frequent ones open.

use std::collections::BTreeMap;

use super::{head::Facts, markup::Markup, when::Zone};
use crate::{
    enrich::{absent::Absent, rows::Row},
    explain::{
        Explanation, Verdict,
        unhandled::{Unhandled, trap},
    },
    report::answers::{Answer, unhandled},
};

/// Reasons that are explained; the table has the others.
const MAX: usize = 60;
/// Of these, the ones whose explanation is not folded: as many as make half of all drops, but not more.
const MAX_OPEN: usize = 3;
/// Frames and places that are shown of each.
const MAX_SHOWN: usize = 5;

/// Drops of one reason, or of one function where the kernel gives none.
#[derive(Debug)]
pub(super) struct Kind<'a> {
    /// The reason, or the function.
    name: &'a str,
    /// All of them.
    drops: u64,
    /// Of these, those that were not recorded.
    absent: Absent,
    explanation: Option<&'static Explanation>,
    rows: Vec<&'a Row>,
    /// When the first and the last one were.
    period: Option<(u64, u64)>,
    /// By what they are.
    frames: BTreeMap<&'a str, Seen>,
    unhandled: Vec<&'static Unhandled>,
    /// There are frames that this says nothing of.
    has_others: bool,
    traps: Vec<&'static str>,
}

/// A frame of some of the rows.
#[derive(Debug)]
struct Seen {
    at_least: u64,
    is_exact: bool,
}

/// The kinds of these rows, the most frequent first.
pub(super) fn kinds<'a>(rows: &[&'a Row]) -> Vec<Kind<'a>> {
    let mut kinds: Vec<Kind> = Vec::new();
    for row in rows {
        let answer = Answer::of(row);
        let name = row.place.name();
        let is_same =
            |kind: &&mut Kind| kind.name == name && kind.explanation == answer.explanation;
        if let Some(kind) = kinds.iter_mut().find(is_same) {
            kind.add(&answer);
        } else {
            let mut kind = Kind {
                name,
                drops: 0,
                absent: Absent::default(),
                explanation: answer.explanation,
                rows: Vec::new(),
                period: None,
                frames: BTreeMap::new(),
                unhandled: Vec::new(),
                has_others: false,
                traps: Vec::new(),
            };
            kind.add(&answer);
            kinds.push(kind);
        }
    }
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.drops));
    kinds
}

impl<'a> Kind<'a> {
    /// Whether its drops are some of these.
    pub(super) fn has(&self, row: &Row) -> bool {
        self.rows.iter().any(|other| std::ptr::eq(*other, row))
    }

    fn add(&mut self, answer: &Answer<'a>) {
        let row = answer.row;
        self.drops += row.drops();
        self.absent = self.absent + row.absent;
        self.rows.push(row);
        if let Some((first, last)) = row.period {
            let (from, to) = self.period.unwrap_or((first, last));
            self.period = Some((from.min(first), to.max(last)));
        }
        for frame in &answer.frames {
            let seen = self.frames.entry(&frame.what).or_insert(Seen {
                at_least: 0,
                is_exact: true,
            });
            seen.at_least += frame.at_least();
            seen.is_exact &= frame.is_exact();
        }
        for frame in &answer.frames {
            match unhandled(&row.place, frame) {
                Some(known) if self.unhandled.contains(&known) => {}
                Some(known) => self.unhandled.push(known),
                None => self.has_others = true,
            }
            let trap = frame.protocol.and_then(trap);
            self.traps
                .extend(trap.filter(|trap| !self.traps.contains(trap)));
        }
    }

    fn show(&self, out: &mut Markup, number: usize, is_open: bool, all: u64, zone: &Zone) {
        let (class, verdict) = verdict(self.explanation.map(|told| told.verdict));
        out.tag("<details class=\"kind ").tag(class);
        out.tag("\" id=\"kind-").number(number as u64).tag("\"");
        out.tag(if is_open { " open>" } else { ">" });
        out.tag("<summary><span class=\"count\">")
            .number(self.drops);
        out.tag("</span> <span class=\"share\">");
        share(out, self.drops, all);
        out.tag("</span> <h3><code>").text(self.name).tag("</code>");
        if let Some(explanation) = self.explanation {
            out.tag(" <span class=\"phrase\">").text(explanation.phrase);
            out.tag("</span>");
        }
        out.tag("</h3> ");
        if !self.is_untold() {
            out.within("<span class=\"verdict\">", verdict, "</span>");
        }
        out.tag("</summary>\n<div class=\"parts\">\n");
        self.advise(out);
        self.show_frames(out);
        self.show_places(out, zone);
        out.tag("</div></details>\n");
    }

    /// What it means, and what to do.
    fn advise(&self, out: &mut Markup) {
        if self.is_untold() {
            return;
        }
        if self.explanation.is_none() && self.unhandled.is_empty() {
            out.tag("<div><h4>What it means</h4><p>droprec has no explanation of it.</p></div>\n");
            return;
        }
        // Which frames a sentence is of has to be said only where there are others.
        let with_names = self.unhandled.len() > 1 || self.has_others;
        let of = |out: &mut Markup, unhandled: &Unhandled, sentence: &str| {
            out.tag("<p>");
            if with_names {
                out.within("<b>", unhandled.kind, ":</b> ");
            }
            out.prose(sentence).tag("</p>");
        };
        out.tag("<div><h4>What it means</h4>");
        if let Some(explanation) = self.explanation {
            out.tag("<p>").prose(explanation.meaning).tag("</p>");
        }
        for unhandled in &self.unhandled {
            of(out, unhandled, unhandled.sender);
        }
        for trap in &self.traps {
            out.within("<p><b>A trap:</b> ", trap, "</p>");
        }
        out.tag("</div>\n<div class=\"do\"><h4>What to do</h4>");
        for unhandled in &self.unhandled {
            of(out, unhandled, unhandled.remedy);
        }
        if let Some(explanation) = self.explanation
            && (self.unhandled.is_empty() || self.has_others)
        {
            out.tag("<p>").prose(explanation.check).tag("</p>");
        }
        out.tag("</div>\n");
    }

    fn is_untold(&self) -> bool {
        self.rows.iter().all(|row| row.place.is_untold())
    }

    fn show_frames(&self, out: &mut Markup) {
        if self.frames.is_empty() && self.absent.total() == 0 {
            return;
        }
        let mut frames: Vec<(&&str, &Seen)> = self.frames.iter().collect();
        frames.sort_by_key(|(_, seen)| std::cmp::Reverse(seen.at_least));
        out.tag("<div><h4>Most frequent frames</h4><ul class=\"frames\">\n");
        for (what, seen) in frames.into_iter().take(MAX_SHOWN) {
            out.tag("<li><b>");
            out.tag(if seen.is_exact { "" } else { "at least " });
            out.number(seen.at_least).tag("</b> × <bdi>");
            out.text(what).tag("</bdi></li>\n");
        }
        let Absent { lost, limited } = self.absent;
        for (count, why) in [
            (lost, "droprec had no room for them"),
            (limited, "--rate or --sample left them out"),
        ] {
            if count > 0 {
                out.tag("<li><b>").number(count);
                out.tag("</b> × not known: ").tag(why).tag("</li>\n");
            }
        }
        out.tag("</ul></div>\n");
    }

    fn show_places(&self, out: &mut Markup, zone: &Zone) {
        out.tag("<div><h4>Where and when</h4><ul class=\"places\">\n");
        for row in self.rows.iter().take(MAX_SHOWN) {
            let place = &row.place;
            out.tag("<li><b>").number(row.drops()).tag("</b>");
            if !place.is_untold() {
                out.within(" at <code>", &place.location, "</code>");
            }
            if !place.interface.is_empty() {
                out.within(" (<bdi>", &place.interface, "</bdi>)");
            }
            out.tag("</li>\n");
        }
        if self.rows.len() > MAX_SHOWN {
            out.tag("<li>").number((self.rows.len() - MAX_SHOWN) as u64);
            out.tag(" more in <a href=\"#table\">the table</a></li>\n");
        }
        if let Some((first, last)) = self.period {
            out.within("<li>", &zone.period(first, last), "</li>\n");
        }
        if let Some(explanation) = self.explanation {
            for (number, counter) in explanation.counters.iter().enumerate() {
                out.tag(if number == 0 {
                    "<li>raises <code>"
                } else {
                    ", <code>"
                });
                out.text(counter).tag("</code>");
            }
            if !explanation.counters.is_empty() {
                out.tag("</li>\n");
            }
            out.within(
                "<li class=\"aside\">in the kernel: ",
                explanation.source,
                "</li>\n",
            );
        }
        out.tag("</ul></div>\n");
    }
}

/// A class, and the words.
fn verdict(verdict: Option<Verdict>) -> (&'static str, &'static str) {
    match verdict {
        Some(Verdict::Harmless) => ("harmless", "usually harmless"),
        Some(Verdict::Depends) => ("depends", "it depends"),
        Some(Verdict::Trouble) => ("trouble", "usually trouble"),
        None => ("unknown", "not known"),
    }
}

/// Which part of all it is, in hundredths.
pub(super) fn share(out: &mut Markup, part: u64, all: u64) {
    let percent = (u128::from(part) * 100 + u128::from(all) / 2) / u128::from(all.max(1));
    match percent {
        0 => out.tag("&lt;\u{a0}1\u{a0}%"),
        percent => out.number(percent as u64).tag("\u{a0}%"),
    };
}

/// Those that have a part of the section.
pub(super) fn shown<'k, 'a>(kinds: &'k [Kind<'a>]) -> &'k [Kind<'a>] {
    &kinds[..kinds.len().min(MAX)]
}

/// The section of all kinds.
pub(super) fn section(out: &mut Markup, kinds: &[Kind<'_>], facts: &Facts<'_>) {
    if kinds.is_empty() {
        return;
    }
    let Facts {
        drops: all, zone, ..
    } = *facts;
    out.tag("<section aria-labelledby=\"why\"><h2 id=\"why\">");
    out.tag(facts.words.why).tag("</h2>\n");
    let mut before = 0;
    for (number, kind) in shown(kinds).iter().enumerate() {
        let is_open = number < MAX_OPEN && before < all.div_ceil(2);
        kind.show(out, number, is_open, all, zone);
        before += kind.drops;
    }
    if kinds.len() > MAX {
        out.tag("<p>").number((kinds.len() - MAX) as u64);
        out.tag(" more are in <a href=\"#table\">the table</a>; <code>droprec explain</code> has them all.</p>\n");
    }
    out.tag("</section>\n");
}
