//! What a file comes to, as a page to look at: one file of HTML, which loads nothing and runs nothing.
//!
//! `markup` keeps text from becoming markup; each of the others makes a part of the page.

mod chart;
mod counters;
mod head;
mod kinds;
mod markup;
mod notes;
pub mod origin;
mod tables;
#[cfg(test)]
mod tests;
mod when;
mod words;

use self::{
    head::Facts,
    markup::Markup,
    notes::Notes,
    origin::Origin,
    when::Zone,
    words::{DROPS, MIXED, PACKETS},
};
use super::{changes, reconcile::reconcile, summary::Summary};
use crate::enrich::history::History;

/// All that a page shows.
#[derive(Debug)]
pub struct Page<'a> {
    /// What to call the file.
    pub file: &'a str,
    /// What ended the reading before the file's end.
    pub damage: Option<&'a str>,
    /// What was asked for, where that is less than the whole file.
    pub part: Option<&'a str>,
    /// Packets that droprec did not record.
    pub foreign: u64,
    /// Who recorded it.
    pub origin: &'a Origin,
    /// What it comes to.
    pub summary: Summary<'a>,
    /// When, and of which flows.
    pub history: &'a History,
    /// The statistics of the interfaces in words, which stand for the books where there are none.
    pub statistics: Option<&'a str>,
}

impl Page<'_> {
    /// The page.
    #[must_use]
    pub fn html(&self) -> String {
        let summary = &self.summary;
        let rows = summary.rows.by_count();
        let kinds = kinds::kinds(&rows);
        let findings = reconcile(summary.rows, summary.rises);
        let drops = rows.iter().map(|row| row.drops()).sum();
        let absent = rows.iter().map(|row| row.absent.total()).sum();
        let periods = rows.iter().filter_map(|row| row.period);
        let zone = Zone::system();
        let is_foreign = drops > 0 && rows.iter().all(|row| row.place.is_untold());
        let words = match self.foreign {
            0 => DROPS,
            _ if is_foreign => PACKETS,
            _ => MIXED,
        };
        let facts = Facts {
            words,
            drops,
            period: periods.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))),
            zone: &zone,
        };

        let mut out = Markup::default();
        head::open(&mut out, self, &facts);
        Notes::of(self, &rows, is_foreign).show(&mut out);
        counters::answer(&mut out, &findings, summary.accounting);
        let changes = changes::text(&rows, summary.modules, usize::from(u16::MAX));
        if let Some(changes) = &changes {
            out.tag("<section class=\"answer\"><h2>What changed meanwhile</h2><ul>\n");
            for line in changes.lines() {
                out.within("<li>", line.trim_start(), "</li>\n");
            }
            out.tag("</ul></section>\n");
        }
        kinds::section(&mut out, &kinds, &facts);
        chart::section(&mut out, self.history, absent, &facts);
        tables::rows(&mut out, &rows, &kinds, &facts);
        tables::flows(&mut out, self.history, words);
        counters::section(&mut out, &findings, summary.accounting, &zone);
        head::close(&mut out);
        out.into_string()
    }
}
