//! What was meant.

use std::time::Duration;

use droprec_pcapng::MAX_CAPLEN;

use crate::{
    cli::Cli,
    condition::Condition,
    encode::link::Framing,
    filter::typed::Filters,
    interval::{Style, order::Order},
    privileges::{Confinement, user::User},
    sink::{series::Series, target::Target},
};

/// The form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A pcapng file.
    Pcapng,
    /// A line a drop.
    Lines,
    /// A JSON object a drop, each on a line.
    Json,
}

/// How much is printed besides the drops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// Errors and losses.
    Quiet,
    /// The progress and the summary too.
    Normal,
    /// All that is known.
    Verbose,
}

/// The tables of `--interval`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intervals {
    /// The time between two of them.
    pub period: Duration,
    /// Which lines come first.
    pub order: Order,
    /// Most lines of one.
    pub most: usize,
    /// Their form.
    pub style: Style,
}

/// A recording as it is to be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where it goes.
    pub target: Target,
    /// In which form.
    pub form: Form,
    /// How packets are framed in a file.
    pub framing: Framing,
    /// Most bytes of a packet.
    pub snaplen: u32,
    /// Ends after so many drops.
    pub count: Option<u64>,
    /// Ends after this time.
    pub duration: Option<Duration>,
    /// Ends with the first drop that meets it.
    pub until: Condition,
    /// So many bytes of packets are kept in memory, and written later.
    pub flight_recorder: Option<usize>,
    /// Whose files and process they are; none: whose it was started.
    pub user: Option<User>,
    /// Only these drops.
    pub filters: Filters,
    /// Only what this selects.
    pub expression: Option<String>,
    /// Each drop is written at once.
    pub packet_buffered: bool,
    /// The ring's size in bytes, a power of two.
    pub ring: u32,
    /// Most of a processor's time that a flood may take, in percent.
    pub max_cpu: u32,
    /// Private payloads too.
    pub all: bool,
    /// Call stacks too.
    pub stack: bool,
    /// How much is printed.
    pub voice: Voice,
    /// Tables of what is dropped, beside a file; without one, drops are only counted.
    pub intervals: Option<Intervals>,
}

impl Plan {
    /// What the arguments mean.
    #[must_use]
    pub fn new(cli: &Cli) -> Self {
        let (target, form) = match &cli.write {
            None if cli.json => (Target::Stdout, Form::Json),
            None => (Target::Stdout, Form::Lines),
            Some(path) => (Target::of(path.clone()), Form::Pcapng),
        };
        Self {
            target,
            form,
            framing: cli.linktype,
            // With the longest header no packet is longer than a file may have.
            snaplen: cli.snaplen.min(MAX_CAPLEN - cli.linktype.growth()),
            count: cli.count,
            duration: cli.duration,
            until: Condition::any(cli.until.clone()),
            flight_recorder: cli.flight_recorder,
            user: cli.user.clone(),
            filters: cli.filters(),
            expression: cli.expression(),
            packet_buffered: cli.packet_buffered,
            // 1 GiB at most, so that it fits.
            ring: (cli.buffer_size * 1024).next_power_of_two(),
            max_cpu: cli.max_cpu,
            all: cli.all,
            stack: cli.stack,
            voice: match (cli.quiet, cli.verbose) {
                (true, _) => Voice::Quiet,
                (false, true) => Voice::Verbose,
                (false, false) => Voice::Normal,
            },
            intervals: cli.interval.map(|period| Intervals {
                period,
                order: cli.sort,
                most: cli.top.unwrap_or(usize::MAX),
                style: if cli.json { Style::Json } else { cli.style },
            }),
        }
    }

    /// The files after the first one, where there may be any.
    #[must_use]
    pub fn series(&self) -> Option<Series> {
        match &self.target {
            Target::File(path) if self.flight_recorder.is_some() => {
                Some(Series::after(path.clone()))
            }
            _ => None,
        }
    }

    /// What the process is left with once it records.
    #[must_use]
    pub fn confinement(&self) -> Confinement {
        let directory = self.series().map(|series| series.directory().to_owned());
        Confinement { directory }
    }

    /// Drops go through the ring; else they are only counted.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        self.intervals.is_none() || self.form == Form::Pcapng
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[test]
    fn with_the_longest_header_the_longest_packet_is_no_longer_than_a_file_may_have() {
        for (linktype, longest) in [
            ("ethernet", 262_144),
            ("native", 262_138),
            ("sll2", 262_138),
        ] {
            let of = |bytes| {
                let arguments = ["droprec", "-w", "-", "-s", bytes, "--linktype", linktype];
                Plan::new(&Cli::parse_from(arguments)).snaplen
            };
            assert_eq!((of("0"), of("512")), (longest, 512), "{linktype}");
        }
    }
}
