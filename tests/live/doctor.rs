//! What `droprec doctor` says of a kernel that has all it takes.

use droprec_testbed::{Droprec, feature};

use crate::DROPREC;

#[test]
fn doctor_says_in_a_line_each_what_this_kernel_offers_and_exits_with_0() {
    let ended = Droprec::run(DROPREC, &["doctor"]).succeeded();
    let text = ended.text();
    for name in [
        "capabilities",
        "lockdown",
        "BTF",
        "tracepoint",
        "ring buffer",
        "reasons",
        "kallsyms",
        "namespaces",
        "program",
        "senders",
        "fragments",
        "expressions",
    ] {
        // Of all these, a kernel that can be recorded on may lack reasons alone.
        let lacks = name == "reasons" && !feature::reasons();
        let mark = if lacks { "poor" } else { "ok" };
        let lines = text
            .lines()
            .filter_map(|line| line.strip_prefix(mark))
            .filter(|line| line.trim_start().starts_with(name));
        assert_eq!(lines.count(), 1, "a line about {name} in\n{text}");
    }
    assert_eq!(ended.stderr, "");
}
