//! Any octets, as an item of the ring, are decoded to a frame that is made of them, and are told in a file that can be read,
//! in lines that are presentable and say what the record says.
//!
//! An input begins with an octet that says how it is read, and two little-endian numbers of two octets: the snaplen, and the
//! length of the item. What comes behind the item is the rest of the frame that a perf buffer has.

use droprec::{
    condition::Condition,
    decode::{Decoder, Event},
    encode::{Format as _, Statistics, link::Framing, pcapng::Pcapng},
    enrich::{
        Finding, Kind,
        devices::Device,
        hardware::Hardware,
        roles::Role,
        words::{Cause, Words},
    },
    kernel::traps::Traps,
    logfmt,
    source::{Raw, clock::Clock},
    text::{is_dangerous, printable},
};
use droprec_ebpf::{
    header::{ADDRESSES, ETHERNET_HEADER, tags, tags_len},
    item::Item,
    record::{JUDGED, UNJUDGED},
};
use droprec_pcapng::{
    MAX_CAPLEN,
    read::{Block, Packet, Reader},
};

/// A bit of the first octet: there is a rest.
const HAS_REST: u8 = 1;
/// And one: names are known.
const HAS_NAMES: u8 = 2;

/// What any frame is, the target `identify` looks at.
const WHAT: &str = "STP BPDU";
const REASON: &str = "NO_SOCKET";
const LOCATION: &str = "udp_queue_rcv_one_skb+0x3f2";

pub(crate) fn check(input: &[u8]) {
    let Some((&[how, a, b, c, d], octets)) = input.split_first_chunk() else {
        return;
    };
    let snaplen = u16::from_le_bytes([a, b]);
    let len = usize::from(u16::from_le_bytes([c, d])).min(octets.len());
    let (item, rest) = octets.split_at(len);
    let Some(Item::Drop {
        record,
        owner,
        bytes,
    }) = Item::parse(item)
    else {
        return;
    };
    assert_eq!(bytes.len(), record.captured as usize);
    assert!(item.as_ptr_range().contains(&bytes.as_ptr()) || bytes.is_empty());
    let raw = Raw {
        record: &record,
        owner: owner.as_ref(),
        bytes,
        rest: (how & HAS_REST != 0).then_some(rest),
    };
    let mut decoder = Decoder::new(snaplen.into(), Clock::with_offset(1 << 60));
    let snaplen = decoder.snaplen();
    let event = decoder.decode(&raw);
    is_made_of_it(&event, &raw, snaplen);
    // What is yet to be judged has been judged by then.
    let event = event.cut(snaplen);
    assert!((ETHERNET_HEADER..=snaplen).contains(&event.frame.len()));
    let framing = [Framing::Ethernet, Framing::Native, Framing::Sll2][usize::from(how >> 2) % 3];
    tell(&event, how & HAS_NAMES != 0, framing);
}

/// The frame is no longer than it may be, and holds the captured bytes in their order.
fn is_made_of_it(event: &Event<'_>, raw: &Raw<'_>, snaplen: usize) {
    let Raw { record, bytes, .. } = *raw;
    let most = match record.flags & UNJUDGED {
        0 => snaplen,
        _ => snaplen.max(JUDGED as usize),
    };
    let frame = event.frame;
    assert!((ETHERNET_HEADER..=most).contains(&frame.len()));
    assert!(event.captured() as usize <= frame.len());
    assert!(event.is_partial <= (frame.len() < most));
    let tags = &tags(record)[..tags_len(record)];
    let behind = |at: usize| frame.get(at..).unwrap_or_default();
    assert!(tags.starts_with(behind(ADDRESSES).get(..tags.len()).unwrap_or_default()));
    if raw.rest.is_some() {
        return;
    }
    if event.has_link_header {
        assert_eq!(frame[..ADDRESSES], bytes[..ADDRESSES]);
        assert!(bytes[ADDRESSES..].starts_with(behind(ADDRESSES + tags.len())));
    } else {
        assert_eq!(frame[..ADDRESSES], [0; ADDRESSES]);
        assert!(bytes.starts_with(behind(ETHERNET_HEADER + tags.len())));
    }
}

