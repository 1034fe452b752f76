//! Records a group of cases, and compares what is in the file with what is known of them, to the last byte.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use droprec_testbed::{
    Capture, Packet, Recorded, Recording, Shapes, again_if_unseen, patiently, tshark, until,
};

use crate::{
    DROPREC,
    case::{Case, LINK_HEADER, Link, Mark, Shape, Stage},
};

/// The snaplen of most groups: more than most packets have.
pub(crate) const SNAPLEN: usize = 9000;
/// The most that a block may say of a packet's length (`recorder/src/encode`): readers refuse more.
const LONGEST: usize = 262_144;
/// Groups take turns: an emulated machine has no room for several recordings and readers.
static TURN: Mutex<()> = Mutex::new(());
/// How long a drop may take to be in the file.
const SOON: Duration = Duration::from_secs(12);

/// How many bytes of headers a packet may have more at one moment than at another.
const HEADERS: usize = 40;

/// A case that was sent.
struct Sent<'c, S> {
    case: &'c Case<S>,
    mark: Mark,
    /// What must be recorded.
    truth: Vec<Vec<u8>>,
    /// What the kernel's own tracing says against what the case claims to be.
    objection: Option<String>,
}

/// A group of cases, and the recording of them.
struct Cases<'c, S> {
    sent: Vec<Sent<'c, S>>,
    recorded: Recorded,
    /// Where they were dropped.
    netns: String,
}

impl<S> Cases<'_, S> {
    /// Whether every case has its packets, whatever is in them.
    fn is_complete(&self) -> bool {
        are_there(&self.sent, &self.recorded.capture, &self.netns)
    }
}

fn are_there<S>(sent: &[Sent<'_, S>], capture: &Capture, netns: &str) -> bool {
    sent.iter()
        .all(|one| of(one, capture, netns).len() >= one.truth.len())
}

fn record<'c, S: Stage>(snaplen: usize, cases: &[&'c Case<S>]) -> Cases<'c, S> {
    let stage = S::build();
    let netns = stage.drops_in().inode().to_string();
    let recording = Recording::start(DROPREC, &["-s", &snaplen.to_string()]);
    let shapes = Shapes::of_this_thread();
    let sent: Vec<_> = cases
        .iter()
        .map(|case| send(*case, &stage, &shapes))
        .collect();
    let give_up = Instant::now() + patiently(SOON);
    until(|| {
        let capture = Capture::read_so_far(&recording.file);
        (are_there(&sent, &capture, &netns) || Instant::now() > give_up).then_some(())
    });
    Cases {
        sent,
        recorded: recording.finish(),
        netns,
    }
}

