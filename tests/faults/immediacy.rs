//! `-U`: a drop is shown when it happens.

use std::{
    io::{BufRead as _, BufReader, PipeReader, pipe},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use droprec_testbed::PATIENCE;

use crate::stage::Stage;

const DROPS: u32 = 10;

/// When each line came.
fn arrivals(reader: PipeReader) -> Receiver<Instant> {
    let (tell, told) = channel();
    thread::spawn(move || {
        for _ in BufReader::new(reader).lines() {
            if tell.send(Instant::now()).is_err() {
                return;
            }
        }
    });
    told
}

#[test]
fn packet_buffered_output_comes_much_sooner_than_it_does_otherwise() {
    let stage = Stage::new();
    let (at_once, output) = pipe().expect("a pipe");
    let unbuffered = stage.record_into(output, &["-U"]);
    let (later, output) = pipe().expect("a pipe");
    let buffered = stage.record_into(output, &[]);
    let (at_once, later) = (arrivals(at_once), arrivals(later));

    let (mut sum_at_once, mut sum_later) = (Duration::ZERO, Duration::ZERO);
    for number in 1..=DROPS {
        let dropped = Instant::now();
        stage.cause(1);
        let wait = |arrivals: &Receiver<Instant>, of: &str| {
            let arrived = arrivals.recv_timeout(PATIENCE);
            arrived.unwrap_or_else(|error| panic!("no line for drop {number} {of}: {error}"))
                - dropped
        };
        sum_at_once += wait(&at_once, "with -U");
        // The next drop follows the line of this one, so it comes at the beginning of another interval.
        sum_later += wait(&later, "without -U");
    }
    println!("{DROPS} drops: {sum_at_once:?} with -U, {sum_later:?} without");
    assert!(
        sum_at_once * 2 < sum_later,
        "{DROPS} drops came {sum_at_once:?} after they happened with -U, {sum_later:?} without"
    );
    unbuffered.stop().succeeded().accounting().must_balance();
    buffered.stop().succeeded().accounting().must_balance();
}
