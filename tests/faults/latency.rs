//! How long a drop takes to come out, with `-U` and without.

use std::{
    io::pipe,
    time::{Duration, Instant},
};

use droprec_testbed::{Capture, Droprec, Output, until};

use crate::stage::Stage;

const DROPS: usize = 11;
/// The longest that half of them may take, beyond what they take at once. Output waits a tenth of a second.
const ENOUGH: Duration = Duration::from_millis(150);

/// A recording into a pipe, and what has come through it.
fn record(stage: &Stage, arguments: &[&str]) -> (Droprec, Output) {
    let (reader, writer) = pipe().expect("a pipe");
    let droprec = stage.record_into(writer, &[&["-w", "-"], arguments].concat());
    (droprec, Output::read(reader))
}

/// When there are so many packets in it.
fn arrival(output: &Output, packets: usize) -> Instant {
    let come = until(|| {
        let capture = Capture::of(&output.so_far());
        (capture.packets.len() >= packets).then(Instant::now)
    });
    come.unwrap_or_else(|| panic!("drop {packets} does not come"))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[test]
fn a_drop_comes_through_a_pipe_within_a_fraction_of_a_second_and_with_packet_buffered_at_once() {
    let stage = Stage::new();
    let (unbuffered, at_once) = record(&stage, &["-U"]);
    let (buffered, soon) = record(&stage, &[]);
    let (mut times_at_once, mut times_soon) = (Vec::new(), Vec::new());
    for number in 1..=DROPS {
        let dropped = Instant::now();
        stage.cause_uncounted(1);
        times_at_once.push(arrival(&at_once, number) - dropped);
        times_soon.push(arrival(&soon, number) - dropped);
    }
    println!("with -U {times_at_once:?}, without {times_soon:?}");
    let (at_once, soon) = (median(times_at_once), median(times_soon));
    assert!(
        soon <= at_once + ENOUGH,
        "half of the drops took longer than {soon:?}, and {at_once:?} with -U"
    );
    assert!(
        at_once * 2 < soon,
        "half of the drops took longer than {at_once:?} with -U, and {soon:?} without"
    );
    for droprec in [unbuffered, buffered] {
        let ended = droprec.stop().succeeded();
        ended.accounting().must_balance();
        assert_eq!(ended.accounting().written, DROPS as u64);
    }
}
