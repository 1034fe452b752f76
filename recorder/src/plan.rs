//! What was meant.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use droprec_pcapng::MAX_CAPLEN;

use crate::{
    cli::{Cli, rotation::Rotation},
    condition::Condition,
    encode::link::Framing,
    filter::typed::Filters,
    interval::{Style, order::Order},
    privileges::{Confinement, user::User},
    sink::{
        series::Series,
        shared::directory,
        target::Target,
        writer::{Manner, OnFull},
    },
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
    /// When it goes on in another file.
    pub rotation: Rotation,
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
    /// Records of each kind in a second at most.
    pub rate: Option<u32>,
    /// Of so many drops of each kind one is recorded.
    pub sample: Option<u32>,
    /// Private payloads too.
    pub all: bool,
    /// Call stacks too.
    pub stack: bool,
    /// How much is printed.
    pub voice: Voice,
    /// The file that tells the counts as metrics.
    pub metrics: Option<PathBuf>,
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
            rotation: cli.rotation.clone(),
            user: cli.user.clone(),
            filters: cli.filters(),
            expression: cli.expression(),
            packet_buffered: cli.packet_buffered,
            // 1 GiB at most, so that it fits.
            ring: (cli.buffer_size * 1024).next_power_of_two(),
            max_cpu: cli.max_cpu,
            rate: cli.rate,
            sample: cli.sample,
            all: cli.all,
            stack: cli.stack,
            voice: match (cli.quiet, cli.verbose) {
                (true, _) => Voice::Quiet,
                (false, true) => Voice::Verbose,
                (false, false) => Voice::Normal,
            },
            metrics: cli.metrics.clone(),
            intervals: cli.interval.map(|period| Intervals {
                period,
                order: cli.sort,
                most: cli.top.unwrap_or(usize::MAX),
                style: if cli.json { Style::Json } else { cli.style },
            }),
        }
    }

    /// The files of a rotation, or those after the first one of a flight recorder.
    #[must_use]
    pub fn series(&self) -> Option<Series> {
        let Target::File(path) = &self.target else {
            return None;
        };
        let path = path.clone();
        if self.flight_recorder.is_some() {
            return Some(Series::after(path));
        }
        if !self.rotation.is_any() {
            return None;
        }
        let Rotation {
            file_size,
            rotate_seconds,
            file_count,
            postrotate_command,
            on_full,
        } = &self.rotation;
        let (has_size, is_timed) = (file_size.is_some(), rotate_seconds.is_some());
        let series = Series::of(path, has_size, is_timed, *file_count)
            .with_command(postrotate_command.clone());
        Some(match on_full {
            OnFull::DropOldest => series.dropping_oldest(),
            OnFull::Stop | OnFull::Wait => series,
        })
    }

    /// How they are written. `whole`: how much of a cut piece of output is worth keeping.
    #[must_use]
    pub fn manner(&self, whole: fn(&[u8]) -> usize) -> Manner {
        Manner {
            whole,
            is_compressed: self.form == Form::Pcapng && self.target.is_compressed(),
            limit: self.rotation.file_size,
            on_full: self.rotation.on_full,
            is_read_soon: self.rotation.postrotate_command.is_some(),
            is_own: matches!(self.target, Target::File(_)),
        }
    }

    /// What the process is left with once it records.
    #[must_use]
    pub fn confinement(&self) -> Confinement {
        let has_more = self.flight_recorder.is_some() || self.rotation.is_any();
        let files = match &self.target {
            Target::File(path) if has_more => Some(path),
            _ => None,
        };
        let files = files.map(|path| directory(path));
        let is_dated = self.rotation.rotate_seconds.is_some()
            && files.is_some_and(|path| path.to_string_lossy().contains('%'));
        let files = files.filter(|_| !is_dated);
        let metrics = self.metrics.as_ref().map(|path| directory(path));
        // Both may go to the same one.
        let metrics = metrics.filter(|of| files != Some(of));
        Confinement {
            is_walled: !is_dated && self.rotation.postrotate_command.is_none(),
            directories: files
                .into_iter()
                .chain(metrics)
                .map(Path::to_owned)
                .collect(),
        }
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
    fn each_directory_that_is_written_to_is_told_once() {
        let directories = |arguments: &str| {
            let cli = Cli::parse_from(arguments.split(' '));
            Plan::new(&cli).confinement().directories
        };
        for (arguments, expected) in [
            ("droprec -w a/x -C 1 --metrics a/y", &["a"][..]),
            ("droprec -w a/x -C 1 --metrics b/y", &["a", "b"]),
            ("droprec -w a/x --metrics a/y", &["a"]),
            ("droprec -w a%F/x -G 1 --metrics b/y", &["b"]),
        ] {
            assert_eq!(
                directories(arguments),
                expected.iter().map(PathBuf::from).collect::<Vec<_>>()
            );
        }
    }

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
