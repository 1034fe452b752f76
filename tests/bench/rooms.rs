//! What a drop costs the user half in each of the rooms that it walks through, beside what the pcap-file crate takes to write
//! a packet with the same two comments that are ready.
//!
//!     cargo bench
//!
//! Of many short rounds the quickest counts: what else the machine does makes a round slower, never quicker.

use std::{
    borrow::Cow,
    hint::black_box,
    time::{Duration, Instant},
};

use droprec::{
    condition::Condition,
    decode::Decoder,
    encode::{Format as _, link::Framing, pcapng::Pcapng},
    enrich::{Enricher, devices::Devices, pairs::pairs, sentence},
    kernel::{
        interfaces::Interfaces, namespaces::Namespaces, reasons::Reasons, symbols::Symbols,
        traps::Traps,
    },
    sink::writer::FULL,
    source::{Raw, clock::Clock},
};
use droprec_ebpf::{item::Item, record::Record};
use droprec_testbed::{Pair, frame::Origin, item};
use pcap_file::pcapng::{
    PcapNgWriter,
    blocks::{
        enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption},
        interface_description::InterfaceDescriptionBlock,
        opt_common::CommonOption,
    },
};

/// Drops of a round, and rounds.
const DROPS: u32 = 20_000;
const ROUNDS: usize = 60;
/// What a flood is captured with in the issue of a benchmark, in bytes.
const SNAPLEN: usize = 128;

const SYMBOLS: &str = "ffffffff81000000 T __netif_receive_skb_core.constprop.0\n\
                       ffffffff81002000 T ip_rcv\n";

/// An item of the ring.
fn item(frame: &[u8], number: usize) -> Vec<u8> {
    let captured = &frame[..frame.len().min(SNAPLEN)];
    item::item(
        captured,
        frame.len() as u32,
        1_000_000_000 + 1000 * number as u64,
    )
}

/// Kinds of floods: what each is called, and its frame number so and so.
type Flood = (&'static str, fn(usize) -> Vec<u8>);
const FLOODS: &[Flood] = &[
    ("unknown type, 64 bytes", |_| {
        Origin::new().ethernet(Pair::RECEIVER_MAC, 0x88b5, &[0; 50])
    }),
    ("200 unknown types, 64 bytes", |number| {
        let ether_type = 0x8900 + number as u16 % 200;
        Origin::new().ethernet(Pair::RECEIVER_MAC, ether_type, &[0; 50])
    }),
    ("UDP of one flow, 60 bytes", |number| {
        udp(40_000, number, 18)
    }),
    ("UDP of many flows, 1500 bytes", |number| {
        udp(1024 + number as u16 % 50_000, number, 1458)
    }),
    ("TCP SYN of many flows", |number| {
        let source = [203, 0, (number >> 8) as u8, number as u8];
        let mut frame = Vec::new();
        Origin::new()
            .to_receiver()
            .ipv4(source, [192, 0, 2, 2], 64)
            .tcp(1024 + number as u16 % 50_000, 443, number as u32, 64_240)
            .syn()
            .write(&mut frame, &[])
            .expect("it fits");
        frame
    }),
];

fn udp(port: u16, number: usize, payload: usize) -> Vec<u8> {
    let mut frame = Vec::new();
    Origin::new()
        .to_receiver()
        .ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64)
        .udp(port, 9)
        .write(&mut frame, &vec![number as u8; payload])
        .expect("it fits");
    frame
}

/// The least that a round takes, in nanoseconds a drop.
fn least(mut round: impl FnMut()) -> f64 {
    let times = (0..ROUNDS).map(|_| {
        let began = Instant::now();
        round();
        began.elapsed()
    });
    times.min().unwrap_or(Duration::MAX).as_secs_f64() * 1e9 / f64::from(DROPS)
}

struct Rooms {
    decoder: Decoder,
    enricher: Enricher,
    format: Pcapng,
    out: Vec<u8>,
    /// Bytes that were handed over.
    written: usize,
}

impl Rooms {
    fn new() -> Self {
        let namespaces = Namespaces::start().expect("a process can be started");
        let devices = Devices::new(Interfaces::new(namespaces));
        let mut format = Pcapng::new(Framing::Ethernet);
        let mut out = Vec::new();
        format
            .begin(&mut out, "", devices.all())
            .expect("a section can be begun");
        Self {
            decoder: Decoder::new(SNAPLEN as u32, Clock::new()),
            enricher: Enricher::new(
                Symbols::parse(SYMBOLS, ""),
                Reasons::default(),
                Traps::default(),
                devices,
                None,
                "synth",
                Condition::any(Vec::new()),
            ),
            format,
            out,
            written: 0,
        }
    }

