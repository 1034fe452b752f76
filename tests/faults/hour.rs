//! A long recording of many kinds of drops, with floods, and with namespaces that come and go. `tests/hour` makes it an hour.

use std::{
    env,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use droprec_testbed::{
    Accounting, Chain, Droprec, FrameSocket, Metrics, Namespace, Over, Pair, children, descriptors,
    feature,
    flood::flood,
    frame::{Origin, UNHANDLED},
    memory, must_be_readable, run, threads,
};
use etherparse::{EtherType, PacketBuilderStep, UdpHeader};

use crate::{
    rotation::files::{files, must_be_whole},
    stage::DROPREC,
    tally::Tally,
};

/// Minutes, each with a flood at its end. Without it there are a few short ones.
const MINUTES: &str = "DROPREC_MINUTES";
const SHORT: (u32, Duration) = (3, Duration::from_secs(12));
/// How long a flood is, as part of a minute.
const FLOOD: f64 = 0.05;
/// Frames of it that are injected before it is looked whether it is over.
const PIECE: u32 = 20_000;
/// A frame of each kind comes so often.
const BETWEEN: Duration = Duration::from_millis(2);
/// Frames that each namespace drops that comes and goes, and how long it is there.
const FRAMES: u32 = 5;
const STAY: Duration = Duration::from_secs(2);

/// In KiB: what a recording may have at most, and what it may have more after the last minute than after the first: the 8 MiB of
/// batches, all of which it may not need before the disk is busy, and half as much.
const MOST: u64 = 64 * 1024;
const MORE: u64 = 12 * 1024;

/// A port that a firewall is for, and one that nobody listens on.
const FORBIDDEN: u16 = 7777;
const CLOSED: u16 = 9;

/// A frame of each of many kinds that a router drops.
fn kinds(origin: Origin) -> [Vec<u8>; 6] {
    let built = |udp: PacketBuilderStep<UdpHeader>| {
        let mut frame = Vec::new();
        udp.write(&mut frame, b"an hour")
            .expect("a frame of a few bytes can be built");
        frame
    };
    let udp = |target: [u8; 4], port, ttl| {
        let ip = origin
            .to_receiver()
            .ipv4(Pair::SENDER.octets(), target, ttl);
        built(ip.udp(40_000, port))
    };
    let router = Pair::RECEIVER.octets();
    let bpdu = [&[0x42, 0x42, 3][..], &[0; 35]].concat();
    let tagged = [0, 42, 0x88, 0xb5, 1, 2, 3, 4];
    [
        udp(router, FORBIDDEN, 64),
        udp(router, CLOSED, 64),
        udp(Chain::TARGET.octets(), CLOSED, 1),
        origin.ethernet(Pair::RECEIVER_MAC, UNHANDLED, b"of no protocol"),
        origin.ethernet([0x01, 0x80, 0xc2, 0, 0, 0], bpdu.len() as u16, &bpdu),
        origin.ethernet(Pair::RECEIVER_MAC, EtherType::VLAN_TAGGED_FRAME.0, &tagged),
    ]
}

/// A recording that goes on all the time, and what it had after the first minute.
struct Long {
    droprec: Droprec,
    first: Option<[u64; 3]>,
}

impl Long {
    fn start(arguments: &[&str]) -> Self {
        Self {
            droprec: Droprec::start(DROPREC, arguments),
            first: None,
        }
    }

    /// Demands that it has no more threads and files than after the first minute, and not much more memory.
    fn must_be_steady(&mut self) -> [u64; 3] {
        let pid = self.droprec.pid();
        let count = |of: usize| of as u64;
        let all = [
            memory(pid, "VmRSS"),
            count(descriptors(pid)),
            count(threads(pid).len() + children(pid).len()),
        ];
        let first = *self.first.get_or_insert(all);
        let peak = memory(pid, "VmHWM");
        assert!(peak <= MOST, "{peak} KiB");
        assert!(
            all[0] <= first[0] + MORE,
            "KiB after the first minute, and now: {first:?} {all:?}"
        );
        // One may be ending a file.
        assert!(
            all[1] <= first[1] + 2 && all[2] <= first[2] + 1,
            "files, threads: {first:?} {all:?}"
        );
        all
    }
}

/// What has been dropped.
#[derive(Debug, Default)]
struct Sent {
    /// Of each kind.
    mixed: u64,
    flood: u64,
    /// Names of interfaces that are gone, each of which had `FRAMES`.
    gone: Vec<String>,
}

/// Drops of all kinds, for so many minutes; `each` is done after each of them.
fn drop_all(
    chain: &Chain,
    origin: Origin,
    minutes: u32,
    minute: Duration,
    mut each: impl FnMut(u32),
) -> Sent {
    let is_over = AtomicBool::new(false);
    let goes_on = || !is_over.load(Ordering::Relaxed);
    thread::scope(|scope| {
        let mixing = scope.spawn(|| {
            let (socket, kinds, mut rounds) = (chain.pair.frames(), kinds(origin), 0);
            while goes_on() {
                socket.send_all(&kinds);
                rounds += 1;
                thread::sleep(BETWEEN);
            }
            rounds
        });
        let crowding = scope.spawn(|| {
            let mut gone = Vec::new();
            while goes_on() {
                let namespace = Namespace::new("comes-and-goes");
                namespace.ip("link set lo up");
                let socket = FrameSocket::open(&namespace, "lo");
                for _ in 0..FRAMES {
                    socket.send(&origin.ethernet([0xff; 6], UNHANDLED, b"and goes"));
                }
                gone.push(namespace.label("lo"));
                thread::sleep(STAY);
            }
            gone
        });
        let over = Over(&is_over);
        let (began, mut frames) = (Instant::now(), 0);
        for number in 1..=minutes {
            let end = minute * number;
            let flood_at = end.saturating_sub(minute.mul_f64(FLOOD));
            thread::sleep(flood_at.saturating_sub(began.elapsed()));
            chain.pair.receiver.enter(|| {
                while began.elapsed() < end {
                    flood("eth0", UNHANDLED, PIECE);
                    frames += u64::from(PIECE);
                }
            });
            // What it has left to be read is read.
            thread::sleep(Duration::from_secs(1));
            each(number);
        }
        drop(over);
        Sent {
            mixed: mixing.join().expect("frames are sent"),
            flood: frames,
            gone: crowding.join().expect("namespaces come and go"),
        }
    })
}

/// Demands that tcpdump reads as many packets of a compressed file as are in it.
fn must_be_read_by_tcpdump(file: &Path) {
    let path = file.to_str().expect("a path of letters and digits");
    let through = format!("zstd -dcq {path} | tcpdump --count -r - 2>/dev/null");
    let said = run("sh", &["-c", &through]);
    let count = said
        .split_whitespace()
        .next()
        .and_then(|count| count.parse().ok());
    assert_eq!(count, Some(Tally::of(file).packets), "{path}: {said}");
}

#[test]
fn in_an_hour_of_many_kinds_of_drops_and_floods_memory_stays_flat_and_every_drop_is_accounted_for_in_files_that_are_whole()
 {
    let (minutes, minute) = env::var(MINUTES).map_or(SHORT, |minutes| {
        (
            minutes.parse().expect("a number of minutes"),
            Duration::from_mins(1),
        )
    });
    let (chain, origin) = (Chain::new(), Origin::new());
    let router = &chain.pair.receiver;
    router.nft("input", &format!("udp dport {FORBIDDEN} counter drop"));
    let label = chain.pair.label();
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let in_directory = |name: &str| directory.path().join(name);
    for name in ["all", "newest"] {
        std::fs::create_dir(in_directory(name)).expect("it is new");
    }
    let [all, newest, metrics] = [
        "all/drops-%H%M%S.pcapng.zst",
        "newest/drops.pcapng",
        "drops.prom",
    ]
    .map(in_directory);
    let [all, newest, prom] =
        [&all, &newest, &metrics].map(|path| path.to_str().expect("a path of letters"));
    // One has everything that this machine drops, and one the newest of it alone.
    let rotation = ["-s", "128", "-G", "10", "-C", "1m"];
    let mut all = Long::start(&[&["-w", all, "--metrics", prom], &rotation[..]].concat());
    let rotation = [
        "-s", "128", "-i", &label, "-C", "5", "-W", "5", "-B", "1024",
    ];
    let mut newest = Long::start(&[&["-w", newest], &rotation[..]].concat());

    let sent = drop_all(&chain, origin, minutes, minute, |number| {
        let [of_all, of_newest] = [&mut all, &mut newest].map(Long::must_be_steady);
        println!("minute {number}: KiB, files, threads: {of_all:?} {of_newest:?}");
    });
    let [peak, peak_of_newest] = [&all, &newest].map(|long| memory(long.droprec.pid(), "VmHWM"));
    println!(
        "{} frames of kinds, {} of floods, {} namespaces; at most {peak} and {peak_of_newest} KiB",
        6 * sent.mixed,
        sent.flood,
        sent.gone.len()
    );
    let [all, newest] = [all, newest].map(|long| long.droprec.stop().succeeded());

    // From outside: what was sent is what the interface and the firewall have counted, and droprec, lost ones included.
    let dropped = 6 * sent.mixed + sent.flood;
    assert_eq!(router.nft_counted(), sent.mixed);
    let metrics = Metrics::read(&metrics);
    let drops = |interface: &str| metrics.sum("droprec_drops_total", &[("interface", interface)]);
    assert_eq!(drops(&label), dropped, "{}", all.stderr);
    if feature::reasons() {
        // Which of the kinds the counter has is up to the protocols that the kernel knows.
        let unhandled = [("interface", &label[..]), ("reason", "UNHANDLED_PROTO")];
        let unhandled = metrics.sum("droprec_drops_total", &unhandled);
        assert_eq!(router.statistic("eth0", "rx_dropped"), unhandled);
    }
    for name in &sent.gone {
        assert_eq!(drops(name), u64::from(FRAMES), "{name}");
    }
    let Accounting {
        seen,
        filtered,
        suppressed,
        ..
    } = newest.accounting();
    assert_eq!(
        seen - filtered - suppressed - newest.lost_in_the_midst(),
        dropped
    );

    println!(
        "all: {:?}\nnewest: {:?}",
        all.accounting(),
        newest.accounting()
    );
    let whole = files(&in_directory("all"));
    must_be_whole(&all, &whole);
    for file in &whole {
        must_be_read_by_tcpdump(file);
    }
    println!("{} files, each whole", whole.len());
    let ring = files(&in_directory("newest"));
    must_be_the_newest(&ring, newest.accounting().written);
}

/// Demands that the files of a ring are whole, and have the last ones of so many packets.
fn must_be_the_newest(ring: &[PathBuf], written: u64) {
    assert!((2..=5).contains(&ring.len()), "{ring:?}");
    for file in ring {
        must_be_readable(file);
    }
    let ids: Vec<u64> = ring
        .iter()
        .flat_map(|file| Tally::of(file).packetids)
        .collect();
    let first = written - ids.len() as u64;
    assert!(ids.iter().copied().eq(first..written), "{first} {written}");
}
