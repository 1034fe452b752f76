//! Sends a batch of frames of one kind to a recorded interface, and compares the file with everyone who knows better.

use std::{ops::Range, time::SystemTime};

use droprec_pcapng::{Direction, Flags};
use droprec_testbed::{
    Capture, FrameSocket, Namespace, Packet, Pair, Recorded, Recording, Site, Trace, fields,
    frame::Origin, tcpdump,
};

use crate::{
    DROPREC,
    compare::{is_at, is_whole, same_frames},
};

/// How far a time in the file may be from the clock on the wall, which may be set or slewed: nanoseconds.
const CLOCK_ERROR: u64 = 100_000_000;

/// Frames of one origin, how they must be recorded, and where.
pub(crate) struct Batch<'a> {
    pub(crate) origin: Origin,
    pub(crate) sent: &'a [Vec<u8>],
    /// The frames as the kernel drops them.
    pub(crate) expected: &'a [Vec<u8>],
    /// Where they are received.
    pub(crate) namespace: &'a Namespace,
    pub(crate) socket: FrameSocket,
}

impl<'a> Batch<'a> {
    /// Frames from the sender of a pair to its receiver that are dropped as they were sent.
    pub(crate) fn over(pair: &'a Pair, origin: Origin, sent: &'a [Vec<u8>]) -> Self {
        Self {
            origin,
            sent,
            expected: sent,
            namespace: &pair.receiver,
            socket: pair.frames(),
        }
    }

    /// Records the batch with a snaplen that cuts nothing, and demands that the file tells the whole truth of it.
    pub(crate) fn must_be_recorded(&self) -> Recorded {
        let label = self.namespace.label("eth0");
        let recording = Recording::start(DROPREC, &["-i", &label, "-s", "2048"]);
        let trace = Trace::of_this_thread();
        let start = now();
        self.socket.send_all(self.sent);
        recording.wait_for(self.sent.len(), |packet| self.origin.sent(&packet.data));
        // Most are dropped on this thread's time; in a flood some are left to ksoftirqd.
        let site = trace.most(self.sent.len() / 2);
        let period = start - CLOCK_ERROR..now() + CLOCK_ERROR;
        let recorded = recording.finish();
        self.check_packets(&recorded, &site, &period);
        check_statistics(&recorded.capture);
        self.check_readers(&recorded);
        let ended = &recorded.ended;
        assert_eq!(ended.accounting().lost, ended.lost_in_the_midst());
        recorded
    }

    /// What of it is in a file.
    pub(crate) fn packets<'c>(&self, capture: &'c Capture) -> Vec<&'c Packet> {
        capture.packets_where(|packet| self.origin.sent(&packet.data))
    }

    fn check_packets(&self, recorded: &Recorded, site: &Site, period: &Range<u64>) {
        let packets = self.packets(&recorded.capture);
        same_frames(&packets, self.expected);
        for packet in packets {
            assert_eq!(packet.interface, self.namespace.label("eth0"), "{packet:?}");
            assert_eq!(packet.get("dev"), "eth0", "{packet:?}");
            assert_eq!(
                packet.get("netns"),
                self.namespace.inode().to_string(),
                "{packet:?}"
            );
            assert_eq!(packet.get("dir"), "in", "{packet:?}");
            assert_eq!(packet.get("l2"), "mac", "{packet:?}");
            let direction = packet.flags.and_then(Flags::direction);
            assert_eq!(direction, Some(Direction::Inbound), "{packet:?}");
            assert!(
                period.contains(&packet.timestamp),
                "not within {period:?}: {packet:?}"
            );
            is_whole(packet);
            is_at(packet, site);
        }
    }

    fn check_readers(&self, recorded: &Recorded) {
        let mac = self
            .origin
            .mac()
            .map(|byte| format!("{byte:02x}"))
            .join(":");
        let expected: Vec<String> = self
            .packets(&recorded.capture)
            .iter()
            .map(|packet| format!("{}\t{}", packet.data.len(), packet.interface))
            .collect();
        let filter = format!("eth.src == {mac}");
        let shown = fields(
            &filter,
            &["frame.len", "frame.interface_name"],
            &recorded.file,
        );
        assert_eq!(shown, expected, "what tshark shows of {filter}");
        let shown = tcpdump(&["-q", "ether", "src", &mac], &recorded.file);
        let frames = shown.lines().filter(|line| line.contains(&mac)).count();
        assert_eq!(
            frames,
            expected.len(),
            "what tcpdump shows of {mac}:\n{shown}"
        );
    }
}

/// Demands that the statistics say of each interface what is in the file.
fn check_statistics(capture: &Capture) {
    let delivered: Vec<Option<u64>> = capture
        .statistics
        .iter()
        .map(|block| block.delivered)
        .collect();
    let expected: Vec<Option<u64>> = capture
        .interfaces
        .iter()
        .map(|interface| capture.packets_where(|packet| packet.interface == interface.name))
        .map(|packets| Some(packets.len() as u64))
        .collect();
    assert_eq!(delivered, expected, "{:#?}", capture.statistics);
}

/// Nanoseconds since 1970 UTC.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.expect("it is after 1970").as_nanos() as u64
}
