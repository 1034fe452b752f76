//! What was typed.

mod conflicts;
pub mod rotation;
pub mod subcommands;
mod values;

use std::{env, ffi::OsString, path::PathBuf, time::Duration};

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use thiserror::Error;

use self::rotation::Rotation;
use self::values::{duration, expression_file, interval, sample, size, snaplen, top, user};
use crate::{
    condition::All,
    encode::link::Framing,
    extcap::Extcap,
    filter::typed::Filters,
    interval::{Style, order::Order},
    privileges::user::User,
    wireshark::Wireshark,
};

const AFTER_HELP: &str = "\
Without -w, a line is printed for each drop, or a table every so often. Ctrl-C, SIGTERM or SIGHUP ends a recording and prints where every drop went; \
SIGUSR1 prints that without ending it.

With --flight-recorder, SIGUSR2 writes what is kept: to FILE, the next time to FILE with -2 before its extension, then -3 …; a \
file that is there is not overwritten, except FILE. The end of the recording writes the rest. What cannot be written stays in \
memory for the next time. What is only in memory is lost with the process (kill -9).

With -C or -G, no file that is there is overwritten, but by -C with -W: its number is left out. Each file opens by itself, and \
has books of its own.

Exit status: 0 done, 1 it could not record or write, 2 wrong arguments.";

const EXPLAIN_AFTER_HELP: &str = "\
It takes what is at hand: UNHANDLED_PROTO, ip_rcv+0xcf, reason=NO_SOCKET, 0x0400, LLDP, UdpRcvbufErrors, or a whole line of \
droprec, nstat, netstat -s, dropwatch or the kernel's tracing, best in quotes. `noise` is what --no-noise leaves out.

It knows the reasons of Linux 5.17 to 7.3, and the common places of 5.10, 6.1, 6.12, 6.18 and 7.2.

Exit status: 0 done, 1 something of it is not known, 2 wrong arguments.";

/// Records the packets that Linux drops, with the place in the kernel and the reason, into a pcapng file that Wireshark
/// and tcpdump open.
#[derive(Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(name = "droprec", version, after_help = AFTER_HELP, args_conflicts_with_subcommands = false)]
pub struct Cli {
    /// Only drops that this expression of pcap-filter(7) selects, as tcpdump would from a file with all of them, framed as
    /// --linktype says: tcp port 443 and host 10.0.0.1. It takes libpcap
    #[arg(value_name = "EXPRESSION")]
    pub expression: Vec<String>,

    /// Take the expression from a file; # begins a comment
    #[arg(short = 'F', long, value_name = "FILE", value_parser = expression_file, conflicts_with = "expression")]
    pub expression_file: Option<String>,

    /// In place of recording this machine's drops
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Write a pcapng file; - is standard output. A name that ends in .zst: compressed
    #[arg(short = 'w', long = "write", value_name = "FILE", global = true)]
    pub write: Option<PathBuf>,

