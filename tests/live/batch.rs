//! Sends a batch of frames of one kind to a recorded interface, and compares the file with everyone who knows better.

use std::fmt::Write as _;

use droprec_testbed::{
    Capture, FrameSocket, Namespace, Packet, Pair, Recorded, Recording, Site, Trace, fields,
    frame::Origin, tcpdump,
};

use crate::DROPREC;

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
        self.socket.send_all(self.sent);
        recording.wait_for(self.sent.len(), |packet| self.origin.sent(&packet.data));
        // Most are dropped on this thread's time; in a flood some are left to ksoftirqd.
        let site = trace.most(self.sent.len() / 2);
        let recorded = recording.finish();
        self.check_packets(&recorded, &site);
        self.check_readers(&recorded);
        assert_eq!(recorded.ended.accounting().lost, 0);
        recorded
    }

    /// What of it is in a file.
    pub(crate) fn packets<'c>(&self, capture: &'c Capture) -> Vec<&'c Packet> {
        capture.packets_where(|packet| self.origin.sent(&packet.data))
    }

    fn check_packets(&self, recorded: &Recorded, site: &Site) {
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

/// Demands that the packets are these frames, each once, in any order.
pub(crate) fn same_frames(packets: &[&Packet], expected: &[Vec<u8>]) {
    let mut had: Vec<&[u8]> = packets.iter().map(|packet| &packet.data[..]).collect();
    let mut expected: Vec<&[u8]> = expected.iter().map(Vec::as_slice).collect();
    had.sort_unstable();
    expected.sort_unstable();
    let differing = had
        .iter()
        .zip(&expected)
        .find(|(had, expected)| had != expected);
    assert!(
        had.len() == expected.len() && differing.is_none(),
        "{} packets are recorded of {}; the first that differs: {}",
        had.len(),
        expected.len(),
        differing.map_or_else(
            || "none".to_owned(),
            |(had, expected)| format!(
                "{}\nin place of {}",
                hexadecimal(had),
                hexadecimal(expected)
            )
        )
    );
}

/// Demands that a packet is dropped where and why the kernel's own tracing says.
pub(crate) fn is_at(packet: &Packet, site: &Site) {
    assert_eq!(packet.get("reason"), site.reason, "{packet:?}");
    assert_eq!(packet.get("loc"), site.location, "{packet:?}");
    let end = format!("{} at {}", site.reason, site.location);
    assert!(
        packet.sentence.contains(&end),
        "{end:?} is not in {packet:?}"
    );
}

/// Demands that nothing is missing from a packet.
pub(crate) fn is_whole(packet: &Packet) {
    assert_eq!(
        packet.original_len as usize,
        packet.data.len(),
        "{packet:?}"
    );
    assert_eq!(
        packet.get("len"),
        packet.data.len().to_string(),
        "{packet:?}"
    );
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
