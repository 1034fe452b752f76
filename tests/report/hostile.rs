//! Names, comments and packets that are meant to become a part of the page.

use crate::{
    browser::document,
    recording::{Recording, frame},
    report::Report,
    structure::Structure,
};

/// It would change the title if it ran, open an element, leave an attribute, hide or turn what follows.
const HOSTILE: &str = "</title></style><script>document.title='ran'</script>\"'><img src=x onerror=document.title='ran'>&amp;<!--\u{202e}\u{7}\u{1b}[31mZZ";
/// The same without what a file's name cannot have.
const FILE: &str = "<script>document.title='ran'<svg onload=document.title='ran'>\"'&.pcapng";

/// A recording in which everything that can be `name` is, with two bytes that are no UTF-8 where `ZZ` is in it.
fn recorded_as(name: &str) -> Vec<u8> {
    let quoted = format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
    let pairs = |rest: &str| {
        format!(
            "droprec v=1 reason={quoted} loc={quoted} dev={quoted} ifindex=2 netns=7 proto=0x0004 l2=mac len=60 what={quoted}{rest}"
        )
    };
    let rise = format!(
        "droprec v=1 counter=rx_missed_errors source=link rise=3 from=0 to=3 netns=7 ifindex=2 dev={quoted} driver={quoted} part={quoted}"
    );
    let driver = format!(
        "droprec v=1 counter=\"rx_drop {}\" source=ethtool rise=4 from=0 to=4 netns=7 ifindex=2 dev={quoted}",
        name.replace('\\', "\\\\").replace('"', "\\\"")
    );
    let modules = format!("droprec v=1 modules={quoted}");
    // A system's name, in LLDP (IEEE 802.1AB, 8.5.6), with as much of it as a frame may say.
    let mut lldp = vec![
        0x02,
        2,
        7,
        1,
        0x04,
        2,
        7,
        1,
        0x06,
        2,
        0,
        60,
        0x0a,
        name.len() as u8,
    ];
    lldp.extend(name.as_bytes());
    let mut bytes = Recording::new(name)
        .packet(0, &frame(0x88cc, &lldp), &[name, &pairs("")])
        .packet(1, &frame(0x88cc, &lldp), &[name, &pairs(" more=x"), name])
        .packet(2, &frame(0x88cc, &lldp), &[name])
        .statistics(&[name, &rise, &driver, &modules])
        .bytes();
    for at in 1..bytes.len() {
        if bytes[at - 1..=at] == *b"ZZ" {
            bytes[at - 1..=at].copy_from_slice(b"\xff\xfe");
        }
    }
    bytes
}

#[test]
fn no_name_in_a_file_nor_the_files_own_becomes_an_element_or_runs() {
    let hostile = Report::of_bytes(&recorded_as(HOSTILE), FILE, &[]);
    let harmless = Report::of_bytes(&recorded_as("name"), "name.pcapng", &[]);
    assert!(hostile.ended.status.success(), "{}", hostile.ended.stderr);
    let (page, plain) = (
        Structure::of(&hostile.path()),
        Structure::of(&harmless.path()),
    );
    assert_eq!(page.tags, plain.tags);
    assert_eq!(page.attributes, plain.attributes);
    let shown = "</title></style><script>document.title='ran'</script>\"'><img src=x onerror=document.title='ran'>&amp;<!--\\u{202e}\\x07\\x1b[31m\u{fffd}\u{fffd}";
    assert!(page.text.matches(shown).count() >= 10, "{}", page.text);
    assert!(page.text.contains(FILE), "{}", page.text);
    let dangerous = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(!hostile.html().contains(dangerous));

    let document = document(&hostile.path());
    assert!(!document.contains("<script"), "{document}");
    assert!(!document.contains("<img"), "{document}");
    assert!(!document.contains("<title>ran"), "{document}");
    assert!(document.contains("<title>3 packets in "), "{document}");
    let elements = |document: &str| document.matches("</").count();
    assert_eq!(
        elements(&document),
        elements(&crate::browser::document(&harmless.path()))
    );
}

#[test]
fn the_page_may_load_nothing_and_run_nothing() {
    let report = Report::of_bytes(&recorded_as(HOSTILE), FILE, &[]);
    let page = Structure::of(&report.path());
    for demanded in [
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "style-src 'sha256-",
    ] {
        assert!(page.policy.contains(demanded), "{}", page.policy);
    }
    assert!(!page.policy.contains("unsafe"), "{}", page.policy);
    for forbidden in [
        "script", "img", "link", "iframe", "object", "embed", "form", "base",
    ] {
        assert!(!page.tags.contains_key(forbidden), "{forbidden}");
    }
    for attribute in &page.attributes {
        let is_harmless =
            !attribute.starts_with("on") && attribute != "style" && attribute != "src";
        assert!(is_harmless, "{attribute}");
    }
}