    /// Print what is in a file in place of recording: one of droprec's, or any pcapng or pcap file, also compressed with zstd
    /// or gzip; - is standard input. Needs no rights
    #[arg(
        short = 'r',
        long = "read",
        value_name = "FILE",
        conflicts_with_all = ["write", "linktype", "snaplen", "packet_buffered", "buffer_size", "max_cpu", "rate", "sample", "all", "stack", "quiet", "flight_recorder", "file_size", "rotate_seconds", "file_count", "postrotate_command", "on_full", "interval", "sort", "top", "style", "metrics"]
    )]
    pub read: Option<PathBuf>,

    /// Print what the file comes to, as at the end of a recording, in place of its packets; only with -r
    #[arg(long, requires = "read", conflicts_with = "write")]
    pub summary: bool,

    /// Write what the file comes to as a page to look at in a browser, in place of printing its packets; - is standard
    /// output. With --summary it is printed too
    #[arg(
        long,
        value_name = "FILE.html",
        requires = "read",
        conflicts_with_all = ["write", "verbose"]
    )]
    pub report: Option<PathBuf>,

    /// Print JSON in place of text: an object a drop, each on a line of its own; with --interval, an object a table
    #[arg(long, global = true)]
    pub json: bool,

    /// Every TIME, print a table of what was dropped where and why, with exact counts. Without -w, drops are only counted
    #[arg(long, value_name = "TIME", value_parser = interval)]
    pub interval: Option<Duration>,

    /// What comes first in the tables of --interval
    #[arg(
        long,
        value_name = "KEY",
        value_enum,
        default_value_t,
        requires = "interval"
    )]
    pub sort: Order,

    /// Show the first N lines of each table
    #[arg(long, value_name = "N", value_parser = top, requires = "interval")]
    pub top: Option<usize>,

    /// The form of the tables
    #[arg(
        long,
        value_name = "STYLE",
        value_enum,
        default_value_t,
        requires = "interval",
        conflicts_with_all = ["json", "stack"]
    )]
    pub style: Style,

    /// Keep the counts of drops in FILE, by reason, place and interface, for Prometheus: written anew at the start, every 10
    /// seconds and at the end. It is readable for all, as it holds no packets
    #[arg(long, value_name = "FILE")]
    pub metrics: Option<PathBuf>,

    /// What the packets of the file begin with; only with -w
    #[arg(long, value_name = "TYPE", value_enum, default_value_t, global = true)]
    pub linktype: Framing,

    /// Keep the first BYTES of each packet, 14 to 262144; 0 is the most. No kernel gives more than about 65500
    #[arg(short, long, value_name = "BYTES", default_value = "512", value_parser = snaplen, global = true)]
    pub snaplen: u32,

    /// End after N drops; where drops are only counted, this is looked at ten times a second
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), global = true)]
    pub count: Option<u64>,

    /// End after this time: 10, 500ms, 10s, 5m, 2h
    #[arg(long, value_name = "TIME", value_parser = duration, global = true)]
    pub duration: Option<Duration>,

    /// End with the first drop that has these pairs, as the keys of a packet's second comment (-v shows them):
    /// `reason=NO_SOCKET dev=eth0`. In a value, * stands for any characters and ? for one; loc= takes what --location does,
    /// dev= and indev= NAME@NAMESPACE too, netns= a name. Given several times: with a drop that has all pairs of one. What --rate
    /// or --sample leaves out is not looked at
    #[arg(long, value_name = "PAIRS", global = true)]
    pub until: Vec<All>,

    /// Keep the last SIZE bytes of packets in memory (64M, 1G), and write them to the file of -w on SIGUSR2, and at the end
    #[arg(long, value_name = "SIZE", value_parser = size, global = true, conflicts_with_all = ["packet_buffered", "file_size", "rotate_seconds"])]
    pub flight_recorder: Option<usize>,

    /// Become this user, with its groups alone, before any file is made; only root can. Files are the user's
    #[arg(
        short = 'Z',
        long = "relinquish-privileges",
        value_name = "USER",
        value_parser = user,
        conflicts_with = "read"
    )]
    pub user: Option<User>,

    /// Write each drop at once, at the price of a wake-up for each
    #[arg(short = 'U', long, global = true)]
    pub packet_buffered: bool,

    /// Size of the ring between kernel and droprec; rounded up to a power of two
    #[arg(short = 'B', long, value_name = "KIB", default_value = "16384", value_parser = clap::value_parser!(u32).range(4..=1_048_576), global = true)]
    pub buffer_size: u32,

    /// Take no more than this part of one processor's time, however many drops there are; those that it does not suffice for are
    /// counted as lost
    #[arg(long, value_name = "PERCENT", default_value = "100", value_parser = clap::value_parser!(u32).range(1..=100), global = true)]
    pub max_cpu: u32,

    /// Record at most N drops of each kind in a second: those of one reason, place, interface and protocol. The others are
    /// counted by kind, as rate-limited
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), global = true)]
    pub rate: Option<u32>,

    /// Record the first of every N drops of each kind. The others are counted by kind, as rate-limited; a kind that is rare is
    /// never missed
    #[arg(long, value_name = "1/N", value_parser = sample, global = true)]
    pub sample: Option<u32>,

    /// Record the payloads of `AF_UNIX`, netlink, vsock and the like too, which are other processes' private data, and what
    /// only tells a process of its packets
    #[arg(long, global = true)]
    pub all: bool,

    /// Record the kernel's call stack of each drop too: by what way the packet came to where it was dropped. Tables of --interval
    /// have a line for each way
    #[arg(long, global = true)]
    pub stack: bool,

    /// Print nothing but errors and losses
    #[arg(short, long, global = true)]
    pub quiet: bool,

    /// Print all that is known of each drop; with -w, what the kernel offers
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,

    /// Many files
    #[command(flatten)]
    pub rotation: Rotation,

    /// Which drops
    #[command(flatten)]
    pub filters: Filters,
}

impl Cli {
    /// What was typed. Wrong arguments end the process here, with status 2.
    #[must_use]
    pub fn typed() -> Self {
        Self::of(env::args_os()).unwrap_or_else(|error| error.exit())
    }