/// Demands of each case that it is recorded as it was, and that tshark knows it; `snaplen` cuts what is longer.
pub(crate) fn hold<S: Stage>(snaplen: usize, cases: &[Case<S>]) {
    let (possible, lacking): (Vec<_>, Vec<_>) = cases.iter().partition(|case| (case.is_possible)());
    for case in lacking {
        say(&format!("{case}: this kernel lacks it"));
    }
    if possible.is_empty() {
        return;
    }
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let Cases {
        sent,
        recorded,
        netns,
    } = again_if_unseen(|| record(snaplen, &possible), Cases::is_complete);
    let protocols = protocols(&recorded);
    let mut wrong = String::new();
    for one in &sent {
        let objection = judge(one, &recorded, &netns, &protocols, snaplen);
        say(&format!(
            "{}: {}",
            one.case,
            if objection.is_none() {
                "true"
            } else {
                "NOT TRUE"
            }
        ));
        if let Some(objection) = objection {
            let _ = writeln!(wrong, "\n{}\n  {objection}", one.case);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What tshark knows each packet as, by itself: packets of different hosts may have the same addresses here.
fn protocols(recorded: &Recorded) -> Vec<String> {
    const ALONE: [&str; 6] = [
        "-o",
        "tcp.analyze_sequence_numbers:FALSE",
        "-o",
        "tcp.desegment_tcp_streams:FALSE",
        "-o",
        "ip.defragment:FALSE",
    ];
    const FIELDS: [&str; 4] = ["-T", "fields", "-e", "frame.protocols"];
    let lines = tshark(&[&ALONE[..], &FIELDS].concat(), &recorded.file);
    lines.lines().map(str::to_owned).collect()
}

/// Every case is told of, also where all is well.
fn say(line: &str) {
    // Not through `println!`, which the test harness keeps to itself.
    let _ = writeln!(io::stdout().lock(), "case {line}");
}

fn send<'c, S>(case: &'c Case<S>, stage: &S, shapes: &Shapes) -> Sent<'c, S> {
    let mark = Mark::new();
    let _ = shapes.take();
    let truth = (case.send)(stage, &mark);
    let mut seen = shapes.take();
    seen.retain(|shape| {
        let is_near = |frame: &Vec<u8>| frame.len().abs_diff(shape.len as usize) <= HEADERS;
        truth.iter().any(is_near)
    });
    // What is dropped before it is given to a driver, and what is put together, the events do not show.
    let has =
        |holds: &dyn Fn(&droprec_testbed::Shape) -> bool| seen.is_empty() || seen.iter().any(holds);
    let is_as_claimed = (case.shape != Shape::Frags || has(&|shape| shape.data_len > 0))
        && case
            .gso
            .is_none_or(|gso| has(&|shape| shape.gso_size == u32::from(gso.size)))
        && (!case.is_stripped || has(&|shape| shape.is_tagged));
    Sent {
        case,
        mark,
        objection: (!is_as_claimed)
            .then(|| format!("the kernel made something else of it: {seen:?}")),
        truth,
    }
}

/// The packets of a case in a file: those with its mark, but for what was said about it in other namespaces.
fn of<'c, S>(sent: &Sent<'_, S>, capture: &'c Capture, netns: &str) -> Vec<(usize, &'c Packet)> {
    let is_ours = |packet: &Packet| {
        ["", netns].contains(&packet.get("netns"))
            && sent.mark.is_in(&packet.data)
            && !is_about_another(&packet.data)
            && !is_sent_again(sent.case, packet)
    };
    let packets = capture.packets.iter().enumerate();
    packets.filter(|(_, packet)| is_ours(packet)).collect()
}

/// Whether a packet is one segment of what was sent as several at once: TCP sends such again, and what becomes of that is
/// not of the case.
fn is_sent_again<S>(case: &Case<S>, packet: &Packet) -> bool {
    case.gso
        .is_some_and(|gso| packet.original_len as usize <= gso.headers + usize::from(gso.size))
}

/// Whether a frame is an error message of ICMP or of `ICMPv6`, which quotes the packet that it is about.
pub(crate) fn is_about_another(frame: &[u8]) -> bool {
    const ICMP: u8 = 1;
    const ICMPV6: u8 = 58;
    let packet = frame.get(LINK_HEADER..).unwrap_or_default();
    let byte = |at: usize| packet.get(at).copied().unwrap_or_default();
    match byte(0) >> 4 {
        4 => byte(9) == ICMP && [3, 11].contains(&byte(20)),
        6 => byte(6) == ICMPV6 && byte(40) < 128,
        _ => false,
    }
}

