//! What floods of drops cost with droprec, and with what else records drops or packets: each floods the same interface in turn,
//! in one run, so that the ratios hold whatever the machine is.
//!
//!     cargo bench -p droprec --bench flood               a million drops a flood, as root
//!     cargo bench -p droprec --bench flood -- 10000000   as many as one likes
//!
//! Frames are injected as fast as one processor can (`droprec_testbed::flood`), which has to wait for whatever is attached to
//! their drops: what a drop takes longer than with a program that does nothing is the kernel's part of the cost, of which the
//! kernel itself counts what droprec's programs take. The user's is the processor time of the recording process. Peers that
//! are not installed, or that the kernel has nothing for, are left out; `tests/bench/flood-in-guest` has one that has
//! `drop_monitor` for dwdump.

mod programs;

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use droprec_testbed::{
    Idle, Pair,
    flood::{flood_of, flood_of_kinds, frame},
    frame::UNHANDLED,
    pause,
};
use rustix::{
    param::clock_ticks_per_second,
    process::{Pid, Signal, getuid, kill_process},
    thread::{CpuSet, sched_setaffinity},
};
use tempfile::TempDir;

use self::programs::{Timed, timed};

const DROPREC: &str = env!("CARGO_BIN_EXE_droprec");
const DROPS: u32 = 1_000_000;
/// Rounds, of which each peer's quickest counts.
const ROUNDS: usize = 3;

/// A recorder: what it is called, and how it records the interface into a file.
struct Peer {
    name: &'static str,
    /// `{file}` and `{netns}` stand for what they say.
    command: &'static [&'static str],
}

const PEERS: &[Peer] = &[
    Peer {
        name: "droprec -s 128",
        command: &[DROPREC, "-s", "128", "-w", "{file}"],
    },
    Peer {
        name: "droprec",
        command: &[DROPREC, "-w", "{file}"],
    },
    Peer {
        name: "droprec --interval 1s",
        command: &[DROPREC, "--interval", "1s"],
    },
    Peer {
        name: "perf record -e skb:kfree_skb",
        command: &[
            "perf",
            "record",
            "-q",
            "-a",
            "-e",
            "skb:kfree_skb",
            "-o",
            "{file}",
        ],
    },
    Peer {
        name: "bpftrace printf",
        command: &[
            "bpftrace",
            "-o",
            "{file}",
            "-e",
            "tracepoint:skb:kfree_skb { printf(\"%d %d %s\\n\", args->reason, args->protocol, ksym(args->location)); }",
        ],
    },
    Peer {
        name: "dwdump -t 128",
        command: &["dwdump", "-o", "sw", "-t", "128", "-w", "{file}"],
    },
    Peer {
        name: "tcpdump -s 128",
        command: &[
            "ip", "netns", "exec", "{netns}", "tcpdump", "-i", "eth0", "-n", "-s", "128", "-w",
            "{file}",
        ],
    },
];

/// What a flood was like.
#[derive(Clone, Copy, Default)]
struct Cost {
    /// Nanoseconds a drop that the frames took.
    generator: f64,
    /// Nanoseconds of processor time a drop of the recorder.
    user: f64,
    /// Bytes a drop of its file.
    bytes: f64,
    /// MiB, the most that it had.
    memory: f64,
    /// Drops that it says it has not.
    lost: u64,
}

/// A flood.
struct Flood {
    name: &'static str,
    len: usize,
    inject: fn(&str, &[u8], u32),
}

const FLOODS: &[Flood] = &[
    Flood {
        name: "one kind, 60 bytes",
        len: 60,
        inject: flood_of,
    },
    Flood {
        name: "one kind, 1500 bytes",
        len: 1500,
        inject: flood_of,
    },
    Flood {
        name: "200 kinds, 128 bytes",
        len: 128,
        inject: |name, frame, count| flood_of_kinds(name, frame, 200, count),
    },
];

struct Stage {
    pair: Pair,
    directory: TempDir,
    drops: u32,
}

