//! Recordings that are made for a report: of many drops, and of names that are meant to break it.

use droprec_pcapng::write;

const START: u64 = 1_795_176_001_000_000_000;

/// A recording that is being made.
pub(crate) struct Recording(Vec<u8>);

impl Recording {
    /// Of one interface; all that there is to say of it is `name`.
    pub(crate) fn new(name: &str) -> Self {
        let mut out = Vec::new();
        let section = write::Section {
            hardware: Some(name),
            os: Some(name),
            application: Some(name),
            comment: Some(name),
        };
        write::section_header(&mut out, &section).expect("it fits");
        let interface = write::Interface {
            name: Some(name),
            description: Some(name),
            comment: Some(name),
            ..write::Interface::default()
        };
        write::interface(&mut out, &interface).expect("it fits");
        Self(out)
    }

    /// With a packet, so many milliseconds after the start.
    pub(crate) fn packet(mut self, millis: u64, frame: &[u8], comments: &[&str]) -> Self {
        let comments: Vec<[&str; 1]> = comments.iter().map(|comment| [*comment]).collect();
        let comments: Vec<&[&str]> = comments.iter().map(|comment| &comment[..]).collect();
        let packet = write::Packet {
            interface: 0,
            timestamp: START + millis * 1_000_000,
            original_len: frame.len() as u32,
            frame: &[frame],
            flags: None,
            dropcount: None,
            packetid: None,
            queue: None,
            comments: &comments,
        };
        write::packet(&mut self.0, &packet).expect("it fits");
        self
    }

    /// With the statistics of its interface.
    pub(crate) fn statistics(mut self, comments: &[&str]) -> Self {
        let statistics = write::Statistics {
            timestamp: START,
            comments,
            ..write::Statistics::default()
        };
        write::statistics(&mut self.0, &statistics).expect("it fits");
        self
    }

    /// Its bytes.
    pub(crate) fn bytes(self) -> Vec<u8> {
        self.0
    }
}

/// An Ethernet frame from 02:00:00:00:00:07 with this type, and what follows.
pub(crate) fn frame(ether_type: u16, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x01, 0x80, 0xc2, 0, 0, 0x0e, 2, 0, 0, 0, 0, 7];
    frame.extend(ether_type.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A UDP datagram from a port of 192.0.2.1 to a port of 192.0.2.2.
pub(crate) fn datagram(source: u16, destination: u16) -> Vec<u8> {
    let mut packet = vec![
        0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2,
    ];
    packet.extend(source.to_be_bytes());
    packet.extend(destination.to_be_bytes());
    packet.extend([0, 8, 0, 0]);
    frame(0x0800, &packet)
}

/// A busy minute: three reasons, a burst of one of them, losses, and counters that rose.
pub(crate) fn busy() -> Vec<u8> {
    let of = |reason: &str, loc: &str, proto: &str| {
        format!(
            "droprec v=1 reason={reason} loc={loc} dev=eth0 ifindex=2 netns=7 dir=in proto={proto} l2=mac len=60"
        )
    };
    let closed = of("NO_SOCKET", "__udp4_lib_rcv+0x235", "0x0800");
    let firewall = of("NETFILTER_DROP", "nft_do_chain+0x5ad", "0x0800");
    let unhandled = of(
        "UNHANDLED_PROTO",
        "__netif_receive_skb_core+0x144",
        "0x88cc",
    );
    let mut recording = Recording::new("eth0");
    for millis in (0..60_000).step_by(500) {
        let port = (40_000 + millis % 7000 / 500) as u16;
        recording = recording.packet(millis, &datagram(port, 9), &["a sentence", &closed]);
        if (20_000..25_000).contains(&millis) {
            for _ in 0..30 {
                recording = recording.packet(millis, &datagram(5, 161), &["a sentence", &firewall]);
            }
        }
        if millis % 10_000 == 0 {
            let lldp = frame(0x88cc, &[0]);
            recording = recording.packet(millis, &lldp, &["a sentence", &unhandled]);
        }
    }
    let rise = |name: &str, by: u32| {
        format!(
            "droprec v=1 counter={name} source=link rise={by} from=100 to={} netns=7 ifindex=2 dev=eth0 driver=igb ring=256 ring_most=4096",
            100 + by
        )
    };
    recording
        .statistics(&[
            "droprec v=1 seen=440 written=426 filtered=4 suppressed=3 ring_full=7 nested=0 unwritten=0 partial=0",
            "droprec v=1 lost=7 reason=NETFILTER_DROP loc=nft_do_chain+0x5ad dev=eth0 netns=7 ifindex=2",
            &rise("rx_dropped", 6),
            &rise("rx_missed_errors", 41),
        ])
        .bytes()
}
