//! Filters by reasons, places, interfaces and namespaces, alone and together, against drops of four kinds at two interfaces.

use droprec_testbed::{Droprec, Packet, Pair, Recorded, Recording, feature, frame::Origin, share};

use super::{SIDE_BY_SIDE, bounded};
use crate::{
    DROPREC,
    kinds::{self, CLOSED_PORT},
};

/// How many of each kind each interface drops.
const SOME: usize = 10;
/// The firewall drops what is to this port.
const FIREWALLED: u16 = 10;

/// What a frame is dropped for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// Nothing handles its `EtherType`: `UNHANDLED_PROTO`.
    Unhandled,
    /// A UDP port is closed: `NO_SOCKET`.
    Datagram,
    /// A TCP port is: `NO_SOCKET`.
    Syn,
    /// A rule of nftables: `NETFILTER_DROP`.
    Firewalled,
}

use Kind::{Datagram, Firewalled, Syn, Unhandled};

const KINDS: [Kind; 4] = [Unhandled, Datagram, Syn, Firewalled];

/// Arguments, and whether they want a kind at one of the interfaces.
type Case<'a> = (String, Box<dyn Fn(Kind, usize) -> bool + 'a>);

/// The interfaces, and from where the frames of each come.
struct Stage {
    pairs: [Pair; 2],
    origins: [Origin; 2],
}

impl Stage {
    fn new() -> Self {
        let pairs = [Pair::new(), Pair::new()];
        for pair in &pairs {
            let rule = format!("udp dport {FIREWALLED} drop");
            pair.receiver.nft("input", &rule);
        }
        Self {
            pairs,
            origins: [Origin::new(), Origin::new()],
        }
    }

    /// Has all of them dropped.
    fn drop_all(&self) {
        for (pair, origin) in self.pairs.iter().zip(self.origins) {
            let firewalled = kinds::udp_to(origin, Pair::RECEIVER.octets(), FIREWALLED, 64);
            let frames = pair.frames();
            for kind in [kinds::udp(origin), kinds::syn(origin), firewalled] {
                frames.send_all(&kind[..SOME]);
            }
            frames.send_all(&origin.unhandled(SOME as u32));
        }
    }

    /// Where the frame of a packet comes from, and what it was dropped for; `None`: it is not ours.
    fn find(&self, packet: &Packet) -> Option<(usize, Kind)> {
        let pair = self.origins.iter().position(|o| o.sent(&packet.data))?;
        let destination = packet.data.get(36..38);
        let is_to = |port: u16| destination == Some(&port.to_be_bytes()[..]);
        let protocol = packet.data.get(23);
        let kind = match (packet.data.get(12..14)?, protocol) {
            ([8, 0], Some(6)) => Syn,
            ([8, 0], Some(17)) if is_to(FIREWALLED) => Firewalled,
            ([8, 0], Some(17)) if is_to(CLOSED_PORT) => Datagram,
            _ => Unhandled,
        };
        Some((pair, kind))
    }

    /// How many of each kind are in a file, of the first pair and of the second.
    fn count(&self, recorded: &Recorded) -> [[usize; KINDS.len()]; 2] {
        let mut counts = [[0; KINDS.len()]; 2];
        let ours = recorded.capture.packets.iter();
        for (pair, kind) in ours.filter_map(|packet| self.find(packet)) {
            counts[pair][kind as usize] += 1;
        }
        counts
    }

    /// The place where a kind is dropped, as droprec tells it.
    fn location(&self, recorded: &Recorded, kind: Kind) -> String {
        let is_it = |packet: &Packet| self.find(packet) == Some((0, kind));
        let packets = recorded.capture.packets_where(is_it);
        packets[0].get("loc").to_owned()
    }
}

