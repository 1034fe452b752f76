//! Claims about the page as a whole.

use std::{
    io::Write as _,
    net::{IpAddr, Ipv4Addr},
    process::{Command, Stdio},
};

use super::{Page, origin::Origin};
use crate::{
    counters::{Rise, Source},
    enrich::{
        history::History,
        rows::{Place, Rows},
    },
    identify::flow::Flow,
    report::{accounting::Accounting, summary::Summary},
};

const STYLE: &str = include_str!("style.css");
/// What would do harm as markup, and what would as text.
const HOSTILE: &str = "<script>alert(1)</script>\"'&\0\x1b[31m\u{202e}\u{fffe}";

/// A recording of some drops, all of whose names are `name`.
struct Recorded {
    rows: Rows,
    history: History,
    rises: Vec<Rise>,
    origin: Origin,
    modules: Vec<String>,
    accounting: Option<Accounting>,
}

impl Recorded {
    fn of(name: &str, times: &[u64]) -> Self {
        let (mut rows, mut history) = (Rows::default(), History::default());
        let row = rows.of(Place {
            reason: Some(name.to_owned()),
            location: name.to_owned(),
            interface: name.to_owned(),
            netns: 7,
            ifindex: 2,
        });
        let reason = history.reason(name);
        let localhost = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let flow = Flow::Internet {
            source: localhost,
            destination: localhost,
            protocol: 17,
            ports: Some((1, 2)),
        };
        for time in times {
            rows.count(row, Some(*time), name, Some(4));
            history.count(Some(*time), reason, Some(flow));
        }
        let rise = Rise {
            netns: 7,
            ifindex: 2,
            label: name.to_owned(),
            source: Source::Link,
            part: name.to_owned(),
            name: "rx_missed_errors".to_owned(),
            before: 0,
            after: 5,
            since: None,
            margin: 0,
            was_away: false,
            driver: name.to_owned(),
            ring: Some((256, 4096)),
        };
        let names = || vec![name.to_owned()];
        Self {
            rows,
            history,
            rises: vec![rise],
            origin: Origin {
                sections: 1,
                systems: names(),
                machines: names(),
                programs: names(),
            },
            modules: names(),
            accounting: Some(Accounting {
                seen: times.len() as u64,
                written: times.len() as u64,
                ..Accounting::default()
            }),
        }
    }

    fn page<'a>(&'a self, file: &'a str) -> Page<'a> {
        Page {
            file,
            damage: None,
            part: None,
            foreign: 0,
            origin: &self.origin,
            summary: Summary {
                rows: &self.rows,
                modules: &self.modules,
                rises: &self.rises,
                accounting: self.accounting,
                ended_by: None,
            },
            history: &self.history,
            statistics: None,
        }
    }
}

#[test]
fn no_name_becomes_markup_wherever_it_stands() {
    let recorded = Recorded::of(HOSTILE, &[1_795_000_000_000_000_000]);
    let page = Page {
        damage: Some(HOSTILE),
        part: Some(HOSTILE),
        ..recorded.page(HOSTILE)
    };
    let html = page.html();
    assert!(!html.contains("<script"), "{html}");
    let harmless = recorded_as("name");
    // As many elements as with a name that could do no harm.
    let elements = |html: &str| html.matches('<').count();
    let quotes = |html: &str| html.matches('"').count();
    assert_eq!(elements(&html), elements(&harmless));
    assert_eq!(quotes(&html), quotes(&harmless));
    let dangerous = |c: char| c != '\n' && (crate::text::is_dangerous(c) || c == '\u{fffe}');
    assert!(!html.contains(dangerous));
    let shown = html.matches(
        "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\\x00\\x1b[31m\\u{202e}\u{fffd}",
    );
    assert!(shown.count() >= 15, "{html}");
}

fn recorded_as(name: &str) -> String {
    let recorded = Recorded::of(name, &[1_795_000_000_000_000_000]);
    let page = Page {
        damage: Some(name),
        part: Some(name),
        ..recorded.page(name)
    };
    page.html()
}

#[test]
fn the_question_is_answered_before_all_else() {
    let html = Recorded::of("eth0", &[5]).page("x.pcapng").html();
    let at = |text: &str| {
        html.find(text)
            .unwrap_or_else(|| panic!("{text:?} is not in {html}"))
    };
    assert!(at("the ring had no room for 5 (rx_missed_errors)") < at("Why, and what to do"));
    assert!(at("ethtool -G, it is 256 of 4096 now") < at("Why, and what to do"));
    assert!(at("seen 1 = written 1 + filtered 0 + suppressed 0 + lost 0") < at("Is it the ring"));
}

