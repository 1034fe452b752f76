//! Landlock: what is not the directory of the files cannot be written.

use std::{fs, ptr};

use droprec_testbed::{Capture, Droprec, until};
use rustix::process::Signal;

use crate::stage::{DROPREC, Stage};

/// The version that the kernel says it has; 0: none. `LANDLOCK_CREATE_RULESET_VERSION` asks for it.
fn version() -> i64 {
    // SAFETY: no attribute is given, only its length of 0.
    let version =
        unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, ptr::null::<u8>(), 0, 1) };
    version.max(0)
}

#[test]
fn a_directory_that_takes_the_place_of_the_files_is_not_written_and_nothing_is_lost_by_it() {
    let stage = Stage::new();
    let place = stage.directory().join("place");
    fs::create_dir(&place).expect("it can be made");
    let file = place.join("drops.pcapng");
    let droprec = stage.record_to(&file, &["--flight-recorder", "1M"]);
    stage.cause(2);
    // Root's process, in root's directory: nothing but Landlock keeps it from writing there.
    let away = stage.directory().join("away");
    fs::rename(&place, &away).expect("it is the test's own");
    fs::create_dir(&place).expect("it can be made");
    droprec.signal(Signal::USR2);
    let said = if version() > 0 {
        "Permission denied"
    } else {
        " written to "
    };
    let is_said = || droprec.stderr().contains(said).then_some(());
    assert!(
        until(is_said).is_some(),
        "not {said:?}: {}",
        droprec.stderr()
    );
    if version() == 0 {
        return;
    }
    assert_eq!(fs::read_dir(&place).expect("it is there").count(), 0);
    fs::remove_dir(&place).expect("nothing is in it");
    fs::rename(&away, &place).expect("it is the test's own");
    let ended = droprec.stop().succeeded();
    assert_eq!(ended.accounting().written, 2, "{}", ended.stderr);
    // The first one is the file that was there all the time, and so the packets are in it or in the next one.
    let count = |file| Capture::read(file).packets.len();
    let second = place.join("drops-2.pcapng");
    let in_second = if second.exists() { count(&second) } else { 0 };
    assert_eq!(count(&file) + in_second, 2, "{}", ended.stderr);
}

#[test]
fn v_says_what_holds_once_it_records_and_doctor_what_would() {
    let stage = Stage::new();
    let droprec = stage.record(&["-v"]);
    let ended = droprec.stop().succeeded();
    let doctor = Droprec::run(DROPREC, &["doctor"]).succeeded();
    let doctor = doctor.text();
    let lines = |text: &str, part: &str| text.lines().filter(|line| line.contains(part)).count();
    assert_eq!(lines(&ended.stderr, "no capability is left"), 1);
    let (recorded, offered) = match version() {
        0 => ("no Landlock".to_owned(), "poor    Landlock".to_owned()),
        version => (
            format!("Landlock {version}: no file is made or written"),
            format!("ok      Landlock      version {version}:"),
        ),
    };
    assert_eq!(lines(&ended.stderr, &recorded), 1, "{}", ended.stderr);
    assert_eq!(lines(doctor, &offered), 1, "{doctor}");
}