    /// What these arguments say, of which the first one is the program's name.
    fn of<T: Into<OsString> + Clone>(
        arguments: impl IntoIterator<Item = T>,
    ) -> Result<Self, clap::Error> {
        let mut command = subcommands::heeded(&Self::command());
        let matches = command.try_get_matches_from_mut(arguments)?;
        let cli = Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
        let unheeded = || subcommands::unheeded(&command, &matches);
        match cli.wrong().or_else(unheeded) {
            Some((kind, error)) => Err(command.error(kind, error)),
            None => Ok(cli),
        }
    }

    /// What filters ask, with those of `trace_net_drop.stp` in its own words.
    #[must_use]
    pub fn filters(&self) -> Filters {
        let words: &[String] = if self.has_script_words() {
            &self.expression
        } else {
            &[]
        };
        self.filters.with_words(words)
    }

    /// Whether what stands in the place of an expression are the words of `trace_net_drop.stp`: `tcp`, `udp` or `icmp` beside
    /// addresses or ports, `match=` and `filter=`. Alone, a protocol is an expression.
    fn has_script_words(&self) -> bool {
        let is_chosen = |word: &String| word.starts_with("match=") || word.starts_with("filter=");
        let is_word =
            |word: &String| is_chosen(word) || matches!(word.as_str(), "tcp" | "udp" | "icmp");
        self.expression.iter().all(is_word)
            && (self.filters.are_of_addresses() || self.expression.iter().any(is_chosen))
    }

    /// What is wrong with places in the script's words.
    fn wrong_word(&self) -> Option<String> {
        let words = self.expression.iter().filter(|_| self.has_script_words());
        words
            .filter_map(|word| Some((word, Filters::wrong_place(word)?)))
            .map(|(word, error)| format!("{word}: {error}"))
            .next()
    }

    /// The expression that was typed or is in the file, if there is one.
    #[must_use]
    pub fn expression(&self) -> Option<String> {
        if self.has_script_words() && self.expression_file.is_none() {
            return None;
        }
        let typed = || self.expression.join(" ");
        let text = self.expression_file.clone().unwrap_or_else(typed);
        Some(text).filter(|text| !text.trim().is_empty())
    }
}

/// An argument that turns out wrong when the kernel is asked: the status is 2, as with others.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct WrongArgument(pub String);

/// What droprec does besides recording.
#[derive(Clone, Debug, Subcommand, PartialEq, Eq)]
pub enum Command {
    /// Say what a drop means, whether it is harmless, what to check and which counters rise with it. Needs no rights
    #[command(after_help = EXPLAIN_AFTER_HELP)]
    Explain {
        /// A reason, a place, a frame, a number or a counter, or a line in which they stand; none: all names are listed
        #[arg(value_name = "REASON|LOCATION")]
        asked: Vec<String>,
    },
    /// Say what this kernel offers, what a recording would lack, and what to do about it
    Doctor,
    /// Cause one real drop of each kind in network namespaces of its own, and record them
    Demo,
    /// Show drops better in Wireshark: a plugin, a profile, and "Dropped packets" among its interfaces. Without an option, say
    /// what would be installed and where
    Wireshark(Wireshark),
    /// What Wireshark starts
    #[command(hide = true)]
    Extcap(Extcap),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_the_scripts_words_are_refused_where_those_of_the_filters_are() {
        let wrong_word = |arguments: &[&str]| {
            let cli = Cli::try_parse_from([&["droprec"], arguments].concat());
            cli.expect("each is an argument").wrong_word()
        };
        for wrong in [
            "match=",
            "filter=",
            "match=a+zz",
            "match=a,,b",
            "filter=a,[",
        ] {
            let complaint = wrong_word(&["tcp", wrong]).unwrap_or_default();
            assert!(complaint.starts_with(wrong), "{complaint}");
        }
        for right in [
            &["match=a,b+0x1f", "filter=nft_*,[nf_tables]"][..],
            &["tcp", "--port", "9"],
            &["len=5"],
        ] {
            assert_eq!(wrong_word(right), None);
        }
    }

    #[test]
    fn a_protocol_is_a_filter_beside_addresses_and_ports_and_alone_an_expression() {
        let parse = |arguments: &str| Cli::parse_from(arguments.split(' '));
        for beside in ["--port 9", "--not-port 9", "--addr ::1", "--not-saddr ::1"] {
            let cli = parse(&format!("droprec {beside} udp"));
            assert_eq!(cli.filters().proto, ["udp".parse().unwrap()], "{beside}");
            assert_eq!(cli.expression(), None, "{beside}");
        }
        let cli = parse("droprec --reason TCP_* udp");
        assert_eq!(cli.expression().as_deref(), Some("udp"));
        assert!(cli.filters().proto.is_empty());
    }
}