#[test]
fn damage_losses_and_gaps_are_told_before_what_the_file_says() {
    let mut recorded = Recorded::of("eth0", &[5]);
    let told = |page: Page<'_>, text: &str| {
        let html = page.html();
        let head = html.split("Why, and what to do").next().unwrap_or_default();
        assert!(head.contains(text), "{text:?} is not in {head}");
    };
    let damaged = Page {
        damage: Some("x can be read up to byte 7"),
        ..recorded.page("x")
    };
    told(
        damaged,
        "x can be read up to byte 7. This page has everything before that",
    );
    let part = Page {
        part: Some("-i eth0 -c 3"),
        ..recorded.page("x")
    };
    told(part, "Only a part of the file was asked for: -i eth0 -c 3");
    recorded.rises.clear();
    told(recorded.page("x"), "no counter that rose");
    recorded
        .accounting
        .as_mut()
        .expect("it has books")
        .ring_full = 3;
    told(recorded.page("x"), "3 drops were lost to the recording");
    recorded.accounting.as_mut().expect("it has books").written = 4;
    told(
        recorded.page("x"),
        "The books tell of 4 packets that were written, but 1 were read",
    );
    recorded.accounting = None;
    told(recorded.page("x"), "The file has no books");
}

#[test]
fn any_time_that_a_file_can_have_is_drawn() {
    for times in [
        &[0, u64::MAX][..],
        &[u64::MAX, u64::MAX - 1, 0, 1],
        &[u64::MAX],
        &[0],
        &[1_795_000_000_000_000_000, 0],
    ] {
        let html = Recorded::of("eth0", times).page("x").html();
        assert!(html.contains("class=\"s1\" x="), "{times:?}: {html}");
    }
}

#[test]
fn a_file_without_a_packet_has_a_page_that_says_so() {
    let html = Recorded::of("eth0", &[]).page("x").html();
    assert!(html.contains("<h1>0 dropped packets</h1>"), "{html}");
    assert!(html.contains("There is no packet in what was read of the file."));
}

#[test]
fn the_page_takes_no_style_but_its_own() {
    let mut sum = Command::new("sha256sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("sha256sum runs");
    let mut stdin = sum.stdin.take().expect("it is piped");
    stdin.write_all(STYLE.as_bytes()).expect("it reads");
    drop(stdin);
    let output = sum.wait_with_output().expect("it ends");
    let sum = String::from_utf8(output.stdout).expect("it prints digits");
    let policy = Recorded::of("x", &[]).page("x").html();
    let (_, hash) = policy.split_once("style-src 'sha256-").expect("a policy");
    let (hash, _) = hash.split_once('\'').expect("it ends");
    assert_eq!(hexadecimal(hash), sum[..64], "set STYLE_HASH anew");
    assert!(policy.contains(&format!("<style>{STYLE}</style>")));
}

/// Base64 as hexadecimal digits.
fn hexadecimal(base64: &str) -> String {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = base64.trim_end_matches('=').chars();
    let sextets: Vec<usize> = digits
        .map(|c| DIGITS.find(c).expect("a digit of base64"))
        .collect();
    // Two of them are three hexadecimal digits; the last one of 32 octets has two bits beyond their end.
    let digits = sextets.chunks(2).map(|two| match two {
        [high, low] => format!("{:03x}", high << 6 | low),
        rest => format!("{:x}", rest[0] >> 2),
    });
    digits.collect::<Vec<_>>().concat()
}

/// The colours of a scheme, by their names.
fn colours(scheme: &str) -> Vec<(&str, [f64; 3])> {
    let named = scheme.split("--").skip(1);
    named
        .filter_map(|text| {
            let (name, value) = text.split_once(": #")?;
            let channel = |at: usize| {
                let value = u8::from_str_radix(&value[at..at + 2], 16).expect("a colour");
                let value = f64::from(value) / 255.0;
                // WCAG 2.2, relative luminance.
                if value <= 0.04045 {
                    value / 12.92
                } else {
                    ((value + 0.055) / 1.055).powf(2.4)
                }
            };
            Some((name, [channel(0), channel(2), channel(4)]))
        })
        .collect()
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |[red, green, blue]: [f64; 3]| 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

#[test]
fn text_has_the_contrast_of_wcag_aa_and_bars_that_of_graphics_in_the_light_in_the_dark_and_on_paper()
 {
    let schemes: Vec<&str> = STYLE
        .split(":root {")
        .skip(1)
        .map(|scheme| scheme.split('}').next().unwrap_or_default())
        .collect();
    assert_eq!(schemes.len(), 3);
    for scheme in schemes {
        let colours = colours(scheme);
        let of = |name: &str| {
            let found = colours.iter().find(|(other, _)| *other == name);
            found.unwrap_or_else(|| panic!("no {name} in {scheme}")).1
        };
        let least = |names: &[&str], least: f64| {
            for name in names {
                for ground in ["ground", "card"] {
                    let contrast = contrast(of(name), of(ground));
                    assert!(
                        contrast >= least,
                        "{name} on {ground}: {contrast:.2} in {scheme}"
                    );
                }
            }
        };
        let text = [
            "ink", "faint", "link", "harmless", "depends", "trouble", "unknown",
        ];
        least(&text, 4.5);
        least(&["s1", "s2", "s3", "s4", "s5", "s6", "s7"], 3.0);
    }
}
