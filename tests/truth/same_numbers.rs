//! Interfaces of the same name and the same number in different namespaces, which are never taken for one another: not in
//! the file, and not in the table at the end.

use droprec_testbed::{
    FrameSocket, Namespace, Packet, Pair, Recorded, Recording, feature, frame::Origin, until,
};

use crate::DROPREC;

const COUNT: u32 = 50;

/// A ring that holds what else is dropped on this machine, while everything is recorded.
const LARGE_RING: [&str; 2] = ["-B", "65536"];

/// What is known of the frames of one origin.
struct Known {
    origin: Origin,
    label: String,
    netns: String,
    name: String,
}

impl Known {
    fn of(namespace: &Namespace, origin: Origin) -> Self {
        Self {
            origin,
            label: namespace.label("eth0"),
            netns: namespace.inode().to_string(),
            name: namespace.name().to_owned(),
        }
    }

    /// Demands that all are recorded as theirs, and as nobody else's.
    fn must_be_told(&self, recorded: &Recorded) {
        let capture = &recorded.capture;
        let is_ours = |packet: &&Packet| self.origin.sent(&packet.data);
        let ours: Vec<&Packet> = capture.packets.iter().filter(is_ours).collect();
        assert_eq!(ours.len(), COUNT as usize, "of {}", self.label);
        for packet in ours {
            assert_eq!(packet.interface, self.label, "{packet:?}");
            assert_eq!(packet.get("dev"), "eth0", "{packet:?}");
            assert_eq!(packet.get("netns"), self.netns, "{packet:?}");
            assert_eq!(packet.get("netns_name"), self.name, "{packet:?}");
        }
        let blocks = capture.interfaces.iter();
        let blocks = blocks.filter(|interface| interface.name == self.label);
        assert_eq!(blocks.count(), 1, "interface blocks of {}", self.label);
        assert_eq!(
            self.in_table(recorded),
            u64::from(COUNT),
            "{}",
            recorded.ended.stderr
        );
    }

    /// How many drops the table tells of at the interface, whatever the reason: `drops … interface …` in each row.
    fn in_table(&self, recorded: &Recorded) -> u64 {
        let rows = recorded.ended.rows(&self.label);
        let drops = rows.filter_map(|row| row.split_whitespace().next()?.parse::<u64>().ok());
        drops.sum()
    }
}

#[test]
fn interfaces_of_the_same_name_and_number_in_three_namespaces_are_told_apart() {
    let pairs = [
        Pair::called("one"),
        Pair::called("two"),
        Pair::called("three"),
    ];
    let numbers = pairs.each_ref().map(|pair| pair.receiver.index("eth0"));
    assert_eq!(numbers, [numbers[0]; 3], "their numbers are not the same");
    let known = pairs
        .each_ref()
        .map(|pair| Known::of(&pair.receiver, Origin::new()));
    let sockets = pairs.each_ref().map(Pair::frames);
    let frames = known.each_ref().map(|one| one.origin.unhandled(COUNT));
    let recording = Recording::start(DROPREC, &LARGE_RING);
    for number in 0..COUNT as usize {
        for (socket, frames) in sockets.iter().zip(&frames) {
            socket.send(&frames[number]);
        }
    }
    recording.wait_for(3 * COUNT as usize, |packet| {
        known.iter().any(|one| one.origin.sent(&packet.data))
    });
    let recorded = recording.finish();
    for one in known {
        one.must_be_told(&recorded);
    }
}

#[test]
fn a_namespace_that_inherits_the_number_of_one_that_is_gone_is_told_from_it_and_from_its_neighbours()
 {
    // Without them, nothing in a packet tells the heir from who was there before.
    if !feature::namespace_cookies() {
        return;
    }
    let inherited = until(|| inherited().then_some(()));
    assert!(inherited.is_some(), "the number is always somebody else's");
}

/// False: nothing was tried, as another program has made a namespace at the same moment.
fn inherited() -> bool {
    let Pair { sender, receiver } = Pair::called("gone");
    let neighbour = Pair::called("neighbour");
    let [gone, beside] =
        [&receiver, &neighbour.receiver].map(|namespace| Known::of(namespace, Origin::new()));
    let [earlier, later] = [0..COUNT as usize / 2, COUNT as usize / 2..COUNT as usize];
    let frames = beside.origin.unhandled(COUNT);
    let index = receiver.index("eth0");
    assert_eq!(index, neighbour.receiver.index("eth0"));
    let recording = Recording::start(DROPREC, &LARGE_RING);
    FrameSocket::open(&sender, "eth0").send_all(&gone.origin.unhandled(COUNT));
    neighbour.frames().send_all(&frames[earlier]);
    recording.wait_for(COUNT as usize, |packet| gone.origin.sent(&packet.data));
    let inode = receiver.inode();
    drop(receiver);

    let Some(heir) = Namespace::heir_of(inode, &sender) else {
        return false;
    };
    assert_eq!(
        heir.index("eth0"),
        index,
        "the heir's interface has another number"
    );
    let inherits = Known::of(&heir, Origin::new());
    FrameSocket::open(&sender, "eth1").send_all(&inherits.origin.unhandled(COUNT));
    neighbour.frames().send_all(&frames[later]);
    let known = [gone, beside, inherits];
    recording.wait_for(3 * COUNT as usize, |packet| {
        known.iter().any(|one| one.origin.sent(&packet.data))
    });
    let recorded = recording.finish();
    for one in known {
        one.must_be_told(&recorded);
    }
    true
}
