//! What the plugin says of the drops of a recording is what droprec says.

use droprec::explain;
use droprec_testbed::Capture;

use crate::{home::Home, sample};

#[test]
fn every_drop_is_explained_as_droprec_explains_it() {
    let home = Home::installed();
    let fields = [
        "droprec.verdict",
        "droprec.meaning",
        "droprec.check",
        "droprec.counter",
        "droprec.harmless",
        "droprec.depends",
        "droprec.trouble",
        "droprec.unexplained",
    ];
    let mut explained = 0;
    for kernel in ["5.10", "6.18", "7.2"] {
        let file = sample(kernel);
        let packets = Capture::read(&file).packets;
        for (found, packet) in home.fields(&[], &fields, &file).iter().zip(&packets) {
            let key = |key: &str| packet.pairs.get(key).map(String::as_str);
            let expected = explain::of(key("reason"), key("loc"));
            explained += usize::from(expected.is_some());
            let told = &found[..3].join("\n").replace('|', " ");
            let of = |text: &explain::Explanation| {
                format!("{}\n{}\n{}", text.verdict, text.meaning, text.check).replace('|', " ")
            };
            assert_eq!(*told, expected.map_or("\n\n".to_owned(), of), "{packet:#?}");
            let counters = expected.map(|expected| expected.counters.join("|"));
            assert_eq!(found[3], counters.unwrap_or_default());
            let notes = found[4..].iter().filter(|note| !note.is_empty()).count();
            assert_eq!(notes, 1, "{found:?}");
        }
    }
    assert!(explained > 50, "few are explained: {explained}");
}