impl Stage {
    /// Injects the frames; how many nanoseconds each took.
    fn flood(&self, flood: &Flood) -> f64 {
        let mut frame = frame(UNHANDLED).to_vec();
        frame.resize(flood.len, 0x5a);
        self.pair.receiver.enter(|| {
            // As one processor injects, the other has the recorder.
            let mut first = CpuSet::new();
            first.set(0);
            sched_setaffinity(None, &first).expect("there is a first processor");
            let began = Instant::now();
            (flood.inject)("eth0", &frame, self.drops);
            nanoseconds(began.elapsed()) / f64::from(self.drops)
        })
    }

    /// The file that it is recorded into.
    fn file(&self) -> PathBuf {
        self.directory.path().join("recorded")
    }

    /// What it says.
    fn errors(&self) -> PathBuf {
        self.directory.path().join("errors")
    }

    /// Starts a recorder. `None`: it is not installed.
    fn start(&self, peer: &Peer) -> Option<Child> {
        let file = self.file();
        let words = peer.command.iter().map(|word| {
            word.replace("{file}", &file.to_string_lossy())
                .replace("{netns}", self.pair.receiver.name())
        });
        let words: Vec<String> = words.collect();
        let child = Command::new(&words[0])
            .args(&words[1..])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(self.errors()).expect("the directory is there"))
            .spawn()
            .ok()?;
        // None of them says in the same words that it has begun; all have by then.
        pause(Duration::from_secs(3));
        Some(child)
    }

    /// A flood with a recorder. `None`: it is not installed, or does not run here.
    fn record(&self, peer: &Peer, flood: &Flood) -> Option<Cost> {
        let mut child = self.start(peer)?;
        let before = processor_time(&child);
        if child.try_wait().ok()?.is_some() {
            return None;
        }
        let generator = self.flood(flood);
        let after = settled(&child);
        let memory = peak_memory(&child);
        kill_process(Pid::from_child(&child), Signal::INT).ok()?;
        child.wait().ok()?;
        let bytes = fs::metadata(self.file()).map_or(0, |file| file.len());
        let drops = f64::from(self.drops);
        let said = fs::read_to_string(self.errors()).unwrap_or_default();
        // Whatever comes next is not to begin while this is still on its way to the disk.
        let _ = fs::remove_file(self.file());
        Some(Cost {
            generator,
            user: nanoseconds(after.saturating_sub(before)) / drops,
            bytes: precise(bytes) / drops,
            memory,
            lost: lost(&said),
        })
    }

    /// How long the programs of a recorder take in a flood.
    fn programs(&self, peer: &Peer, flood: &Flood) -> Option<Vec<Timed>> {
        let mut child = self.start(peer)?;
        let timed = timed(self.drops, || {
            self.flood(flood);
        });
        kill_process(Pid::from_child(&child), Signal::INT).ok()?;
        child.wait().ok()?;
        let _ = fs::remove_file(self.file());
        Some(timed)
    }

    /// How long a program takes that does nothing.
    fn empty_program(&self, flood: &Flood) -> f64 {
        let _idle = Idle::at_drops();
        let timed = timed(self.drops, || {
            self.flood(flood);
        });
        timed.iter().map(|(_, time)| *time).fold(f64::MAX, f64::min)
    }
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

#[expect(clippy::cast_precision_loss, reason = "less than 2^53")]
fn precise(number: u64) -> f64 {
    number as f64
}

/// Processor time of a process so far, of all its threads.
fn processor_time(child: &Child) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap_or_default();
    // The name before may have anything in it; utime and stime are fields 14 and 15 (proc(5)).
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks: u64 = fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Duration::from_secs_f64(precise(ticks) / precise(clock_ticks_per_second()))
}

/// The same, once it has nothing to do any more.
fn settled(child: &Child) -> Duration {
    let mut last = processor_time(child);
    loop {
        thread::sleep(Duration::from_millis(500));
        let now = processor_time(child);
        if now.saturating_sub(last) <= Duration::from_millis(10) {
            return now;
        }
        last = now;
    }
}

