//! What the file does not say, plainly, before anything is concluded from what it says.

use super::{Page, markup::Markup};
use crate::enrich::rows::Row;

/// Things to be known before the page is read.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// What is wrong.
    faults: Vec<String>,
    /// What is not there.
    gaps: Vec<String>,
}

impl Notes {
    pub(super) fn of(page: &Page<'_>, rows: &[&Row], is_foreign: bool) -> Self {
        let mut notes = Self::default();
        notes.faults(page);
        notes.gaps(page, rows, is_foreign);
        notes
    }

    fn faults(&mut self, page: &Page<'_>) {
        if let Some(damage) = page.damage {
            self.faults.push(format!(
                "{damage}. This page has everything before that, and nothing behind it."
            ));
        }
        let lost = page.summary.accounting.map_or(0, |books| books.lost());
        if lost > 0 {
            self.faults.push(format!(
                "{lost} drops were lost to the recording: they are counted where they are known, and no packet of the file is one of them."
            ));
        }
    }

    fn gaps(&mut self, page: &Page<'_>, rows: &[&Row], is_foreign: bool) {
        let mut gap = |text: String| self.gaps.push(text);
        let limited = page.summary.accounting.map_or(0, |books| books.limited);
        if limited > 0 {
            gap(format!(
                "{limited} drops were left out by --rate or --sample: they are counted by kind, and no packet of the file is one of them."
            ));
        }
        if rows.is_empty() {
            gap("There is no packet in what was read of the file.".to_owned());
        } else if is_foreign {
            gap("droprec did not record this file, and the file does not say that its packets were dropped, where or why. What they are is told by their bytes.".to_owned());
        } else if page.foreign > 0 {
            gap(format!(
                "{} packets were not recorded by droprec: the file does not say that they were dropped, where or why.",
                page.foreign
            ));
        } else if rows.iter().all(|row| row.place.reason.is_none()) {
            gap("The kernel gave no reasons, as none before Linux 5.17 does: the place is all there is.".to_owned());
        }
        if let Some(part) = page.part {
            gap(format!(
                "Only a part of the file was asked for: {part}. The books are the whole recording's, and counters are not compared with a part."
            ));
        } else if page.foreign == 0 && !rows.is_empty() && page.summary.rises.is_empty() {
            gap("The file tells of no counter that rose meanwhile, so that no counter is compared with the drops.".to_owned());
        }
        let books = page.summary.accounting;
        let overwritten = books.and_then(|books| books.overwritten).unwrap_or(0);
        if overwritten > 0 {
            gap(format!(
                "{overwritten} drops were kept in memory until newer ones took their room: the books count them, and no packet of the file is one of them."
            ));
        }
        let has_books = page.summary.accounting.is_some() || page.statistics.is_some();
        if page.part.is_none() && !has_books && !is_foreign {
            gap("The file has no books: it ends before them, or its writer keeps none. How many packets were lost or left out is not known.".to_owned());
        }
        if page.part.is_none()
            && let Some(text) = page.summary.other_books()
        {
            gap(text);
        }
        if page.origin.sections > 1 {
            gap(format!(
                "The file has {} sections, of several recordings perhaps: all are counted together.",
                page.origin.sections
            ));
        }
    }

    pub(super) fn show(&self, out: &mut Markup) {
        if !self.faults.is_empty() {
            list(
                out,
                "<section class=\"note fault\" aria-label=\"What is wrong\"><ul>\n",
                &self.faults,
            );
        }
        if !self.gaps.is_empty() {
            list(
                out,
                "<section class=\"note\" aria-label=\"What the file does not say\"><ul>\n",
                &self.gaps,
            );
        }
    }
}

fn list(out: &mut Markup, open: &'static str, notes: &[String]) {
    out.tag(open);
    for note in notes {
        out.within("<li>", note, "</li>\n");
    }
    out.tag("</ul></section>\n");
}
