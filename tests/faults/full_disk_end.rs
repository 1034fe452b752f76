//! How a file ends that had no room to grow.

use droprec_testbed::{fields, must_be_readable};

use crate::{
    mount::Mount,
    stage::Stage,
    tally::{Tally, capinfos},
};

const FLOOD: u32 = 30_000;

#[test]
fn on_a_full_file_system_the_file_ends_with_statistics_that_add_up_to_what_the_screen_says() {
    for size in ["64k", "256k", "1m"] {
        let (stage, other) = (Stage::new(), Stage::new());
        let mount = Mount::with_room_for(size);
        let file = mount.path().join("drops.pcapng");
        let droprec = stage.record_to(&file, &["-i", &other.label()]);
        other.cause(10);
        stage.cause(FLOOD);
        let ended = droprec.wait();
        assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);

        let accounting = ended.accounting();
        accounting.must_balance();
        assert!(accounting.lost > 0, "{size}: {}", ended.stderr);
        let tally = Tally::of(&file);
        assert!(!tally.is_cut, "{size}: the last block is cut");
        assert_eq!(
            tally.statistics.len(),
            tally.interfaces.len(),
            "{size}: not one for each interface: {tally:?}"
        );
        let sums = [
            tally.packets,
            tally.sum(|counted| counted.received),
            tally.sum(|counted| counted.accepted),
            tally.sum(|counted| counted.delivered),
            tally.sum(|counted| counted.dropped),
        ];
        let expected = [
            accounting.written,
            accounting.seen,
            accounting.written + accounting.lost,
            accounting.written,
            accounting.lost,
        ];
        assert_eq!(
            sums, expected,
            "{size}: packets, received, accepted, delivered, dropped"
        );
        let unplaced = tally.of_interface("none").dropped;
        assert_eq!(unplaced, Some(ended.lost_in_the_midst()), "{size}");
        assert_eq!(capinfos(&file), accounting.written, "{size}");
        let shown = fields("frame", &["frame.number"], &file);
        assert_eq!(shown.len() as u64, accounting.written, "{size}");
        must_be_readable(&file);
    }
}
