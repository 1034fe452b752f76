//! Interfaces and namespaces that are made anew under the names that filters have.

use std::{fs, os::unix::fs::MetadataExt as _, process::Command, time::Duration};

use droprec_testbed::{
    FrameSocket, Namespace, Packet, Pair, Recorded, Recording, feature, frame::Origin, pause, until,
};

use crate::DROPREC;

const COUNT: u32 = 10;

/// How many of an origin's frames are in a file.
fn count(recorded: &Recorded, origin: Origin) -> usize {
    let is_ours = |packet: &Packet| origin.sent(&packet.data);
    recorded.capture.packets_where(is_ours).len()
}

/// Waits until a droprec has said this of the name of one of its filters.
fn wait_for(recording: &Recording, filter: &str, said: &str) {
    let line = format!("{filter}: {said}");
    let is_said = || recording.droprec.stderr().contains(&line);
    let waited = until(|| is_said().then_some(()));
    let stderr = recording.droprec.stderr();
    assert!(waited.is_some(), "{line:?} is not said in {stderr:?}");
}

/// Sends frames that the receiver has no handler for.
fn send(pair: &Pair, origin: Origin) {
    pair.frames().send_all(&origin.unhandled(COUNT));
}

/// Waits until a droprec without filters has recorded them.
fn wait_for_all(all: &Recording, origin: Origin) {
    all.wait_for(COUNT as usize, |packet| origin.sent(&packet.data));
}

const GONE: &str = "no interface is called so any more";
const THERE: &str = "one interface is called so again";

#[test]
fn an_interface_that_is_made_anew_is_the_one_that_its_name_means() {
    let pair = Pair::new();
    let (label, netns) = (pair.label(), pair.receiver.name());
    let (first, second, other) = (Origin::new(), Origin::new(), Origin::new());
    let all = Recording::start(DROPREC, &["--netns", netns]);
    let wanted = Recording::at(DROPREC, &[&label]);
    let within = Recording::start(DROPREC, &["-i", "eth0", "--netns", netns]);
    let others = Recording::start(DROPREC, &["--netns", netns, "--not-interface", &label]);
    send(&pair, first);
    wait_for_all(&all, first);

    pair.cut();
    let named = [
        (&wanted, format!("-i {label}")),
        (&within, "-i eth0".to_owned()),
        (&others, format!("--not-interface {label}")),
    ];
    for (recording, filter) in &named {
        wait_for(recording, filter, GONE);
    }
    pair.receiver.ip("link add other0 type veth peer other1");
    pair.receiver.ip("link set other0 up");
    pair.receiver.ip("link set other1 up");
    pair.receiver.wait_for_carrier("other0");
    pair.join();
    for (recording, filter) in &named {
        wait_for(recording, filter, THERE);
    }
    send(&pair, second);
    FrameSocket::open(&pair.receiver, "other0").send_all(&other.unhandled(COUNT));
    wait_for_all(&all, second);
    wait_for_all(&all, other);

    let all = COUNT as usize;
    for recording in [wanted, within] {
        let recorded = recording.finish();
        let of = |origin| count(&recorded, origin);
        assert_eq!((of(first), of(second), of(other)), (all, all, 0));
        let filtered = recorded.ended.accounting().filtered;
        assert!(filtered >= COUNT.into(), "{filtered}");
    }
    let recorded = others.finish();
    let of = |origin| count(&recorded, origin);
    assert_eq!((of(first), of(second), of(other)), (0, 0, all));
}

#[test]
fn an_interface_that_is_renamed_is_recorded_still_and_another_of_its_name_too() {
    let pair = Pair::new();
    let label = pair.label();
    let (renamed, another) = (Origin::new(), Origin::new());
    let recording = Recording::at(DROPREC, &[&label]);
    pair.rename("wan7");
    send(&pair, renamed);
    recording.wait_for(COUNT as usize, |packet| renamed.sent(&packet.data));
    pair.receiver.ip("link add eth0 type veth peer eth1");
    pair.receiver.ip("link set eth0 up");
    pair.receiver.ip("link set eth1 up");
    pair.receiver.wait_for_carrier("eth1");
    let filter = format!("-i {label}");
    wait_for(&recording, &filter, "one interface more has that name now");
    FrameSocket::open(&pair.receiver, "eth1").send_all(&another.unhandled(COUNT));
    recording.wait_for(COUNT as usize, |packet| another.sent(&packet.data));
    let recorded = recording.finish();
    let of = |origin| count(&recorded, origin);
    assert_eq!((of(renamed), of(another)), (COUNT as usize, COUNT as usize));
    let said = recorded.ended.stderr;
    assert!(!said.contains(GONE), "{said}");
}

