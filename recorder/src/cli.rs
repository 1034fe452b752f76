//! What was typed.

use std::{path::PathBuf, time::Duration};

use clap::{CommandFactory as _, Parser, Subcommand, error::ErrorKind};

use crate::encode::link::Framing;

const AFTER_HELP: &str = "\
Without -w, a line is printed for each drop. Ctrl-C, SIGTERM or SIGHUP ends a recording and prints where every drop went; \
SIGUSR1 prints that without ending it.

Exit status: 0 done, 1 it could not record or write, 2 wrong arguments.";

/// Records the packets that Linux drops, with the place in the kernel and the reason, into a pcapng file that Wireshark
/// and tcpdump open.
#[derive(Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(name = "droprec", version, after_help = AFTER_HELP, args_conflicts_with_subcommands = false)]
pub struct Cli {
    /// In place of recording this machine's drops
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Write a pcapng file; - is standard output
    #[arg(short = 'w', long = "write", value_name = "FILE", global = true)]
    pub write: Option<PathBuf>,

    /// What the packets of the file begin with; only with -w
    #[arg(long, value_name = "TYPE", value_enum, default_value_t, global = true)]
    pub linktype: Framing,

    /// Keep the first BYTES of each packet, 14 to 262144; 0 is the most. No kernel gives more than about 65500
    #[arg(short, long, value_name = "BYTES", default_value = "512", value_parser = snaplen, global = true)]
    pub snaplen: u32,

    /// End after N drops
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), global = true)]
    pub count: Option<u64>,

    /// End after this time: 10, 500ms, 10s, 5m, 2h
    #[arg(long, value_name = "TIME", value_parser = duration, global = true)]
    pub duration: Option<Duration>,

    /// Only drops at this interface; NAME@NAMESPACE in another network namespace, by its name or inode number. Can be given
    /// several times
    #[arg(short, long, value_name = "NAME")]
    pub interface: Vec<String>,

    /// Write each drop at once, at the price of a wake-up for each
    #[arg(short = 'U', long, global = true)]
    pub packet_buffered: bool,

    /// Size of the ring between kernel and droprec; rounded up to a power of two
    #[arg(short = 'B', long, value_name = "KIB", default_value = "16384", value_parser = clap::value_parser!(u32).range(4..=1_048_576), global = true)]
    pub buffer_size: u32,

    /// Record the payloads of `AF_UNIX`, netlink, vsock and the like too, which are other processes' private data, and what
    /// only tells a process of its packets
    #[arg(long, global = true)]
    pub all: bool,

    /// Print nothing but errors and losses
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Print all that is known of each drop; with -w, what the kernel offers
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

impl Cli {
    /// What was typed. Wrong arguments end the process here, with status 2.
    #[must_use]
    pub fn typed() -> Self {
        let cli = Self::parse();
        // Not `requires`: that does not see a -w before a subcommand when this stands behind it.
        if cli.linktype != Framing::default() && cli.write.is_none() {
            let error = "--linktype says how a file is written: name one with -w FILE";
            Self::command()
                .error(ErrorKind::MissingRequiredArgument, error)
                .exit();
        }
        cli
    }
}

/// What droprec does besides recording.
#[derive(Clone, Copy, Debug, Subcommand, PartialEq, Eq)]
pub enum Command {
    /// Say what this kernel offers, what a recording would lack, and what to do about it
    Doctor,
    /// Cause one real drop of each kind in network namespaces of its own, and record them
    Demo,
}

fn snaplen(typed: &str) -> Result<u32, String> {
    match typed.parse() {
        Ok(0) => Ok(droprec_pcapng::MAX_CAPLEN),
        Ok(bytes @ 14..=droprec_pcapng::MAX_CAPLEN) => Ok(bytes),
        _ => Err("it takes 14 to 262144 bytes, or 0 for the most".to_owned()),
    }
}

fn duration(typed: &str) -> Result<Duration, String> {
    let unit = typed.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = &typed[..typed.len() - unit.len()];
    let factor = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err("it takes a number, and ms, s, m, h or d".to_owned()),
    };
    let seconds = number
        .parse::<f64>()
        .map_err(|_| "it takes a number, and ms, s, m, h or d".to_owned())?
        * factor;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        Ok(_) => Err("it must be longer than nothing".to_owned()),
        Err(_) => Err("it is too long".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_duration_is_seconds_unless_it_says_otherwise() {
        assert_eq!(duration("10"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2h"), Ok(Duration::from_hours(2)));
        for wrong in ["", "s", "0", "-1", "1w", "1e99h", "1.2.3"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_snaplen_of_nothing_is_the_most() {
        assert_eq!(snaplen("0"), Ok(262_144));
        assert_eq!(snaplen("14"), Ok(14));
        for wrong in ["13", "262145", "-1", "x", ""] {
            assert!(snaplen(wrong).is_err(), "{wrong}");
        }
    }
}