/// `VmHWM`, in MiB.
fn peak_memory(child: &Child) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    precise(kib.unwrap_or(0)) / 1024.0
}

/// What a recorder says that it has lost, in whatever words: `lost 5: the ring was full`, `Lost 5 events`, `5 packets dropped by
/// kernel`.
fn lost(said: &str) -> u64 {
    said.lines()
        .filter_map(|line| {
            let line = line.to_lowercase();
            let number = line
                .strip_prefix("lost ")
                .or_else(|| line.ends_with("dropped by kernel").then_some(&line[..]))?;
            let digits = number.split(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse::<u64>().ok()
        })
        .sum()
}

/// The quicker of two.
fn quicker(one: Option<Cost>, other: Option<Cost>) -> Option<Cost> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Cost {
            generator: one.generator.min(other.generator),
            user: one.user.min(other.user),
            bytes: one.bytes.max(other.bytes),
            memory: one.memory.max(other.memory),
            lost: one.lost.max(other.lost),
        }),
        (one, other) => one.or(other),
    }
}

/// Prints how long droprec's programs take, the least of some rounds.
fn print_programs(stage: &Stage, flood: &Flood) {
    let mut empty = f64::MAX;
    let mut least: BTreeMap<String, f64> = BTreeMap::new();
    for _ in 0..ROUNDS {
        empty = empty.min(stage.empty_program(flood));
        for (name, time) in stage.programs(&PEERS[0], flood).into_iter().flatten() {
            let least = least.entry(name).or_insert(f64::MAX);
            *least = least.min(time);
        }
    }
    let net: f64 = least.values().map(|time| time - empty).sum();
    let programs: Vec<String> = least
        .iter()
        .map(|(name, time)| format!("{name} {time:.0}"))
        .collect();
    println!(
        "as the kernel counts, ns: an empty program {empty:.0}; of {}: {}; net of it {net:.0} together",
        PEERS[0].name,
        programs.join(", ")
    );
}

fn main() {
    // `cargo bench` and `cargo test --benches` give options of their own.
    let number = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok());
    if !getuid().is_root() {
        println!("the flood takes root: sudo -E cargo bench -p droprec --bench flood");
        return;
    }
    let stage = Stage {
        pair: Pair::new(),
        directory: TempDir::new().expect("a directory"),
        drops: number.unwrap_or(DROPS),
    };
    println!(
        "{} drops a flood, {ROUNDS} rounds, the quickest; ratios are to the first line; kernel: net of an empty program",
        stage.drops
    );
    for flood in FLOODS {
        let (mut nothing, mut empty) = (f64::MAX, f64::MAX);
        let mut costs = vec![None; PEERS.len()];
        for _ in 0..ROUNDS {
            nothing = nothing.min(stage.flood(flood));
            let idle = Idle::at_drops();
            empty = empty.min(stage.flood(flood));
            drop(idle);
            for (cost, peer) in costs.iter_mut().zip(PEERS) {
                *cost = quicker(*cost, stage.record(peer, flood));
            }
        }
        println!(
            "\n{}: a drop takes {nothing:.0} ns by itself, {empty:.0} with an empty program",
            flood.name
        );
        println!(
            "{:<32} {:>10} {:>6} {:>8} {:>6} {:>12} {:>10} {:>9}",
            "", "kernel, ns", "ratio", "user, ns", "ratio", "bytes a drop", "lost", "peak, MiB"
        );
        let first = costs[0].unwrap_or_default();
        let kernel = |cost: &Cost| (cost.generator - empty).max(1.0);
        for (cost, peer) in costs.iter().zip(PEERS) {
            let Some(cost) = cost else {
                println!("{:<32} does not run here", peer.name);
                continue;
            };
            println!(
                "{:<32} {:>10.0} {:>6.2} {:>8.0} {:>6.2} {:>12.0} {:>10} {:>9.1}",
                peer.name,
                kernel(cost),
                kernel(cost) / kernel(&first),
                cost.user,
                cost.user / first.user,
                cost.bytes,
                cost.lost,
                cost.memory
            );
        }
        print_programs(&stage, flood);
    }
}