#[test]
fn a_namespace_that_is_made_anew_is_the_one_that_its_name_means() {
    let pair = Pair::new();
    let (label, netns) = (pair.label(), pair.receiver.name());
    let (first, second) = (Origin::new(), Origin::new());
    let all = Recording::start::<&str>(DROPREC, &[]);
    let wanted = Recording::start(DROPREC, &["--netns", netns]);
    let others = Recording::start(DROPREC, &["--not-netns", netns]);
    let at_interface = Recording::at(DROPREC, &[&label]);
    send(&pair, first);
    wait_for_all(&all, first);

    let named = [
        (&wanted, format!("--netns {netns}"), "network namespace"),
        (&others, format!("--not-netns {netns}"), "network namespace"),
        (&at_interface, format!("-i {label}"), "interface"),
    ];
    pair.cut();
    pair.receiver.remove();
    for (recording, filter, what) in &named {
        let gone = format!("no {what} is called so any more");
        wait_for(recording, filter, &gone);
    }
    pair.receiver.make();
    pair.join();
    for (recording, filter, what) in &named {
        wait_for(recording, filter, &format!("one {what} is called so again"));
    }
    send(&pair, second);
    wait_for_all(&all, second);

    for recording in [wanted, at_interface] {
        let recorded = recording.finish();
        let of = |origin| count(&recorded, origin);
        assert_eq!((of(first), of(second)), (COUNT as usize, COUNT as usize));
    }
    let recorded = others.finish();
    let of = |origin| count(&recorded, origin);
    assert_eq!((of(first), of(second)), (0, 0));
}

#[test]
fn of_a_namespace_that_was_named_by_its_number_or_its_file_it_is_said_that_no_other_is_taken_for_it()
 {
    const GONE: &str = "no name and no process has that network namespace any more";
    // Without one, another that has its number before anybody has looked is it.
    let has_cookie = feature::namespace_cookies();
    let (pair, beside) = (Pair::new(), Pair::new());
    let (first, second) = (Origin::new(), Origin::new());
    let file = format!("/run/netns/{}", pair.receiver.name());
    let number = pair.receiver.inode().to_string();
    let all = Recording::start::<&str>(DROPREC, &[]);
    let named = [file, number].map(|name| {
        let recording = Recording::start(DROPREC, &["--netns", &name]);
        (recording, format!("--netns {name}"))
    });
    let label = format!("eth0@{}", beside.receiver.inode());
    let at_interface = Recording::at(DROPREC, &[&label]);
    send(&pair, first);
    wait_for_all(&all, first);
    pair.cut();
    pair.receiver.remove();
    let make_anew = || {
        pair.receiver.make();
        pair.join();
    };
    if has_cookie {
        make_anew();
    }
    for (recording, filter) in &named {
        wait_for(recording, filter, GONE);
    }
    if !has_cookie {
        make_anew();
    }
    // Its interface goes with it.
    beside.receiver.remove();
    wait_for(&at_interface, &format!("-i {label}"), GONE);
    beside.receiver.make();
    send(&pair, second);
    wait_for_all(&all, second);
    let mut said = at_interface.finish().ended.stderr;
    for (recording, filter) in named {
        let recorded = recording.finish();
        let of = |origin| count(&recorded, origin);
        assert_eq!((of(first), of(second)), (COUNT as usize, 0), "{filter}");
        said.push_str(&recorded.ended.stderr);
    }
    assert!(!said.contains("will be taken"), "{said}");
}

#[test]
fn a_namespace_that_loses_its_name_is_meant_while_it_lives() {
    // Without a cookie nobody knows whose its number is.
    if !feature::namespace_cookies() {
        return;
    }
    let pair = Pair::new();
    let (label, netns) = (pair.label(), pair.receiver.name().to_owned());
    let origin = Origin::new();
    let within = ["netns", "exec", &netns, "sleep", "1000"];
    let lives = Command::new("ip").args(within).spawn();
    let mut lives = lives.expect("ip is there");
    let wanted = Recording::start(DROPREC, &["--netns", &netns]);
    let at_interface = Recording::at(DROPREC, &[&label]);
    let is_inside = || {
        let of = fs::metadata(format!("/proc/{}/ns/net", lives.id()));
        of.is_ok_and(|of| of.ino() == pair.receiver.inode())
            .then_some(())
    };
    assert!(until(is_inside).is_some(), "nothing lives in it");
    let Pair { sender, receiver } = pair;
    drop(receiver);
    // Long enough for the names to be looked up.
    pause(Duration::from_secs(1));
    FrameSocket::open(&sender, "eth0").send_all(&origin.unhandled(COUNT));
    for recording in [wanted, at_interface] {
        recording.wait_for(COUNT as usize, |packet| origin.sent(&packet.data));
        assert_eq!(count(&recording.finish(), origin), COUNT as usize);
    }
    lives.kill().expect("it lives");
    lives.wait().expect("it has ended");
}

#[test]
fn a_namespace_that_inherits_the_number_of_one_that_is_gone_is_not_taken_for_it() {
    let inherited = until(|| inherited().then_some(()));
    assert!(inherited.is_some(), "the number is always somebody else's");
}

/// False: nothing was tried, as another program has made a namespace at the same moment.
fn inherited() -> bool {
    let (first, second) = (Origin::new(), Origin::new());
    let pair = Pair::new();
    let (netns, inode) = (pair.receiver.name().to_owned(), pair.receiver.inode());
    let all = Recording::start::<&str>(DROPREC, &[]);
    let wanted = Recording::start(DROPREC, &["--netns", &netns]);
    send(&pair, first);
    wait_for_all(&all, first);
    let Pair { sender, receiver } = pair;
    drop(receiver);
    wait_for(
        &wanted,
        &format!("--netns {netns}"),
        "no network namespace is called so any more",
    );
    let Some(_heir) = Namespace::heir_of(inode, &sender) else {
        return false;
    };
    FrameSocket::open(&sender, "eth1").send_all(&second.unhandled(COUNT));
    wait_for_all(&all, second);
    let recorded = wanted.finish();
    let of = |origin| count(&recorded, origin);
    assert_eq!((of(first), of(second)), (COUNT as usize, 0));
    true
}
