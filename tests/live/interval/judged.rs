//! Tables of what filters and expressions want, wherever that is judged.

use droprec_testbed::{Ended, Pair, frame::Origin};

use super::{Tables, number, parsed, spawn, sum};
use crate::kinds::{self, CLOSED_PORT, COUNT};

/// Frames of another kind.
const OTHERS: u64 = 30;

/// Demands that the tables have the datagrams to the closed port and nothing else, and the books the rest as filtered.
fn must_have_datagrams_alone(ended: &Ended) {
    let tables = parsed(ended.text());
    let books = ended.accounting();
    books.must_balance();
    assert_eq!(sum(&tables, |_| true), u64::from(COUNT), "{}", ended.text());
    let total: u64 = tables.iter().map(|table| number(table, "count")).sum();
    assert_eq!(total, books.seen - books.filtered - books.suppressed);
    assert_eq!(books.written, u64::from(COUNT), "{}", ended.stderr);
    assert!(books.filtered >= OTHERS, "{}", ended.stderr);
}

/// Has both kinds dropped while drops are counted with these arguments.
fn counted(arguments: &[&str]) -> Ended {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let arguments = [&["--interval", "100ms", "-i", &label], arguments].concat();
    let droprec = Tables::start(&arguments);
    pair.frames().send_all(&origin.unhandled(OTHERS as u32));
    pair.frames().send_all(&kinds::udp(origin));
    droprec.wait_for(COUNT.into(), |_| true);
    droprec.0.stop().succeeded()
}

#[test]
fn what_filters_of_headers_want_is_counted_and_the_rest_is_filtered() {
    must_have_datagrams_alone(&counted(&["--port", &CLOSED_PORT.to_string()]));
}

#[test]
fn what_filters_of_places_want_is_counted_and_the_rest_is_filtered() {
    must_have_datagrams_alone(&counted(&["--location", "*udp*"]));
}

#[test]
fn what_an_expression_selects_is_counted_and_the_rest_is_filtered() {
    must_have_datagrams_alone(&counted(&[&format!("udp port {CLOSED_PORT}")]));
}

#[test]
fn what_an_expression_selects_in_user_space_is_counted_too() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("drops.pcapng");
    let path = file.to_str().expect("a path of letters and digits");
    let arguments = [
        "--interval",
        "100ms",
        "--json",
        "-i",
        &label,
        "-w",
        path,
        "--linktype",
        "sll2",
        "udp",
    ];
    let droprec = spawn(&arguments, std::process::Stdio::piped());
    pair.frames().send_all(&origin.unhandled(OTHERS as u32));
    pair.frames().send_all(&kinds::udp(origin));
    must_have_datagrams_alone(&droprec.stop().succeeded());
}