/// Goes the way of a drop into a file, and reads that.
fn tell(event: &Event<'_>, has_names: bool, framing: Framing) {
    let record = &event.record;
    let end = record.name.iter().position(|byte| *byte == 0);
    let name = &record.name[..end.unwrap_or(record.name.len())];
    let name = printable(&String::from_utf8_lossy(name));
    let devices = [
        Device::default(),
        Device {
            label: format!("{name}@{}", record.netns),
            name,
            ifindex: record.ifindex,
            ..Device::default()
        },
    ];
    let words = Words {
        cause: Cause {
            reason: has_names.then(|| REASON.to_owned()),
            location: has_names.then(|| LOCATION.to_owned()),
            hardware: Hardware::of(record.location, record.reason, &Traps::default()),
        },
        deferred: None,
        device: Some(&devices[1]),
        incoming: has_names.then(|| devices[1].name.clone()),
        netns_name: None,
        l2: framing.without_link_header(),
    };
    let mut kind = Kind::default();
    kind.device = 1;
    kind.sentence = words.sentence(record);
    kind.logfmt = words.logfmt(record);
    let until = Condition::any(Vec::new());
    let finding = Finding {
        event,
        what: WHAT,
        kind: &kind,
        role: has_names.then_some(Role::Receiver),
        until: &until,
        stack: None,
    };

    let (mut format, mut out) = (Pcapng::new(framing), Vec::new());
    let statistics = [Statistics::default(), Statistics::default()];
    let written = format
        .begin(&mut out, "", &devices)
        .and_then(|()| format.finding(&mut out, &finding, &devices))
        .and_then(|()| format.end(&mut out, &devices, &statistics, (0, 1)));
    written.expect("nothing is too long");
    assert_eq!(format.whole()(&out), out.len());
    assert_eq!(format.findings(&out), 1);

    let mut reader = Reader::strict(&out[..]);
    let mut packets = 0;
    while let Some(block) = reader.next_block().expect("it is droprec's own") {
        if let Block::Packet(packet) = block {
            is_told(&packet, &finding, framing, &devices[1]);
            packets += 1;
        }
    }
    assert_eq!(packets, 1);
}

fn is_told(packet: &Packet<'_>, finding: &Finding<'_>, framing: Framing, device: &Device) {
    let event = finding.event;
    let framed = framing.frame(event);
    assert_eq!(packet.data, framed.pieces().concat());
    assert_eq!(packet.timestamp, Some(event.time));
    let caplen = packet.data.len() as u32;
    assert_eq!(packet.original_len, framed.len.clamp(caplen, MAX_CAPLEN));

    let comments: Vec<_> = packet.comments.iter().collect();
    let [sentence, line] = &comments[..] else {
        panic!("{comments:?}");
    };
    for comment in &comments {
        assert!(!comment.contains(is_dangerous), "{comment:?}");
    }
    assert!(sentence.starts_with(finding.what), "{sentence:?}");
    let pairs = logfmt::pairs(line).expect("it is droprec's own");
    let mut rest = pairs.clone();
    rest.by_ref().for_each(drop);
    assert_eq!(rest.text(), "", "all of it is read");
    let (record, owner) = (&event.record, event.owner.as_ref());
    assert_eq!(pairs.get("dev").as_deref(), Some(device.name.as_str()));
    assert_eq!(pairs.get("what").as_deref(), Some(finding.what));
    assert_eq!(pairs.number("len"), Some(event.len));
    assert_eq!(pairs.number("cpu"), Some(record.cpu));
    assert_eq!(pairs.number("uid"), owner.map(|owner| owner.uid));
    let pid = owner.map(|owner| owner.pid).filter(|pid| *pid != 0);
    assert_eq!(pairs.number("pid"), pid);
    assert_eq!(pairs.get("comm").is_some(), pid.is_some());
}