/// What is wrong with a case.
fn judge<S>(
    sent: &Sent<'_, S>,
    recorded: &Recorded,
    netns: &str,
    protocols: &[String],
    snaplen: usize,
) -> Option<String> {
    let Sent { case, truth, .. } = sent;
    if let Some(objection) = &sent.objection {
        return Some(objection.clone());
    }
    let packets = of(sent, &recorded.capture, netns);
    if truth.is_empty() || packets.len() != truth.len() {
        let mut objection = format!("{} packets in place of {}", packets.len(), truth.len());
        // Also those that are said to be of another namespace.
        let packets = recorded
            .capture
            .packets_where(|packet| sent.mark.is_in(&packet.data));
        for packet in packets {
            let _ = write!(objection, "\n  {packet:?}");
        }
        for frame in truth {
            let _ = write!(objection, "\n  expected {}", hexadecimal(frame));
        }
        return Some(objection);
    }
    let mut rest: Vec<Vec<u8>> = truth.iter().map(|frame| with_link(case, frame)).collect();
    for (number, packet) in packets {
        // Those that are alike may come in any order.
        let kept = |frame: &Vec<u8>| packet.data == frame[..frame.len().min(snaplen)];
        let frame = rest.remove(rest.iter().position(kept).unwrap_or_default());
        let objection = differing(&frame[..frame.len().min(snaplen)], &packet.data)
            .or_else(|| told(case, &frame, packet))
            .or_else(|| {
                let shown = &protocols[number];
                (shown != case.shown).then(|| format!("tshark knows it as {shown}"))
            });
        if let Some(objection) = objection {
            return Some(format!(
                "{objection}\n  {:?}\n  {:?}",
                packet.sentence, packet.pairs
            ));
        }
    }
    None
}

/// The frame as it must be recorded.
fn with_link<S>(case: &Case<S>, frame: &[u8]) -> Vec<u8> {
    match case.link {
        Link::Mac => frame.to_vec(),
        Link::Synth(ether_type) => {
            [&[0; LINK_HEADER - 2][..], &ether_type.to_be_bytes(), frame].concat()
        }
    }
}

/// Where two frames differ.
fn differing(expected: &[u8], had: &[u8]) -> Option<String> {
    if expected == had {
        return None;
    }
    let same = expected.iter().zip(had).take_while(|(a, b)| a == b);
    Some(format!(
        "differs at byte {}\n  expected {:5} {}\n  recorded {:5} {}",
        same.count(),
        expected.len(),
        hexadecimal(expected),
        had.len(),
        hexadecimal(had)
    ))
}

/// What is told of a packet and is not so.
fn told<S>(case: &Case<S>, frame: &[u8], packet: &Packet) -> Option<String> {
    let made_up = match case.link {
        Link::Mac => 0,
        Link::Synth(_) => LINK_HEADER,
    };
    let (len, kept) = (frame.len() - made_up, packet.data.len() - made_up);
    let caplen = if kept < len {
        kept.to_string()
    } else {
        String::new()
    };
    let link = match case.link {
        Link::Mac => "mac",
        Link::Synth(_) => "synth",
    };
    let pairs = [
        ("len", len.to_string()),
        ("caplen", caplen),
        ("l2", link.to_owned()),
    ];
    for (key, truth) in pairs {
        let said = packet.get(key);
        if said != truth {
            return Some(format!("{key}={said} in place of {truth}"));
        }
    }
    let dev = packet.get("dev");
    if !case.dev.contains(&dev) {
        return Some(format!("dev={dev} is not of {:?}", case.dev));
    }
    let gso = packet.get("gso");
    let is_true = match case.gso {
        None => gso.is_empty(),
        Some(one) => {
            let segments = (frame.len() - one.headers).div_ceil(usize::from(one.size));
            // Not every packet's segments have been counted by the kernel when it is dropped.
            gso == format!("{segments}x{}", one.size) || gso == one.size.to_string()
        }
    };
    if !is_true {
        return Some(format!("gso={gso} is not so: {:?}", case.gso));
    }
    if packet.original_len as usize != frame.len().min(LONGEST) {
        return Some(format!(
            "the block says {} bytes in place of {}",
            packet.original_len,
            frame.len()
        ));
    }
    let function = packet.get("loc").split('+').next().unwrap_or_default();
    let is_there = case.at.iter().any(|prefix| function.starts_with(prefix));
    (!is_there).then(|| format!("dropped in {function}, not in {:?}", case.at))
}

/// The bytes, and of many the first and the last.
fn hexadecimal(bytes: &[u8]) -> String {
    const MOST: usize = 400;
    let text = |bytes: &[u8]| {
        bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    };
    if bytes.len() <= MOST {
        return text(bytes);
    }
    let (first, last) = (&bytes[..MOST - 32], &bytes[bytes.len() - 32..]);
    format!("{} … {}", text(first), text(last))
}
