//! The newest drops in memory, and the files that are made of them: `--flight-recorder`.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
    time::Duration,
};

use droprec_testbed::{
    Accounting, Capture, Droprec, Ended, Pair, frame::Origin, must_be_readable, run, until,
};
use rustix::{
    process::Signal,
    thread::{CpuSet, sched_getcpu, sched_setaffinity},
};
use tempfile::TempDir;

use crate::{
    lost,
    mount::Mount,
    stage::DROPREC,
    tally::{Tally, capinfos},
};

/// What a file may have beside packets.
const OVERHEAD: u64 = 16 << 10;
/// How much of what is asked for may be free: the room of a packet.
const PACKET: u64 = 1 << 10;

/// Where the number of a frame is.
const NUMBER: usize = 24;

/// A pair of namespaces, and a droprec that keeps what one of them drops.
struct Scene {
    pair: Pair,
    origin: Origin,
    _directory: Option<TempDir>,
    file: PathBuf,
    droprec: Droprec,
}

impl Scene {
    /// `arguments` say how much is kept.
    fn new(arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().expect("a directory under /tmp");
        let file = directory.path().join("drops.pcapng");
        Self {
            _directory: Some(directory),
            ..Self::writing(file, arguments)
        }
    }

    fn writing(file: PathBuf, arguments: &[&str]) -> Self {
        let pair = Pair::new();
        let path = file.to_str().expect("a path of letters and digits");
        let label = pair.label();
        // What waits in a ring of this size is never lost, however long droprec has to wait for a processor.
        let arguments = [&["-i", &label, "-w", path, "-B", "65536"], arguments].concat();
        let droprec = Droprec::start(DROPREC, &arguments);
        Self {
            origin: Origin::new(),
            _directory: None,
            pair,
            file,
            droprec,
        }
    }

    /// Has frames with these numbers dropped.
    fn cause(&self, numbers: std::ops::Range<u32>) {
        let frames = self.origin.unhandled(numbers.end);
        self.pair
            .frames()
            .send_all(&frames[numbers.start as usize..]);
    }

    /// Has frames dropped, from this number on, while something is done, which is told how many it were. The next number.
    fn flooded(&self, first: u32, done: impl FnOnce(&AtomicU32)) -> u32 {
        let (sent, is_over) = (AtomicU32::new(first), AtomicBool::new(false));
        thread::scope(|scope| {
            scope.spawn(|| {
                // Else two processors would put them into another order.
                let mut this = CpuSet::new();
                this.set(sched_getcpu());
                sched_setaffinity(None, &this).expect("a thread may stay where it is");
                let mut frames = self.origin.unhandled(1);
                let socket = self.pair.frames();
                while !is_over.load(Ordering::SeqCst) {
                    let number = sent.load(Ordering::SeqCst);
                    frames[0][NUMBER..].copy_from_slice(&number.to_be_bytes());
                    socket.send(&frames[0]);
                    sent.store(number + 1, Ordering::SeqCst);
                    // So that a slow droprec falls back no further than its ring reaches.
                    if number % 10 == 9 {
                        thread::sleep(Duration::from_millis(1));
                    }
                }
            });
            // Also where it panics.
            let _over = Over(&is_over);
            done(&sent);
        });
        sent.into_inner()
    }

    /// A file of the series.
    fn numbered(&self, number: u32) -> PathBuf {
        self.file.with_file_name(format!("drops-{number}.pcapng"))
    }

    /// Asks for a file, and waits until something is said that has these words.
    fn ask(&self, words: &str) -> String {
        self.droprec.signal(Signal::USR2);
        let line = || {
            let said = self.droprec.stderr();
            said.lines()
                .find(|line| line.contains(words))
                .map(str::to_owned)
        };
        until(line).unwrap_or_else(|| panic!("not said, {words:?}: {}", self.droprec.stderr()))
    }
}

/// Ends a flood when dropped.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// The numbers of the frames in a file, in their order. Everybody must be able to read it.
fn numbers(origin: Origin, file: &Path) -> Vec<u32> {
    must_be_readable(file);
    let capture = Capture::read(file);
    assert_eq!(capinfos(file), capture.packets.len() as u64);
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    let number = |data: &[u8]| {
        data[NUMBER..]
            .first_chunk()
            .map(|bytes| u32::from_be_bytes(*bytes))
    };
    packets
        .iter()
        .map(|packet| number(&packet.data).expect("the frame has a number"))
        .collect()
}

/// What `-r --summary` says of where a file's drops went.
fn books(file: &Path) -> Accounting {
    let path = file.to_str().expect("a path of letters and digits");
    Accounting::last_of(&run(DROPREC, &["-r", path, "--summary"]))
}

