//! What a person sees: on a phone and on a desk, in the light and in the dark, and on paper.

use std::path::Path;

use droprec_testbed::samples;
use serde_json::Value;

use crate::{
    browser::{Looking, measure, picture, printed},
    recording::busy,
    report::Report,
    structure::Structure,
};

/// A phone and a desk.
const WIDTHS: [u32; 2] = [400, 1280];

/// What is measured of a page.
const MEASURED: &str = "({ width: innerWidth, needed: document.documentElement.scrollWidth, \
    ground: getComputedStyle(document.body).backgroundColor, margin: getComputedStyle(document.body).margin, \
    wide: [...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, svg, details:not([open])') \
    && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80)), \
    bars: [...document.querySelectorAll('.plot rect')].filter(e => e.getBoundingClientRect().height >= 1).length, \
    unlike: new Set([...document.querySelectorAll('.legend rect')].map(e => getComputedStyle(e).fill)).size, \
    shown: [...document.querySelectorAll('.kind[open]')].length })";

fn must_fit(page: &Path) -> Value {
    let mut last = Value::Null;
    for width in WIDTHS {
        for in_the_dark in [false, true] {
            let looking = Looking { width, in_the_dark };
            let found = measure(looking, page, MEASURED);
            assert_eq!(found["width"], width, "{found}");
            assert_eq!(found["needed"], width, "it scrolls sideways: {found}");
            assert_eq!(found["wide"], Value::Array(Vec::new()), "{found}");
            // The browser's own margin is 8px: the style was taken.
            assert_eq!(found["margin"], "0px", "{found}");
            let ground = if in_the_dark {
                "rgb(22, 25, 30)"
            } else {
                "rgb(246, 247, 249)"
            };
            assert_eq!(found["ground"], ground, "{found}");
            last = found;
        }
    }
    last
}

#[test]
fn the_page_fits_a_phone_and_a_desk_in_the_light_and_in_the_dark() {
    let report = Report::of_bytes(&busy(), "busy.pcapng", &[]);
    let found = must_fit(&report.path());
    // In 60 spans, of which 10 have another reason, and 6 a third one.
    assert_eq!(found["bars"], 60 + 5 + 6, "{found}");
    assert_eq!(found["unlike"], 3, "{found}");
    assert_eq!(found["shown"], 1, "{found}");
}

#[test]
fn the_page_of_names_without_a_blank_fits_too() {
    let name = "n".repeat(200);
    let pairs = format!(
        "droprec v=1 reason={name} loc={name} dev={name} ifindex=2 netns=7 len=60 what={name}"
    );
    let bytes = crate::recording::Recording::new(&name)
        .packet(0, &[0; 60], &["a sentence", &pairs])
        .bytes();
    let report = Report::of_bytes(&bytes, &"n".repeat(200), &[]);
    assert!(report.ended.status.success(), "{}", report.ended.stderr);
    must_fit(&report.path());
}

#[test]
fn a_picture_of_each_width_is_not_blank_and_the_dark_one_is_dark() {
    let report = Report::of(&samples()[0], &[]);
    for width in WIDTHS {
        let of = |in_the_dark| picture(Looking { width, in_the_dark }, &report.path());
        let (light, dark) = (of(false), of(true));
        for (its_width, height, bytes) in [&light, &dark] {
            assert_eq!((*its_width, *height), (width, 1000));
            // One of a single colour takes some 4 kB.
            assert!(bytes.len() > 20_000, "{}", bytes.len());
        }
        assert_ne!(light.2, dark.2);
    }
}

#[test]
fn on_paper_everything_is_unfolded_and_no_table_is_cut() {
    let report = Report::of(&samples()[0], &[]);
    let page = Structure::of(&report.path());
    let paper = printed(&report.path());
    // Paper has no part of the page that is folded there but the numbers of the chart.
    let kinds = page.text.matches("What to do").count();
    assert!(kinds > 5, "{kinds}");
    assert_eq!(paper.matches("What to do").count(), kinds, "{paper}");
    let together = |text: &str| text.split_whitespace().collect::<String>();
    let paper = together(&paper);
    for row in page.columns(
        "drops",
        &["reason", "location", "interface", "what it means"],
    ) {
        for cell in row {
            assert!(paper.contains(&together(&cell)), "{cell:?} is not on paper");
        }
    }
    for row in page.columns("top-flows", &["from", "to", "protocol", "reason"]) {
        for cell in row {
            assert!(paper.contains(&together(&cell)), "{cell:?} is not on paper");
        }
    }
}
