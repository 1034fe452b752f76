//! The time of day is set while droprec records.

use std::{
    io::pipe,
    ops::RangeInclusive,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use droprec_testbed::{
    Capture, Droprec, Output, Packet, Pair, Recording, frame::Origin, may_be_shaken,
    on_this_processor, pause, processor_seconds,
};
use rustix::time::{ClockId, Timespec, clock_gettime, clock_settime};

use crate::{DROPREC, machine};

const HOUR: i64 = 3600;
const TEN_YEARS: i64 = 10 * 365 * 24 * HOUR;
/// Where the clock is set to, in seconds from where it should be.
const STEPS: [i64; 6] = [0, -HOUR, HOUR, -TEN_YEARS, TEN_YEARS, 0];
/// Droprec looks at the clock ten times a second.
const LOOK: Duration = Duration::from_millis(120);

/// Nanoseconds.
fn now(clock: ClockId) -> i64 {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(clock);
    tv_sec * 1_000_000_000 + tv_nsec
}

/// The machine's clock, set right again when this is dropped.
struct TimeOfDay {
    /// What it should be, from `CLOCK_BOOTTIME` on.
    right: i64,
}

impl TimeOfDay {
    fn take() -> Self {
        Self {
            right: now(ClockId::Realtime) - now(ClockId::Boottime),
        }
    }

    /// Sets it, to so many seconds from where it should be.
    fn set(&self, seconds: i64) {
        let time = now(ClockId::Boottime) + self.right + seconds * 1_000_000_000;
        let (tv_sec, tv_nsec) = (time / 1_000_000_000, time % 1_000_000_000);
        clock_settime(ClockId::Realtime, Timespec { tv_sec, tv_nsec }).expect("root may set it");
    }
}

impl Drop for TimeOfDay {
    fn drop(&mut self) {
        self.set(0);
    }
}

/// Does something, and says when that was.
fn timed(work: impl FnOnce()) -> RangeInclusive<i64> {
    let before = now(ClockId::Realtime);
    work();
    before..=now(ClockId::Realtime)
}

/// Demands that a packet is of that time, as far as measuring two clocks one after the other goes on a busy machine.
fn is_of(packet: &Packet, time: &RangeInclusive<i64>) {
    const ASIDE: i64 = 100_000_000;
    let had = packet.timestamp.cast_signed();
    let (start, end) = (time.start() - ASIDE, time.end() + ASIDE);
    assert!(
        (start..=end).contains(&had),
        "{had} is not in {time:?}: {packet:?}"
    );
}

/// The packets of an origin in the order of the file, which must be that of their numbers: `count` of them, none twice.
fn in_order(capture: &Capture, origin: Origin, count: usize) -> Vec<&Packet> {
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    let frames = origin.unhandled(count as u32);
    let others = frames
        .iter()
        .zip(&packets)
        .find(|(frame, packet)| **frame != packet.data);
    assert!(others.is_none(), "{others:#?}");
    assert_eq!(packets.len(), count);
    let ids = packets
        .windows(2)
        .find(|two| two[0].packetid >= two[1].packetid);
    assert!(ids.is_none(), "{ids:?}");
    packets
}

#[test]
fn each_drop_is_recorded_once_and_at_the_time_that_it_was_however_the_clock_is_set() {
    if !may_be_shaken() {
        return;
    }
    let _machine = machine();
    let (pair, origin, clock) = (Pair::new(), Origin::new(), TimeOfDay::take());
    let frames = origin.unhandled(5 * STEPS.len() as u32);
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    let socket = pair.frames();
    let mut times = Vec::new();
    for (step, frames) in STEPS.into_iter().zip(frames.chunks(5)) {
        clock.set(step);
        pause(LOOK);
        on_this_processor(|| {
            times.extend(frames.iter().map(|frame| timed(|| socket.send(frame))));
        });
        pause(LOOK);
    }
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let recorded = recording.finish();
    assert_eq!(recorded.ended.accounting().written, frames.len() as u64);
    let packets = in_order(&recorded.capture, origin, frames.len());
    for (packet, time) in packets.into_iter().zip(&times) {
        is_of(packet, time);
    }
}

#[test]
fn drops_that_wait_for_a_reader_of_the_pipe_keep_the_time_that_it_was_when_the_clock_is_set_meanwhile()
 {
    /// More than the pipe and the buffers hold: the last ones wait in the ring.
    const WAITING: usize = 25_000;
    if !may_be_shaken() {
        return;
    }
    let _machine = machine();
    let (pair, origin, clock) = (Pair::new(), Origin::new(), TimeOfDay::take());
    let frames = origin.unhandled(WAITING as u32 + 10);
    let (reader, writer) = pipe().expect("a pipe");
    let mut command = Command::new(DROPREC);
    command.args(["-w", "-", "-s", "64", "-B", "16384", "-i", &pair.label()]);
    let mut droprec = Droprec::spawn(command, writer.into());
    droprec.wait_until_ready();

    let socket = pair.frames();
    let before = timed(|| socket.send_all(&frames[..WAITING]));
    pause(LOOK);
    clock.set(HOUR);
    pause(LOOK);
    clock.set(-HOUR);
    pause(LOOK);
    let after = timed(|| socket.send_all(&frames[WAITING..]));
    let output = Output::read(reader);
    let ended = droprec.stop().succeeded();
    let accounting = ended.accounting();
    accounting.must_balance();
    assert_eq!(accounting.written, frames.len() as u64, "{}", ended.stderr);
    let capture = Capture::of(&output.to_end());
    let packets = in_order(&capture, origin, frames.len());
    let (waiting, later) = packets.split_at(WAITING);
    for packet in waiting {
        is_of(packet, &before);
    }
    for packet in later {
        is_of(packet, &after);
    }
}

#[test]
fn files_and_tables_go_on_as_evenly_as_ever_however_the_clock_is_set() {
    /// How long the clock stays where it is set to.
    const STAY: Duration = Duration::from_secs(2);
    if !may_be_shaken() {
        return;
    }
    let _machine = machine();
    let (pair, origin, clock) = (Pair::new(), Origin::new(), TimeOfDay::take());
    let frames = origin.unhandled(10 * STEPS.len() as u32);
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let name = directory.path().join("drops-%Y-%H%M%S.pcapng");
    let mut command = Command::new(DROPREC);
    command.arg("-w").arg(name).args(["-i", &pair.label()]);
    command.args(["-G", "1", "--interval", "500ms", "--json"]);
    let mut droprec = Droprec::spawn(command, Stdio::piped());
    droprec.wait_until_ready();

    let (began, socket) = (Instant::now(), pair.frames());
    let mut spent = vec![processor_seconds(droprec.pid())];
    for (step, frames) in STEPS.into_iter().zip(frames.chunks(10)) {
        clock.set(step);
        for frame in frames {
            socket.send(frame);
            thread::sleep(STAY / 10);
        }
        spent.push(processor_seconds(droprec.pid()));
    }
    let seconds = began.elapsed().as_secs() as usize;
    let ended = droprec.stop().succeeded();

    let tables = ended.text().lines().count();
    let directory = directory.path().read_dir().expect("it is there");
    let files: Vec<PathBuf> = directory
        .map(|file| file.expect("it can be listed").path())
        .collect();
    println!(
        "{seconds} s: {} files, {tables} tables, {spent:?} of a processor",
        files.len()
    );
    for (name, had, due) in [
        ("files", files.len(), seconds),
        ("tables", tables, 2 * seconds),
    ] {
        assert!(
            (due / 2..=due + 3).contains(&had),
            "{had} {name} in {seconds} s"
        );
    }
    // The first time nothing changes.
    let each: Vec<f64> = spent.windows(2).map(|two| two[1] - two[0]).collect();
    let most = 2.0 * each[0] + 0.5;
    assert!(
        each.iter().all(|spent| *spent < most),
        "{each:?} of a processor"
    );
    let mut captures: Vec<Capture> = files.iter().map(|file| Capture::read(file)).collect();
    captures.sort_by_key(|capture| {
        capture
            .packets
            .first()
            .map_or(u64::MAX, |first| first.packetid.expect("each has one"))
    });
    let whole = Capture {
        packets: captures
            .into_iter()
            .flat_map(|capture| capture.packets)
            .collect(),
        ..Capture::default()
    };
    let _ = in_order(&whole, origin, frames.len());
    assert_eq!(whole.packets.len(), frames.len(), "{}", ended.stderr);
}