/// Demands that each file's books are its own, by interface too, and that together they are what the screen says.
fn must_add_up(ended: &Ended, files: &[&Path]) {
    let screen = ended.accounting();
    screen.must_balance();
    let mut sums = [0; 7];
    for file in files {
        let books = books(file);
        books.must_balance();
        let tally = Tally::of(file);
        assert_eq!(tally.packets, books.written, "{}", file.display());
        let blocks = [
            tally.sum(|counted| counted.received),
            tally.sum(|counted| counted.accepted),
            tally.sum(|counted| counted.delivered),
            tally.sum(|counted| counted.dropped),
        ];
        let accepted = books.written + books.overwritten + books.lost;
        assert_eq!(
            blocks,
            [books.seen, accepted, books.written, books.lost],
            "received, accepted, delivered, dropped: {}",
            file.display()
        );
        assert!(tally.dropcounts <= books.lost, "{tally:?}");
        for (sum, of) in sums.iter_mut().zip(parts(books)) {
            *sum += of;
        }
    }
    assert_eq!(
        sums,
        parts(screen),
        "all files, and the screen: {}",
        ended.stderr
    );
}

fn parts(books: Accounting) -> [u64; 7] {
    let Accounting {
        seen,
        written,
        filtered,
        noise,
        suppressed,
        overwritten,
        lost,
    } = books;
    [
        seen,
        written,
        filtered,
        noise,
        suppressed,
        overwritten,
        lost,
    ]
}

/// Demands that these follow each other without a gap.
fn must_be_contiguous(numbers: &[u32]) {
    let gap = numbers.windows(2).find(|pair| pair[1] != pair[0] + 1);
    assert_eq!(gap, None, "{} packets", numbers.len());
}

#[test]
fn in_a_flood_each_file_has_the_newest_drops_up_to_the_signal_and_none_is_in_two() {
    const SIZE: u64 = 1 << 20;
    const ENOUGH: u32 = 10_000;
    let scene = Scene::new(&["--flight-recorder", "1M"]);
    let mut total = 0;
    for file in [scene.file.clone(), scene.numbered(2)] {
        let mut before = 0;
        total = scene.flooded(total, |sent| {
            let is_enough = || (sent.load(Ordering::SeqCst) >= total + ENOUGH).then_some(());
            assert!(until(is_enough).is_some(), "no flood");
            if total == 0 {
                let length = fs::metadata(&file).expect("it is there").len();
                assert!(length < 1024, "{length} bytes were written in a flood");
            }
            before = sent.load(Ordering::SeqCst);
            scene.ask(&format!("written to {}", file.display()));
        });
        let found = numbers(scene.origin, &file);
        must_be_contiguous(&found);
        let last = found.last().expect("it has packets");
        assert!(
            *last + 1 >= before,
            "{before} were sent, and {last} is the last"
        );
        let length = fs::metadata(&file).expect("it is there").len();
        let expected = SIZE - PACKET..=SIZE + OVERHEAD;
        assert!(expected.contains(&length), "{length} bytes");
    }
    scene.cause(total..total + 10);
    total += 10;
    // The end writes what is kept.
    let Scene {
        droprec,
        file,
        origin,
        pair: _pair,
        _directory,
    } = scene;
    let ended = droprec.stop().succeeded();
    let files = [
        file.clone(),
        file.with_file_name("drops-2.pcapng"),
        file.with_file_name("drops-3.pcapng"),
    ];
    let found = files.each_ref().map(|file| numbers(origin, file));
    must_be_contiguous(&found[2]);
    assert_eq!(found[2].last(), Some(&(total - 1)), "{}", ended.stderr);
    assert!(found[0].last() < found[1].first() && found[1].last() < found[2].first());
    must_add_up(&ended, &files.each_ref().map(PathBuf::as_path));
    let accounting = ended.accounting();
    let kept: usize = found.iter().map(Vec::len).sum();
    assert_eq!(accounting.written, kept as u64);
    assert_eq!(
        accounting.written + accounting.overwritten,
        u64::from(total),
        "{}",
        ended.stderr
    );
    println!("a flood of {total}: {accounting:?}");
}

#[test]
fn a_signal_writes_nothing_where_nothing_is_kept_and_the_end_closes_the_books() {
    let scene = Scene::new(&["--flight-recorder", "64K"]);
    scene.ask("nothing is kept in memory that could be written");
    scene.cause(0..3);
    scene.ask("3 packets, ");
    scene.ask("nothing is kept in memory that could be written");
    assert!(
        !scene.numbered(2).exists(),
        "there is a file without packets"
    );
    let (file, origin) = (scene.file.clone(), scene.origin);
    let ended = scene.droprec.stop().succeeded();
    assert_eq!(numbers(origin, &file), [0, 1, 2]);
    let accounting = ended.accounting();
    assert_eq!((accounting.written, accounting.overwritten), (3, 0));
    // Others' drops, which are not asked for here, may have come since the file.
    let last = file.with_file_name("drops-2.pcapng");
    let files = if last.exists() {
        must_be_readable(&last);
        vec![file.as_path(), &last]
    } else {
        vec![file.as_path()]
    };
    must_add_up(&ended, &files);
}

