//! `--netns`: drops of some network namespaces alone.

use droprec_testbed::{Droprec, Packet, Pair, Recording, frame::Origin};

use crate::DROPREC;

const COUNT: u32 = 20;

/// Frames that come to the receivers of two pairs, and where each was dropped.
struct Drops {
    pairs: [Pair; 2],
    origins: [Origin; 2],
}

impl Drops {
    fn new() -> Self {
        Self {
            pairs: [Pair::new(), Pair::new()],
            origins: [Origin::new(), Origin::new()],
        }
    }

    fn cause(&self) {
        for (pair, origin) in self.pairs.iter().zip(self.origins) {
            pair.frames().send_all(&origin.unhandled(COUNT));
        }
    }

    /// How many of each pair's are among these packets.
    fn of_each(&self, packets: &[Packet]) -> [usize; 2] {
        self.origins.map(|origin| {
            let of_it = packets.iter().filter(|packet| origin.sent(&packet.data));
            of_it.count()
        })
    }
}

#[test]
fn a_namespace_is_chosen_by_its_name_its_number_or_its_file_live_and_but_for_the_file_when_it_is_read_back()
 {
    let drops = Drops::new();
    let [first, second] = drops.pairs.each_ref().map(|pair| &pair.receiver);
    let number = first.inode().to_string();
    let file = format!("/run/netns/{}", first.name());
    let label = second.label("eth0");
    let all = COUNT as usize;
    let cases: [(&[&str], [usize; 2]); 8] = [
        (&[], [all, all]),
        (&["--netns", &file], [all, 0]),
        (&["--netns", first.name()], [all, 0]),
        (&["--netns", &number], [all, 0]),
        (
            &["--netns", first.name(), "--netns", second.name()],
            [all, all],
        ),
        (&["--netns", first.name(), "-i", "eth0"], [all, 0]),
        (
            &["--netns", second.name(), "--not-interface", &label],
            [0, 0],
        ),
        (&["--not-netns", first.name()], [0, all]),
    ];
    let recordings = cases.map(|(arguments, _)| Recording::start(DROPREC, arguments));
    drops.cause();
    for (recording, (_, expected)) in recordings.iter().zip(&cases) {
        let is_ours =
            |packet: &Packet| drops.origins.iter().any(|origin| origin.sent(&packet.data));
        recording.wait_for(expected.iter().sum(), is_ours);
    }
    let recorded = recordings.map(Recording::finish);
    for (recorded, (arguments, expected)) in recorded.iter().zip(&cases) {
        let packets = &recorded.capture.packets;
        assert_eq!(drops.of_each(packets), *expected, "{arguments:?}");
        // The counters of a namespace that is recorded are its drops' too.
        let rise = format!("rx_dropped of {} rose by {COUNT}:", first.label("eth0"));
        let is_told = recorded.ended.stderr.contains(&rise);
        assert_eq!(
            is_told,
            expected[0] > 0,
            "{arguments:?}: {}",
            recorded.ended.stderr
        );
    }
    let path = recorded[0].file.to_str().expect("its name is UTF-8");
    for (arguments, expected) in cases.iter().skip(2) {
        let ended = Droprec::run(DROPREC, &[&["-r", path], *arguments].concat()).succeeded();
        let count = |label: &str| {
            let is_ours = |line: &&str| line.contains("0x88b5") && line.contains(label);
            ended.text().lines().filter(is_ours).count()
        };
        let found = [count(&first.label("eth0")), count(&label)];
        assert_eq!(found, *expected, "-r {arguments:?}: {}", ended.text());
    }
}

#[test]
fn what_is_no_network_namespace_is_refused() {
    let stale = tempfile::NamedTempFile::new().expect("there is room for a file");
    let stale = stale.path().to_str().expect("its name is UTF-8");
    for wrong in [
        "",
        "no-such-name",
        "1",
        "/no/such/file",
        stale,
        "/proc/self/ns/mnt",
        "/dev/null",
    ] {
        let ended = Droprec::run(DROPREC, &["--netns", wrong, "--duration", "1"]);
        assert_eq!(ended.status.code(), Some(1), "{wrong}: {}", ended.stderr);
        assert!(
            ended.stderr.contains("no such network namespace"),
            "{}",
            ended.stderr
        );
    }
}