    /// Leads an item through the first rooms: 1 parses it, 2 decodes it too, 3 puts it into words, 4 writes it.
    fn walk(&mut self, item: &[u8], rooms: usize) {
        let item = Item::parse(black_box(item));
        if rooms == 1 {
            black_box(&item);
            return;
        }
        let Some(Item::Drop {
            record,
            owner,
            bytes,
        }) = &item
        else {
            panic!("no drop");
        };
        let raw = Raw {
            record,
            owner: owner.as_ref(),
            bytes,
            rest: None,
        };
        let event = self.decoder.decode(&raw);
        if rooms == 2 {
            black_box(event);
            return;
        }
        let (finding, devices) = self.enricher.enrich(&event);
        if rooms == 3 {
            black_box(&finding);
            return;
        }
        // As a batch is handed over when it is full.
        if self.out.len() >= FULL {
            self.written += self.out.len();
            self.out.clear();
        }
        self.format
            .finding(&mut self.out, &finding, devices)
            .expect("it fits");
    }
}

/// What the other crate takes to write the packets with comments that are ready.
fn other_crate(items: &[Vec<u8>]) -> f64 {
    let mut rooms = Rooms::new();
    let Some(Item::Drop {
        record,
        owner,
        bytes,
    }) = Item::parse(&items[0])
    else {
        panic!("no drop");
    };
    let raw = Raw {
        record: &record,
        owner: owner.as_ref(),
        bytes,
        rest: None,
    };
    let event = rooms.decoder.decode(&raw);
    let (finding, _) = rooms.enricher.enrich(&event);
    let (first, mut second) = (sentence(&finding).concat(), String::new());
    pairs(&mut second, &finding);
    let comment = |text| EnhancedPacketOption::Common(CommonOption::Comment(Cow::Borrowed(text)));
    let mut out = Vec::new();
    least(|| {
        out.clear();
        let mut writer = PcapNgWriter::new(&mut out).expect("a section can be begun");
        let interface = InterfaceDescriptionBlock {
            linktype: pcap_file::DataLink::ETHERNET,
            snaplen: 262_144,
            options: Vec::new(),
        };
        writer.write_pcapng_block(interface).expect("it fits");
        for item in items {
            if writer.get_ref().len() >= FULL {
                writer.get_mut().clear();
            }
            let frame = &item[size_of::<Record>()..];
            let block = EnhancedPacketBlock {
                interface_id: 0,
                timestamp: Duration::from_secs(1_700_000_000),
                original_len: frame.len() as u32,
                data: Cow::Borrowed(frame),
                options: vec![comment(&first), comment(&second)],
            };
            writer.write_pcapng_block(block).expect("it fits");
        }
        black_box(writer.get_ref().len());
    })
}

fn main() {
    println!(
        "{:<32} {:>6} {:>7} {:>7} {:>7} {:>8} {:>15} {:>6} {:>6}",
        "nanoseconds a drop",
        "parse",
        "decode",
        "enrich",
        "encode",
        "together",
        "pcap-file alone",
        "ratio",
        "bytes"
    );
    for (name, frame) in FLOODS {
        let items: Vec<Vec<u8>> = (0..DROPS as usize)
            .map(|number| item(&frame(number), number))
            .collect();
        let mut rooms = Rooms::new();
        let mut sums = [0.0; 5];
        for (room, sum) in sums.iter_mut().enumerate().skip(1) {
            *sum = least(|| {
                (rooms.written, rooms.out) = (0, Vec::with_capacity(2 * FULL));
                for item in &items {
                    rooms.walk(item, room);
                }
            });
        }
        let of = |room: usize| sums[room] - sums[room - 1];
        let other = other_crate(&items);
        println!(
            "{name:<32} {:>6.0} {:>7.0} {:>7.0} {:>7.0} {:>8.0} {other:>15.0} {:>6.2} {:>6}",
            of(1),
            of(2),
            of(3),
            of(4),
            sums[4],
            sums[4] / other,
            (rooms.written + rooms.out.len()) / DROPS as usize,
        );
    }
}
