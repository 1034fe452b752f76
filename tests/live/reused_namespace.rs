//! The numbers of namespaces, which the kernel gives to new ones as soon as they are free.

use droprec_testbed::{FrameSocket, Namespace, Pair, Recording, feature, frame::Origin, until};

use crate::DROPREC;

const COUNT: u32 = 10;

#[test]
fn a_namespace_that_inherits_the_number_of_one_that_is_gone_is_called_by_its_own_name() {
    if !feature::namespace_cookies() {
        return;
    }
    let inherited = until(|| inherited().then_some(()));
    assert!(inherited.is_some(), "the number is always somebody else's");
}

/// False: nothing was tried, as another program has made a namespace at the same moment.
fn inherited() -> bool {
    let (first, second) = (Origin::new(), Origin::new());
    let Pair { sender, receiver } = Pair::new();
    let (label, inode) = (receiver.label("eth0"), receiver.inode());
    let recording = Recording::start::<&str>(DROPREC, &[]);
    FrameSocket::open(&sender, "eth0").send_all(&first.unhandled(COUNT));
    recording.wait_for(COUNT as usize, |packet| first.sent(&packet.data));
    drop(receiver);

    let Some(heir) = Namespace::heir_of(inode, &sender) else {
        return false;
    };
    FrameSocket::open(&sender, "eth1").send_all(&second.unhandled(COUNT));
    recording.wait_for(COUNT as usize, |packet| second.sent(&packet.data));
    let capture = recording.finish().capture;

    for (origin, expected) in [(first, label), (second, heir.label("eth0"))] {
        let packets = capture.packets_where(|packet| origin.sent(&packet.data));
        let names: Vec<&str> = packets.iter().map(|packet| &packet.interface[..]).collect();
        assert_eq!(names, vec![&expected[..]; COUNT as usize]);
    }
    true
}
