//! The beginning of the page: what it is of, and the books; and its end.

use super::{
    Page,
    markup::Markup,
    when::{Zone, length},
    words::Words,
};

/// Nothing is loaded, nothing runs, and of styles only this one is taken, by its SHA-256.
const POLICY: [&str; 3] = [
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-",
    STYLE_HASH,
    "'\">\n",
];
/// Base64 of the style's SHA-256; a test says what it must be.
const STYLE_HASH: &str = "AyNPm5pnbh256WIbSw+NuXDI2U0qc24t0WQaOYNdDko=";
const STYLE: &str = include_str!("style.css");

/// What is known of all drops together.
pub(super) struct Facts<'a> {
    /// What they are called.
    pub(super) words: Words,
    pub(super) drops: u64,
    /// When the first and the last one were.
    pub(super) period: Option<(u64, u64)>,
    pub(super) zone: &'a Zone,
}

/// All up to the first section.
pub(super) fn open(out: &mut Markup, page: &Page<'_>, facts: &Facts<'_>) {
    let plural = if facts.drops == 1 { "" } else { "s" };
    let title = |out: &mut Markup| {
        out.number(facts.drops)
            .tag(" ")
            .tag(facts.words.one)
            .tag(plural);
    };
    out.tag("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    for part in POLICY {
        out.tag(part);
    }
    out.tag("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    title(out);
    out.tag(" in ")
        .text(page.file)
        .tag("</title>\n<style>")
        .tag(STYLE);
    out.tag("</style>\n</head>\n<body>\n<main>\n<header>\n<h1>");
    title(out);
    out.tag("</h1>\n<dl>\n");
    fact(out, "File", &[page.file]);
    if let Some((first, last)) = facts.period {
        out.within(
            "<div><dt>When</dt><dd>",
            &facts.zone.period(first, last),
            " ",
        );
        out.within(
            "<span class=\"aside\">(",
            &facts.zone.name(first),
            ")</span>",
        );
        if last > first {
            out.within(", <span class=\"whole\">", &length(last - first), "</span>");
        }
        out.tag("</dd></div>\n");
    }
    let origin = page.origin;
    let machine: Vec<&String> = origin.systems.iter().chain(&origin.machines).collect();
    fact(out, "Machine", &machine);
    fact(out, "Written by", &origin.programs);
    out.tag("</dl>\n");
    books(out, page);
    out.tag("</header>\n");
}

fn fact(out: &mut Markup, name: &'static str, values: &[impl AsRef<str>]) {
    if values.is_empty() {
        return;
    }
    out.tag("<div><dt>").tag(name).tag("</dt><dd>");
    for (number, value) in values.iter().enumerate() {
        out.tag(if number == 0 { "<bdi>" } else { "<br><bdi>" });
        out.text(value.as_ref()).tag("</bdi>");
    }
    out.tag("</dd></div>\n");
}

/// Where every drop went, as far as the file says it.
fn books(out: &mut Markup, page: &Page<'_>) {
    let books = page.summary.accounting.map(|books| books.to_string());
    let Some(books) = books.as_deref().or(page.statistics) else {
        return;
    };
    for (number, line) in books.lines().enumerate() {
        let open = if number == 0 {
            "<p class=\"books\">"
        } else {
            "<p>"
        };
        out.within(open, line, "</p>\n");
    }
}

/// All after the last section.
pub(super) fn close(out: &mut Markup) {
    out.tag("</main>\n<footer>Made by droprec ")
        .tag(env!("CARGO_PKG_VERSION"));
    out.tag(". This page loads nothing and runs nothing.</footer>\n</body>\n</html>\n");
}
