//! What was sent is what the tables tell, kind by kind, and the books too.

use droprec_testbed::{Ended, Pair, feature, frame::Origin, pause};
use serde_json::Value;

use super::{Tables, number, parsed, rows, sum};
use crate::kinds;

/// Demands that the tables add up to the books, and each total to what was counted by then.
fn must_add_up(ended: &Ended) -> Vec<Value> {
    let tables = parsed(ended.text());
    let books = ended.accounting();
    books.must_balance();
    let mut total = 0;
    for table in &tables {
        let count = number(table, "count");
        let of_rows: u64 = rows(table).iter().map(|row| number(row, "count")).sum();
        let beside = number(table, "nested") + number(table, "uncounted");
        assert_eq!(count, of_rows + beside, "{table}");
        total += count;
        assert_eq!(number(table, "total"), total, "{table}");
        assert!(table["period"].as_f64() > Some(0.0), "{table}");
    }
    assert_eq!(
        total,
        books.seen - books.filtered - books.suppressed,
        "{}",
        ended.stderr
    );
    tables
}

#[test]
fn the_tables_add_up_to_what_was_sent_to_each_interface_for_each_reason() {
    const BATCHES: u64 = 4;
    let (pairs, origin) = ([Pair::new(), Pair::new()], Origin::new());
    let labels = [pairs[0].label(), pairs[1].label()];
    let arguments = ["--interval", "200ms", "-i", &labels[0], "-i", &labels[1]];
    let droprec = Tables::start(&arguments);
    let netns = [0, 1].map(|pair: usize| pairs[pair].receiver.inode());
    let is_at = |row: &Value, pair: usize, frame: usize| {
        let kinds = [
            ("UNHANDLED_PROTO", "netif_receive_skb"),
            ("NO_SOCKET", "udp"),
        ];
        let (reason, function) = kinds[frame];
        let reason_fits = !feature::reasons() || row["reason"] == reason;
        let function_fits = row["loc"]
            .as_str()
            .is_some_and(|loc| loc.contains(function));
        number(row, "netns") == netns[pair] && row["dev"] == "eth0" && reason_fits && function_fits
    };
    let udp = kinds::udp(origin);
    for _ in 0..BATCHES {
        pairs[0].frames().send_all(&origin.unhandled(30));
        pairs[0].frames().send_all(&udp[..20]);
        pairs[1].frames().send_all(&origin.unhandled(7));
        pause(std::time::Duration::from_millis(300));
    }
    droprec.wait_for(BATCHES * 57, |_| true);
    let ended = droprec.0.stop().succeeded();
    let tables = must_add_up(&ended);
    assert!(tables.len() > 3, "{tables:?}");
    for (pair, frame, each) in [(0, 0, 30), (0, 1, 20), (1, 0, 7), (1, 1, 0)] {
        let had = sum(&tables, |row| is_at(row, pair, frame));
        assert_eq!(had, BATCHES * each, "{pair} {frame}: {}", ended.text());
        let with_drops = tables
            .iter()
            .filter(|table| rows(table).iter().any(|row| is_at(row, pair, frame)));
        let last = with_drops.clone().next_back().map(|table| {
            let row = rows(table).iter().find(|row| is_at(row, pair, frame));
            row.map(|row| number(row, "total"))
        });
        assert_eq!(last.flatten().unwrap_or(0), BATCHES * each);
        assert!(each == 0 || with_drops.count() > 1, "{}", ended.text());
    }
    // The summary has the same table, and says of what it is.
    assert!(
        ended.stderr.contains(" = counted 228 + "),
        "{}",
        ended.stderr
    );
    let row = ended.rows(&labels[1]).next();
    assert!(
        row.is_some_and(|row| row.trim_start().starts_with("28 ")),
        "{}",
        ended.stderr
    );
}

#[test]
fn what_came_since_the_last_table_is_in_one_more_when_time_is_up() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let arguments = ["--interval", "1h", "--duration", "3s", "-i", &label];
    let droprec = Tables::start(&arguments);
    pair.frames().send_all(&origin.unhandled(5));
    let ended = droprec.0.wait().succeeded();
    let tables = must_add_up(&ended);
    assert_eq!(tables.len(), 1, "{tables:?}");
    assert_eq!(sum(&tables, |_| true), 5);
    let period = tables[0]["period"].as_f64().expect("a number");
    assert!((2.5..60.0).contains(&period), "{period}");
}

#[test]
fn a_count_ends_the_counting() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let droprec = Tables::start(&["--interval", "1h", "-c", "9", "-i", &label]);
    pair.frames().send_all(&origin.unhandled(8));
    pause(std::time::Duration::from_millis(500));
    assert_eq!(droprec.so_far(), [Value::Null; 0]);
    pair.frames().send_all(&origin.unhandled(1));
    let ended = droprec.0.wait().succeeded();
    assert_eq!(sum(&must_add_up(&ended), |_| true), 9);
}

#[test]
fn a_count_ends_the_counting_with_as_many_as_are_wanted_where_droprec_judges_itself() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    // More than the kernel half looks through.
    let networks: Vec<String> = (0..20).map(|host| format!("198.51.100.{host}")).collect();
    let networks = format!("{},{}", networks.join(","), Pair::SENDER);
    let arguments = ["--interval", "1h", "-c", "9", "-i", &label, "--saddr"];
    let droprec = Tables::start(&[&arguments[..], &[&networks]].concat());
    let udp = kinds::udp(origin);
    pair.frames().send_all(&origin.unhandled(30));
    pair.frames().send_all(&udp[..8]);
    pause(std::time::Duration::from_millis(500));
    assert_eq!(droprec.so_far(), [Value::Null; 0]);
    pair.frames().send_all(&origin.unhandled(30));
    pair.frames().send_all(&udp[..1]);
    let ended = droprec.0.wait().succeeded();
    assert_eq!(sum(&must_add_up(&ended), |_| true), 9);
    let books = ended.accounting();
    assert!(books.written == 9 && books.filtered >= 60, "{books:?}");
}

#[test]
fn sigusr1_shows_what_was_counted_and_the_counting_goes_on() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let droprec = Tables::start(&["--interval", "1h", "-i", &label]);
    pair.frames().send_all(&origin.unhandled(6));
    droprec.0.signal(rustix::process::Signal::USR1);
    let shown = droprec_testbed::until(|| {
        let said = droprec.0.stderr();
        (said.contains(" = counted 6 + ") && said.contains(&label)).then_some(())
    });
    assert!(shown.is_some(), "{}", droprec.0.stderr());
    pair.frames().send_all(&origin.unhandled(2));
    let ended = droprec.0.stop().succeeded();
    assert_eq!(sum(&must_add_up(&ended), |_| true), 8);
}

#[test]
fn two_droprecs_that_count_have_the_same_numbers() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let both = [(); 2].map(|()| Tables::start(&["--interval", "100ms", "-i", &label]));
    pair.frames().send_all(&origin.unhandled(300));
    for droprec in both {
        droprec.wait_for(300, |_| true);
        let ended = droprec.0.stop().succeeded();
        assert_eq!(sum(&must_add_up(&ended), |_| true), 300);
    }
}
