//! What was meant by a reading.

use std::{path::PathBuf, time::Duration};

use crate::{cli::Cli, condition::Condition, filter::typed::Filters, sink::target::Target};

/// A reading as it is to be.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The file; `-` is standard input.
    pub file: PathBuf,
    /// Ends after so many packets.
    pub count: Option<u64>,
    /// Only what came within this time of the file's first packet.
    pub duration: Option<Duration>,
    /// Ends with the first packet that meets it.
    pub until: Condition,
    /// Only these packets. Interfaces go by the names that the file has for them.
    pub filters: Filters,
    /// Only what this selects.
    pub expression: Option<String>,
    /// What it comes to in place of each packet.
    pub summary: bool,
    /// It as a page.
    pub report: Option<Target>,
    /// JSON in place of text.
    pub json: bool,
    /// All that is known of each packet.
    pub verbose: bool,
}

impl Reading {
    /// Nothing of the file is left out.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.filters.are_any()
            && self.count.is_none()
            && self.duration.is_none()
            && self.until.is_empty()
            && self.expression.is_none()
    }

    /// What was asked for, where that is less than the whole file.
    #[must_use]
    pub fn part(&self) -> Option<String> {
        let filters = self.filters.words();
        let count = self.count.map(|count| format!("-c {count}"));
        let duration = self
            .duration
            .map(|duration| format!("--duration {}s", duration.as_secs_f64()));
        let until = self.until.typed().map(|typed| format!("--until '{typed}'"));
        let expression = self.expression.clone();
        let parts = filters
            .chain(count)
            .chain(duration)
            .chain(until)
            .chain(expression);
        let parts: Vec<String> = parts.collect();
        (!self.is_whole()).then(|| parts.join(" "))
    }

    /// What the arguments mean. `None`: they ask for no reading.
    #[must_use]
    pub fn new(cli: &Cli) -> Option<Self> {
        Some(Self {
            file: cli.read.clone()?,
            count: cli.count,
            duration: cli.duration,
            until: Condition::any(cli.until.clone()),
            filters: cli.filters(),
            expression: cli.expression(),
            summary: cli.summary,
            report: cli.report.clone().map(Target::of),
            json: cli.json,
            verbose: cli.verbose,
        })
    }
}
