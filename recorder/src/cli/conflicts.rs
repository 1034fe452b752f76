//! What cannot be had together, or means nothing alone, as far as clap does not see it.

use std::path::Path;

use clap::error::ErrorKind;
use droprec_ebpf::record::MAX_REST;

use super::{Cli, Command};
use crate::encode::link::Framing;

/// What is wrong with the arguments.
pub(super) type Wrong = (ErrorKind, String);

/// The longest packet that a recording has: what the kernel half gives of its payload, and the headers before.
const LONGEST: u32 = MAX_REST + (1 << 10);
/// What a packet's block has beside the packet, most of it comments; as a rule it is not a fourth of that.
const BESIDE: u32 = 4 << 10;
/// And what the comment with its call stack may have.
const STACK: u32 = 16 << 10;

impl Cli {
    /// The first thing that is wrong with what was typed.
    pub(super) fn wrong(&self) -> Option<Wrong> {
        let missing = |why: &str| (ErrorKind::MissingRequiredArgument, why.to_owned());
        let conflict = |why: &str| (ErrorKind::ArgumentConflict, why.to_owned());
        let is_incomplete = || self.incomplete().map(missing);
        let is_idle = || self.idle().map(conflict);
        let invalid = |why: String| (ErrorKind::InvalidValue, why);
        let wrong_value = || {
            let wrong = self.wrong_word().or_else(|| self.no_room());
            wrong.or_else(|| self.no_file()).map(invalid)
        };
        let others = || {
            let conflicting = self.report_conflict().or_else(|| self.output_conflict());
            conflicting.map(conflict)
        };
        is_incomplete()
            .or_else(is_idle)
            .or_else(wrong_value)
            .or_else(others)
    }

    /// What means nothing without another argument. Not `requires`: clap does not see a -w before a subcommand when the other
    /// stands behind it, and does not ask for a -r that something else conflicts with.
    fn incomplete(&self) -> Option<&'static str> {
        let has_file = self.write.as_deref().is_some_and(|path| !is_stdout(path));
        if self.linktype != Framing::default() && self.write.is_none() {
            return Some("--linktype says how a file is written: name one with -w FILE");
        }
        if self.flight_recorder.is_some() && !has_file {
            return Some("--flight-recorder writes files later: name one with -w FILE");
        }
        if let Some(why) = self.rotation.incomplete(has_file) {
            return Some(why);
        }
        if self.read.is_some() {
            return None;
        }
        if self.summary {
            return Some("--summary says what a file comes to: name one with -r FILE");
        }
        let is_reported = self.report.is_some();
        is_reported.then_some("--report shows what is in a file: name one with -r FILE")
    }

    /// What a subcommand has no use for.
    fn idle(&self) -> Option<&'static str> {
        let command = self.command.as_ref()?;
        if self.read.is_some() {
            return Some("-r FILE prints what is in a file: leave out the subcommand");
        }
        if self.user.is_some() {
            return Some("-Z says whose a recording is: leave out the subcommand");
        }
        if *command == Command::Demo {
            return None;
        }
        if self.metrics.is_some() {
            return Some("--metrics tells of this machine's drops: leave out the subcommand");
        }
        let is_tabulated = self.interval.is_some();
        is_tabulated.then_some("--interval counts this machine's drops: leave out the subcommand")
    }

    /// What is asked for beside tables or a file, and cannot be had there.
    fn output_conflict(&self) -> Option<&'static str> {
        let Some(file) = &self.write else {
            if self.interval.is_some() && (self.rate.is_some() || self.sample.is_some()) {
                return Some(
                    "--rate and --sample say what is recorded, and --interval alone only counts: record with -w FILE",
                );
            }
            let is_asked = self.interval.is_some() && !self.until.is_empty();
            return is_asked.then_some(
                "--until looks at each drop, which --interval alone only counts: record them with -w FILE",
            );
        };
        match self.interval {
            None if self.json => Some(
                "--json takes the place of a file: leave out --write, or have tables of JSON beside it with --interval",
            ),
            Some(_) if is_stdout(file) => {
                Some("-w - and --interval both print to standard output: give -w a file")
            }
            _ => None,
        }
    }

    /// A flight recorder that is smaller than a packet may be.
    fn no_room(&self) -> Option<String> {
        let size = self.flight_recorder?;
        let beside = if self.stack { BESIDE + STACK } else { BESIDE } as usize;
        let least = self.snaplen.min(LONGEST) as usize + beside;
        (size < least).then(|| {
            format!(
                "--flight-recorder has no room for as long a packet as -s lets in: give it {}K at least, or choose -s {} or less",
                least.div_ceil(1024),
                size - beside
            )
        })
    }

    /// Metrics that would go nowhere.
    fn no_file(&self) -> Option<String> {
        let is_stream = self.metrics.as_deref().is_some_and(is_stdout);
        is_stream.then(|| "--metrics is written anew each time: give it a file".to_owned())
    }

    /// What is asked for beside a report, and cannot be had.
    fn report_conflict(&self) -> Option<&'static str> {
        let report = self.report.as_ref()?;
        match (self.summary, self.json) {
            (true, _) if is_stdout(report) => {
                Some("--report - and --summary both print to standard output: give --report a file")
            }
            (false, true) => Some(
                "--report takes the place of the packets: add --summary to --json, or leave it out",
            ),
            _ => None,
        }
    }
}

fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;

    fn parse(arguments: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(arguments.split(' '))
    }

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_flight_recorder_has_room_for_the_longest_packet_with_its_comments() {
        let no_room = |arguments: &str| {
            let cli = parse(&format!("droprec -w x --flight-recorder {arguments}"));
            cli.expect("each is an argument").no_room()
        };
        for (wrong, remedy) in [
            ("64K -s 0", "69K at least, or choose -s 61440 or less"),
            ("64K -s 61441", "65K at least, or choose -s 61440 or less"),
            (
                "64K -s 0 --stack",
                "85K at least, or choose -s 45056 or less",
            ),
        ] {
            let said = no_room(wrong).unwrap_or_default();
            assert!(said.contains(remedy), "{wrong}: {said}");
        }
        for right in [
            "64K",
            "64K --stack",
            "69K -s 0",
            "85K -s 0 --stack",
            "64K -s 61440",
            "64K -s 45056 --stack",
        ] {
            assert_eq!(no_room(right), None, "{right}");
        }
    }

    #[test]
    fn a_report_is_refused_where_two_outputs_would_mix() {
        let conflict = |arguments: &str| {
            let cli = parse(arguments).expect("each is an argument");
            cli.report_conflict()
        };
        for wrong in [
            "droprec -r x --report - --summary",
            "droprec -r x --report - --summary --json",
            "droprec -r x --report y --json",
        ] {
            assert!(conflict(wrong).is_some(), "{wrong}");
        }
        for right in [
            "droprec -r x --report y",
            "droprec -r - --report - -i eth0 -c 3",
            "droprec -r x --report y --summary --json",
        ] {
            assert_eq!(conflict(right), None, "{right}");
        }
        for wrong in [
            "droprec --report y",
            "droprec -r x --report y -v",
            "droprec -w x --report y",
            "droprec -w x --summary",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_only_for_a_file_is_refused_without_one_whatever_stands_beside_it() {
        let beside = [
            "--interval 1",
            "--linktype sll2 -w x",
            "--flight-recorder 1M -w x",
            "-s 128",
            "-U",
            "-B 64",
            "--all",
            "--stack",
            "-q",
            "doctor",
        ];
        for (asked, beside) in ["--summary", "--report y"]
            .iter()
            .flat_map(|asked| beside.map(|beside| (asked, beside)))
        {
            let arguments = format!("droprec {asked} {beside}");
            let is_refused = match parse(&arguments) {
                Ok(cli) => cli.wrong().is_some_and(|(_, why)| why.contains("-r FILE")),
                Err(_) => true,
            };
            assert!(is_refused, "{arguments}");
        }
        for wrong in [
            "--interval 1 doctor",
            "--interval 1 explain",
            "--metrics x doctor",
            "--metrics -",
            "-r x doctor",
        ] {
            let cli = parse(&format!("droprec {wrong}")).expect("each is an argument");
            assert!(cli.wrong().is_some(), "{wrong}");
        }
        for right in [
            "-r x --summary",
            "-r x --report y",
            "--interval 1",
            "--metrics x",
            "--metrics x demo",
            "doctor",
        ] {
            let cli = parse(&format!("droprec {right}")).expect("each is an argument");
            assert_eq!(cli.wrong(), None, "{right}");
        }
    }

    #[test]
    fn what_is_of_many_files_is_refused_without_them() {
        for wrong in [
            "-C 1",
            "-G 1 -w -",
            "-W 3 -w x",
            "-z gzip -w x",
            "--on-full drop-oldest -w x",
            "--on-full wait",
            "--on-full wait -w -",
        ] {
            let cli = parse(&format!("droprec {wrong}")).expect("each is an argument");
            let (kind, why) = cli.wrong().unwrap_or_else(|| panic!("{wrong} is taken"));
            assert_eq!(kind, ErrorKind::MissingRequiredArgument);
            assert!(why.contains(" -w FILE") || why.contains("add -C "), "{why}");
        }
        for wrong in [
            "-C 1 -w x --flight-recorder 1M",
            "-G 1 -w x --flight-recorder 1M",
            "-r x -C 1",
            "-r x -z gzip",
            "-r x --on-full wait",
            "-w x -G 0.5",
            "-w x -C 1 -W 0",
            "-w x --on-full",
        ] {
            assert!(parse(&format!("droprec {wrong}")).is_err(), "{wrong}");
        }
        for right in [
            "-w x -C 1 -W 3 -z gzip --on-full drop-oldest",
            "-w x-%T -G 1h -W 24",
            "-w x --on-full wait",
            "-w x --flight-recorder 1M --on-full wait",
        ] {
            let cli = parse(&format!("droprec {right}")).expect("each is an argument");
            assert_eq!(cli.wrong(), None, "{right}");
        }
    }

    #[test]
    fn tables_are_refused_where_a_file_goes_to_the_same_output() {
        let conflict = |arguments: &str| {
            let cli = parse(arguments);
            cli.expect("each is an argument").output_conflict()
        };
        for wrong in [
            "droprec -w - --interval 1",
            "droprec -w - --interval 1 --json",
            "droprec -w x --json",
            "droprec --interval 1 --until reason=NO_SOCKET",
        ] {
            assert!(conflict(wrong).is_some(), "{wrong}");
        }
        for right in [
            "droprec --interval 1 --json --top 3 --sort total",
            "droprec -w x --interval 1 --json",
            "droprec -w x --interval 500ms --style dropwatch",
            "droprec -w x --interval 1 --until reason=NO_SOCKET",
        ] {
            assert_eq!(conflict(right), None, "{right}");
        }
        for wrong in [
            "--interval 99ms",
            "--interval 0",
            "--interval 366d",
            "--interval 1 --top 0",
            "--interval 1 --style json",
            "--interval 1 --style dropwatch --json",
            "--interval 1 --style dropwatch --stack",
            "--interval 1 -r x",
            "--top 3 -r x",
            "--sort count -r x",
            "--sort count",
            "--top 3",
            "--style table",
            "--top 3 -w x",
            "--sort count -w x",
            "--style table -w x",
        ] {
            assert!(parse(&format!("droprec {wrong}")).is_err(), "{wrong}");
        }
    }
}
