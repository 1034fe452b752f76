//! What is gone when a table is made has its name in it all the same.

use droprec_testbed::{Pair, frame::Origin};

use super::{Tables, parsed, rows, sum};

#[test]
fn an_interface_that_has_gone_with_its_namespace_before_the_table_keeps_its_name() {
    let droprec = Tables::start(&["--interval", "1h"]);
    let (pair, origin) = (Pair::new(), Origin::new());
    pair.rename("short0");
    let netns = pair.receiver.inode();
    pair.frames().send_all(&origin.unhandled(12));
    // Droprec is told of it at once, and looks up what `ip netns` calls the namespace as soon as it has the processor.
    let label = pair.receiver.label("short0");
    droprec_testbed::pause(std::time::Duration::from_millis(300));
    drop(pair);
    let ended = droprec.0.stop().succeeded();
    let tables = parsed(ended.text());
    let is_ours = |row: &serde_json::Value| row["dev"] == "short0" && row["netns"] == netns;
    assert_eq!(
        sum(&tables, is_ours),
        12,
        "{:#?}",
        tables.iter().flat_map(rows).collect::<Vec<_>>()
    );
    let row = ended.rows(&label).next();
    assert!(
        row.is_some_and(|row| row.trim_start().starts_with("12 ")),
        "{}",
        ended.stderr
    );
}