#[test]
fn without_a_signal_the_end_writes_what_is_kept_to_the_one_file_with_the_counters_that_rose() {
    let scene = Scene::new(&["--flight-recorder", "64K"]);
    scene.cause(0..20);
    let (file, origin) = (scene.file.clone(), scene.origin);
    let ended = scene.droprec.stop().succeeded();
    assert_eq!(numbers(origin, &file), (0..20).collect::<Vec<_>>());
    must_add_up(&ended, &[&file]);
    let told = Capture::read(&file).told.concat();
    let has_risen = |text: &String| text.contains("rx_dropped");
    assert!(told.iter().any(has_risen), "{told:#?}");
    let others = fs::read_dir(file.parent().expect("it is in a directory"));
    assert_eq!(others.expect("it can be listed").count(), 1);
}

#[test]
fn counters_that_rose_are_not_compared_with_the_part_of_the_drops_that_a_file_has() {
    let scene = Scene::new(&["--flight-recorder", "64K"]);
    scene.cause(0..2000);
    let (file, label) = (scene.file.clone(), scene.pair.label());
    let ended = scene.droprec.stop().succeeded();
    assert!(ended.accounting().overwritten > 0, "{}", ended.stderr);
    let line = format!("rx_dropped of {label} rose by 2000: 2000 ");
    assert!(ended.stderr.contains(&line), "{}", ended.stderr);
    let told = Capture::read(&file).told.concat();
    assert!(
        !told.iter().any(|text| text.contains("rx_dropped")),
        "{told:#?}"
    );
    must_add_up(&ended, &[&file]);
}

#[test]
fn the_drop_that_is_waited_for_ends_it_and_is_the_last_one_in_the_file() {
    let arguments = [
        "--flight-recorder",
        "64K",
        "--until",
        "proto=0x0800 what=UDP*",
    ];
    let scene = Scene::new(&arguments);
    scene.cause(0..1000);
    let to_receiver = scene.origin.to_receiver();
    let udp = to_receiver
        .ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64)
        .udp(9, 9);
    let mut frame = Vec::new();
    udp.write(&mut frame, b"the one").expect("it is in memory");
    scene.pair.frames().send(&frame);
    scene.cause(1000..1100);
    let Scene {
        droprec,
        file,
        origin,
        pair: _pair,
        _directory,
    } = scene;
    let ended = droprec.wait().succeeded();
    let said = ended.stderr.lines().last().unwrap_or_default();
    let said = said.strip_prefix("--until ended it: ");
    let said = said.unwrap_or_else(|| panic!("it does not say what ended it: {}", ended.stderr));
    assert!(said.contains("UDP 192.0.2.1:9 > 192.0.2.2:9"), "{said}");
    let capture = Capture::read(&file);
    let last = capture.packets.last().expect("it has packets");
    assert!(last.data.ends_with(b"the one"), "{last:?}");
    let before: Vec<_> = capture.packets[..capture.packets.len() - 1]
        .iter()
        .collect();
    assert!(before.iter().all(|packet| origin.sent(&packet.data)));
    let number = &before.last().expect("it has more").data[NUMBER..][..4];
    assert_eq!(number, 999_u32.to_be_bytes());
    must_be_readable(&file);
    must_add_up(&ended, &[&file]);
}

#[test]
fn a_full_disk_costs_what_does_not_fit_which_is_counted_and_the_next_file_is_whole_again() {
    let mount = Mount::with_room_for("256k");
    let scene = Scene::writing(
        mount.path().join("drops.pcapng"),
        &["--flight-recorder", "1M"],
    );
    scene.cause(0..5000);
    let line = scene.ask("cannot write ");
    for words in ["drops.pcapng", "No space left", "make room", "-w"] {
        assert!(line.contains(words), "no {words:?} in: {line}");
    }
    let saved = tempfile::tempdir().expect("a directory under /tmp");
    let first = saved.path().join("first.pcapng");
    fs::copy(&scene.file, &first).expect("there is room elsewhere");
    let found = numbers(scene.origin, &first);
    assert!(
        line.contains(&format!(" {} packets are in it", found.len())),
        "{line}"
    );
    must_be_contiguous(&found);
    // Nothing can be written at all.
    let filler = mount.path().join("filler");
    let filled = fs::write(&filler, vec![0; 1 << 20]);
    assert!(
        filled.is_err(),
        "there is room for more than there should be"
    );
    scene.cause(5000..5010);
    scene.ask("drops-2.pcapng");
    assert!(
        !scene.numbered(2).exists(),
        "a file is there that nothing is in"
    );
    for file in [&scene.file, &filler] {
        fs::remove_file(file).expect("it is the test's own");
    }
    scene.cause(5010..5020);
    scene.ask("10 packets, ");
    assert_eq!(
        numbers(scene.origin, &scene.numbered(3)),
        (5010..5020).collect::<Vec<_>>()
    );
    let [third, last] = [3, 4].map(|number| scene.numbered(number));
    let ended = scene.droprec.stop();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let files = [first.as_path(), &third, &last];
    let files = if last.exists() {
        &files[..]
    } else {
        &files[..2]
    };
    must_add_up(&ended, files);
    let unwritten = lost::unwritten(&ended);
    assert!(unwritten > 10, "{}", ended.stderr);
}
