//! A TCP client that is no program's: its segments are as a test wants them.

use std::net::Ipv4Addr;

use droprec_testbed::{FrameSocket, Pair, Sniffer, frame::Origin, until};
use etherparse::{IpNumber, Ipv4Header, SlicedPacket, TcpHeader, TcpOptionElement, TransportSlice};

/// An address that no interface has.
const ADDRESS: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 77);
/// Before its first byte.
const INITIAL: u32 = 1_000_000;

/// The port that it connects to.
pub(super) const LISTENING: u16 = 7000;

/// One end of a connection to the receiver of a [`Pair`]. Each frame differs from all others by its time stamp.
pub(super) struct Client {
    socket: FrameSocket,
    sniffer: Sniffer,
    origin: Origin,
    port: u16,
    clock: u32,
    /// The next byte that the server is to send.
    next: u32,
}

impl Client {
    /// Connects.
    pub(super) fn connect(pair: &Pair, origin: Origin, port: u16) -> Self {
        let mac = origin.mac().map(|byte| format!("{byte:02x}")).join(":");
        let neighbour = format!("neighbour replace {ADDRESS} lladdr {mac} nud permanent dev eth0");
        pair.receiver.ip(&neighbour);
        let mut client = Self {
            socket: pair.frames(),
            sniffer: Sniffer::open(&pair.sender, "eth0"),
            origin,
            port,
            clock: 1000,
            next: 0,
        };
        let mut syn = client.header(INITIAL);
        (syn.syn, syn.ack) = (true, false);
        client.send(syn, &[]);
        client.next = client.wait_for(|answer| answer.syn).sequence_number + 1;
        let ack = client.at(0);
        client.send(ack, &[]);
        client
    }

    /// A segment that begins so many bytes behind the beginning, and acknowledges all.
    pub(super) fn at(&mut self, offset: u32) -> TcpHeader {
        self.header(INITIAL + 1 + offset)
    }

    fn header(&mut self, sequence_number: u32) -> TcpHeader {
        let mut header = TcpHeader::new(self.port, LISTENING, sequence_number, 64_000);
        (header.ack, header.acknowledgment_number) = (true, self.next);
        self.clock += 1;
        Self::stamped(header, self.clock)
    }

    /// The same with another time stamp.
    pub(super) fn stamped(mut header: TcpHeader, clock: u32) -> TcpHeader {
        let stamp = TcpOptionElement::Timestamp(clock, 0);
        let options = [TcpOptionElement::Noop, TcpOptionElement::Noop, stamp];
        let set = header.set_options(&options);
        set.expect("twelve bytes of options are not too many");
        header
    }

    /// The frame of a segment.
    fn frame(&self, mut header: TcpHeader, payload: &[u8]) -> Vec<u8> {
        let receiver = Pair::RECEIVER.octets();
        let len = header.header_len_u16() + payload.len() as u16;
        let mut ip = Ipv4Header::new(len, 64, IpNumber::TCP, ADDRESS.octets(), receiver)
            .expect("a segment is short");
        ip.header_checksum = ip.calc_header_checksum();
        header.checksum = header
            .calc_checksum_ipv4(&ip, payload)
            .expect("a segment is short");
        let packet = [&ip.to_bytes()[..], &header.to_bytes(), payload].concat();
        self.origin.ethernet(Pair::RECEIVER_MAC, 0x0800, &packet)
    }

    /// Sends a segment, and says how it was sent.
    pub(super) fn send(&self, header: TcpHeader, payload: &[u8]) -> Vec<u8> {
        let frame = self.frame(header, payload);
        self.socket.send(&frame);
        frame
    }

    /// The same with a byte that the checksum does not know of.
    pub(super) fn send_damaged(&self, header: TcpHeader, payload: &[u8]) -> Vec<u8> {
        let mut frame = self.frame(header, payload);
        if let Some(byte) = frame.last_mut() {
            *byte ^= 1;
        }
        self.socket.send(&frame);
        frame
    }

    /// Sends data, and says how.
    pub(super) fn data(&mut self, offset: u32, payload: &[u8]) -> Vec<u8> {
        let header = self.at(offset);
        self.send(header, payload)
    }

    /// The same, and waits until the server has all up to their end.
    pub(super) fn deliver(&mut self, offset: u32, payload: &[u8]) -> Vec<u8> {
        let frame = self.data(offset, payload);
        let end = INITIAL + 1 + offset + payload.len() as u32;
        self.wait_for(|answer| answer.acknowledgment_number == end);
        frame
    }

    /// Ends what it sends, and says how.
    pub(super) fn fin(&mut self, offset: u32) -> Vec<u8> {
        let mut header = self.at(offset);
        header.fin = true;
        self.send(header, &[])
    }

    /// Waits for the end of what the server sends, which further segments acknowledge.
    pub(super) fn wait_for_fin(&mut self) {
        self.next = self.wait_for(|answer| answer.fin).sequence_number + 1;
    }

    /// Waits for such a segment of the server's.
    fn wait_for(&self, wanted: impl Fn(&TcpHeader) -> bool) -> TcpHeader {
        let found = until(|| {
            let frames = self.sniffer.frames_with(&self.origin.mac());
            frames.iter().find_map(|frame| {
                let Some(TransportSlice::Tcp(tcp)) =
                    SlicedPacket::from_ethernet(frame).ok()?.transport
                else {
                    return None;
                };
                let header = tcp.to_header();
                (header.destination_port == self.port && wanted(&header)).then_some(header)
            })
        });
        found.expect("the server answers")
    }
}
