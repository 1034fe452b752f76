//! What was meant by a reading.

use std::{path::PathBuf, time::Duration};

use crate::{cli::Cli, sink::target::Target};

/// A reading as it is to be.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The file; `-` is standard input.
    pub file: PathBuf,
    /// Ends after so many packets.
    pub count: Option<u64>,
    /// Only what came within this time of the file's first packet.
    pub duration: Option<Duration>,
    /// Only these interfaces, by the names that the file has for them; none: all.
    pub interfaces: Vec<String>,
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
        let Self {
            count,
            duration,
            interfaces,
            expression,
            ..
        } = self;
        interfaces.is_empty() && count.is_none() && duration.is_none() && expression.is_none()
    }

    /// What was asked for, where that is less than the whole file.
    #[must_use]
    pub fn part(&self) -> Option<String> {
        let interfaces = self.interfaces.iter().map(|name| format!("-i {name}"));
        let count = self.count.map(|count| format!("-c {count}"));
        let duration = self
            .duration
            .map(|duration| format!("--duration {}s", duration.as_secs_f64()));
        let expression = self.expression.clone();
        let parts = interfaces.chain(count).chain(duration).chain(expression);
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
            interfaces: cli.interface.clone(),
            expression: cli.expression(),
            summary: cli.summary,
            report: cli.report.clone().map(Target::of),
            json: cli.json,
            verbose: cli.verbose,
        })
    }
}
