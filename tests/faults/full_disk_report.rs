//! A file system without room for a report.

use std::fs;

use droprec_testbed::Droprec;

use crate::{mount::Mount, stage::DROPREC};

#[test]
fn a_report_that_does_not_fit_leaves_the_one_that_was_there_and_nothing_else() {
    let mount = Mount::with_room_for("16k");
    let page = mount.path().join("report.html");
    fs::write(&page, "there before").expect("there is room for it");
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../samples/demo-6.18.pcapng");
    let target = page.to_str().expect("a path of letters and digits");
    let ended = Droprec::run(DROPREC, &["-r", sample, "--report", target]);
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains("No space left"), "{}", ended.stderr);
    assert_eq!(
        fs::read_to_string(&page).expect("it is there"),
        "there before"
    );
    let files = fs::read_dir(mount.path()).expect("it can be listed");
    assert_eq!(files.count(), 1);
}