/// Cases of what each kernel has.
fn cases<'a>(stage: &'a Stage, all: &Recorded) -> Vec<Case<'a>> {
    let [first, second] = &stage.pairs;
    let (label, other) = (first.label(), second.label());
    let (netns, inode) = (second.receiver.name(), first.receiver.inode());
    let at = |kind| stage.location(all, kind);
    let place = at(Datagram);
    let of_module = at(Firewalled).ends_with("[nf_tables]");
    // Where the compiler has put both into one function, that is meant.
    let function = |kind| at(kind).split('+').next().unwrap_or_default().to_owned();
    let syn = function(Syn);
    let is_unhandled = function(Unhandled).starts_with("__netif_receive_skb");
    assert!(is_unhandled && place.contains("udp"), "{place}");
    let no_socket = |kind| kind == Datagram || kind == Syn;
    let case = |arguments: String, wants: Box<dyn Fn(Kind, usize) -> bool + 'a>| (arguments, wants);
    macro_rules! cases {
        ($($arguments:literal: |$kind:pat_param, $pair:pat_param| $wants:expr,)*) => {
            vec![$(case(format!($arguments), Box::new(move |$kind, $pair| $wants)),)*]
        };
    }
    cases![
        "--reason NO_SOCKET": |kind, _| no_socket(kind),
        "--reason no_*": |kind, _| no_socket(kind),
        "--reason SKB_DROP_REASON_NO_SOCKET,NETFILTER_DROP": |kind, _| kind != Unhandled,
        "--not-reason NO_SOCKET": |kind, _| !no_socket(kind),
        "--not-reason N*": |kind, _| kind == Unhandled,
        "--location {place}": |kind, _| kind == Datagram,
        "--location *udp*": |kind, _| kind == Datagram,
        "--location {syn}": |kind, _| kind == Syn,
        "--not-location {syn}": |kind, _| kind != Syn,
        "--location __netif_receive_skb_core,*udp*": |kind, _| kind == Unhandled || kind == Datagram,
        "--location [nf_tables]": |kind, _| of_module && kind == Firewalled,
        "--not-location [nf_*]": |kind, _| !of_module || kind != Firewalled,
        "-i {label}": |_, pair| pair == 0,
        "--not-interface {label}": |_, pair| pair == 1,
        "--netns {netns}": |_, pair| pair == 1,
        "--not-netns {netns}": |_, pair| pair == 0,
        "--netns {inode}": |_, pair| pair == 0,
        "--reason NO_SOCKET --location *udp* -i {label}": |kind, pair| kind == Datagram && pair == 0,
        "--netns {netns} --not-location *udp*": |kind, pair| kind != Datagram && pair == 1,
        "--reason NO_SOCKET --not-interface {other} tcp --port 9": |kind, pair| kind == Syn && pair == 0,
        "--location {syn} --dport 9 --netns {netns}": |kind, pair| kind == Syn && pair == 1,
        "--not-reason NO_SOCKET --ethertype ipv4": |kind, _| kind == Firewalled,
        "udp --dport 9 match=*udp* -i {other}": |kind, pair| kind == Datagram && pair == 1,
        "tcp --port 9 filter=*udp*,{syn}": |_, _| false,
        "--not-location *udp* --not-location {syn} --not-netns {netns}":
            |kind, pair| !no_socket(kind) && pair == 0,
        "--reason NO_SOCKET,UNHANDLED_PROTO --not-location {syn} --proto udp":
            |kind, _| kind == Datagram,
    ]
}

#[test]
fn filters_of_reasons_places_interfaces_and_namespaces_want_what_they_name_and_count_the_rest() {
    let stage = Stage::new();
    let record = |arguments: &[&str]| Recording::start(DROPREC, arguments);
    let is_all = |recording: &Recording| {
        let wanted = 2 * SOME * KINDS.len();
        recording.wait_for(wanted, |packet| stage.find(packet).is_some());
    };
    let all = record(&[]);
    stage.drop_all();
    is_all(&all);
    let all = all.finish();
    let has_reasons = feature::reasons();
    let cases = cases(&stage, &all)
        .into_iter()
        .filter(|(arguments, _)| has_reasons || !arguments.contains("reason"));
    let cases: Vec<Case<'_>> = share(cases.collect());
    for some in cases.chunks(SIDE_BY_SIDE) {
        let all = record(&[]);
        let recordings: Vec<(&Case<'_>, Recording)> = some
            .iter()
            .map(|case| (case, record(&case.0.split(' ').collect::<Vec<_>>())))
            .collect();
        stage.drop_all();
        // A droprec that has these has counted them all.
        is_all(&all);
        let recordings: Vec<(&Case<'_>, Recorded)> = recordings
            .into_iter()
            .map(|(case, recording)| (case, recording.finish()))
            .collect();
        let all = all.finish();
        assert_eq!(stage.count(&all), [[SOME; KINDS.len()]; 2]);
        for ((arguments, wants), recorded) in recordings {
            let wanted = [0, 1].map(|pair| KINDS.map(|kind| SOME * usize::from(wants(kind, pair))));
            assert_eq!(stage.count(&recorded), wanted, "{arguments}");
            let left_out = 2 * SOME * KINDS.len() - wanted.iter().flatten().sum::<usize>();
            bounded(&recorded, &all, 2 * SOME * KINDS.len(), left_out, arguments);
        }
    }
}

#[test]
fn a_place_that_no_function_has_is_named_once_as_a_module_may_bring_it() {
    let arguments = ["--location", "no_such_function", "--duration", "1s"];
    let ended = Droprec::run(DROPREC, &arguments).succeeded();
    let named = ended.stderr.matches("--location no_such_function").count();
    assert_eq!(named, 1, "{}", ended.stderr);
}

#[test]
fn what_the_kernel_does_not_have_is_told_with_the_option_that_named_it() {
    for (arguments, said) in [
        (
            &["--not-location", "no_such_function"][..],
            "--not-location no_such_function: no function",
        ),
        (
            &["tcp", "filter=no_such_function"],
            "filter=no_such_function: no function",
        ),
        (
            &["match=no_such_function"],
            "match=no_such_function: no function",
        ),
        (
            &["--location", "ip_rcv+99999"],
            "--location ip_rcv+99999: the function ends before that",
        ),
    ] {
        let ended = Droprec::run(DROPREC, &[arguments, &["--duration", "1s"]].concat());
        let ended = ended.succeeded();
        assert!(ended.stderr.contains(said), "{said}: {}", ended.stderr);
    }
    let ended = Droprec::run(DROPREC, &["--not-reason", "NO_SUCH_REASON"]);
    assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
    let said = "--not-reason NO_SUCH_REASON: this kernel ";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
}
