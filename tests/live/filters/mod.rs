//! Filters, against drops that they want and drops that are nearly those: over VLAN tags, IPv6 extension headers and tunnels.

mod cases;
mod followed;
mod places;

use droprec_testbed::{
    Ingress, Packet, Pair, Recorded, Recording, feature,
    frame::Origin,
    share,
    variety::{Sample, number, variety},
};

use self::cases::{CASES, Case};
use crate::DROPREC;

/// So many droprecs at once.
const SIDE_BY_SIDE: usize = 6;

/// Starts a droprec that records what these filters want at the receiver.
fn start(pair: &Pair, snaplen: &str, filters: &[&str]) -> Recording {
    let network = format!("{}/64", Pair::SENDER6);
    let arguments = filters.iter().map(|word| match *word {
        "SENDER" => Pair::SENDER.to_string(),
        "RECEIVER" => Pair::RECEIVER.to_string(),
        "NETWORK6" => network.clone(),
        word => word.to_owned(),
    });
    let label = pair.label();
    let own = ["-i", &label, "-s", snaplen].map(str::to_owned);
    let arguments: Vec<String> = own.into_iter().chain(arguments).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    Recording::start(DROPREC, &arguments)
}

/// Numbers of the frames in a file, or of what is left of them where the stack has dropped it, in order.
fn numbers(recorded: &Recorded, origin: Origin) -> Vec<usize> {
    let is_ours = |packet: &Packet| origin.sent(&packet.data);
    let packets = recorded.capture.packets_where(is_ours);
    let mut numbers: Vec<usize> = packets
        .iter()
        .filter_map(|packet| number(&packet.data))
        .collect();
    numbers.sort_unstable();
    numbers
}

/// Demands that as many were filtered as were left out of ours, and no more than that and the machine's other drops: a droprec
/// without filters, which was there before and after, has seen those beside so many of ours.
fn bounded(recorded: &Recorded, all: &Recorded, ours: usize, left_out: usize, filters: &str) {
    let others = all.ended.accounting().seen - ours as u64;
    let books = recorded.ended.accounting();
    let left_out = left_out as u64;
    assert!(
        (left_out..=left_out + others).contains(&books.filtered),
        "{filters}: {books:?}, {left_out} and {others}"
    );
}

/// Has the frames dropped as often as it takes for each case to have been asked of all of them. A case must have what it wants
/// of those that a droprec without filters has recorded beside it, and have counted the others.
fn try_all(pair: &Pair, cases: &[&Case], is_sent: fn(&Sample) -> bool) {
    let origin = Origin::new();
    let samples = variety(origin);
    let sent = samples.iter().filter(|sample| is_sent(sample));
    let socket = pair.frames();
    for some in cases.chunks(SIDE_BY_SIDE) {
        let all = start(pair, "0", &[]);
        let recordings: Vec<(&Case, Recording)> = some
            .iter()
            .map(|case| (*case, start(pair, "0", case.0)))
            .collect();
        for sample in sent.clone() {
            socket.send(&sample.frame);
        }
        // A filter wants this one too, or has filtered it when all of the others were dropped.
        let last = origin.unhandled(1);
        socket.send_all(&last);
        all.wait_for(1, |packet| packet.data == last[0]);
        let recordings: Vec<(&Case, Recorded)> = recordings
            .into_iter()
            .map(|(case, recording)| (case, recording.finish()))
            .collect();
        let all = all.finish();
        let dropped = numbers(&all, origin);
        assert!(dropped.len() > sent.clone().count() / 2, "{dropped:?}");
        for ((filters, wants), recorded) in recordings {
            let found = numbers(&recorded, origin);
            let wanted = dropped.iter().copied();
            let wanted: Vec<usize> = wanted
                .filter(|number| wants(&samples[*number].facts))
                .collect();
            let names = |of: &[usize], other: &[usize]| -> Vec<&str> {
                let differing = of.iter().filter(|number| !other.contains(number));
                differing
                    .map(|number| samples[*number].name.as_str())
                    .take(8)
                    .collect()
            };
            assert_eq!(
                (names(&found, &wanted), names(&wanted, &found)),
                (vec![], vec![]),
                "{filters:?}: too many, and missing"
            );
            assert_eq!(found, wanted, "{filters:?}: not as often");
            let left_out = dropped.len() - wanted.len();
            bounded(&recorded, &all, dropped.len(), left_out, &filters.join(" "));
        }
    }
}

/// Those that can be asked for here: before 5.17 there are no reasons. Where it would take too long, some of them.
fn cases() -> Vec<&'static Case> {
    let has_reasons = feature::reasons();
    let of_reasons = |(filters, _): &Case| filters.iter().any(|word| word.contains("reason"));
    let cases = CASES.iter().filter(|case| has_reasons || !of_reasons(case));
    share(cases.collect())
}

#[test]
fn a_filter_wants_the_drops_that_it_names_behind_tags_and_extension_headers_and_in_tunnels_and_no_others()
 {
    let pair = Pair::new();
    Ingress::Chain.drop_all(&pair.receiver, "eth0");
    try_all(&pair, &cases(), |_| true);
}

#[test]
fn a_filter_of_headers_wants_the_same_of_what_each_part_of_the_stack_drops() {
    let pair = Pair::with_ipv6();
    let of_headers = |case: &&Case| {
        let of_places = |word: &&str| word.contains("reason") || word.contains("location");
        !case.0.iter().any(of_places)
    };
    let cases = cases().into_iter().filter(of_headers);
    // Each third one is of another kind than the one before.
    let cases: Vec<&Case> = cases.step_by(3).collect();
    // A fragment that waits for others is dropped when half a minute is over.
    try_all(&pair, &cases, |sample| !sample.name.contains("fragment"));
}

#[test]
fn filters_look_at_whole_headers_whatever_the_snaplen_leaves_of_them() {
    const SNAPLEN: usize = 14;
    let (pair, origin) = (Pair::new(), Origin::new());
    Ingress::Chain.drop_all(&pair.receiver, "eth0");
    let samples = variety(origin);
    let asks_headers = |(filters, _): &&Case| {
        let of_headers = |word: &&str| word.contains("port") || word.contains("addr");
        filters.iter().any(of_headers)
    };
    // The last ones name more networks than the kernel half looks through.
    let cases: Vec<&Case> = CASES.iter().rev().filter(asks_headers).collect();
    let cases = &cases[..SIDE_BY_SIDE / 2];
    let recordings: Vec<Recording> = cases
        .iter()
        .map(|case| start(&pair, &SNAPLEN.to_string(), case.0))
        .collect();
    for sample in &samples {
        pair.frames().send(&sample.frame);
    }
    for ((filters, wants), recording) in cases.iter().zip(recordings) {
        let wanted = samples.iter().filter(|sample| wants(&sample.facts)).count();
        let is_ours = |packet: &Packet| origin.sent(&packet.data);
        recording.wait_for(wanted, is_ours);
        let recorded = recording.finish();
        let found = recorded.capture.packets_where(is_ours);
        assert_eq!(found.len(), wanted, "{filters:?}");
        let longest = found.iter().map(|packet| packet.data.len()).max();
        assert_eq!(longest, Some(SNAPLEN), "{filters:?}");
    }
}
