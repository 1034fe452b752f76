//! The table of reasons, locations and interfaces, as the summary has it, and that of the flows.

use super::{
    head::Facts,
    kinds::{Kind, share, shown},
    markup::Markup,
    words::Words,
};
use crate::{
    enrich::{absent::Absent, history::History, rows::Row},
    report::{columns::more_kinds, table::meaning},
};

/// Lines that the table has at most; the rest is one more.
const MAX_ROWS: usize = 500;
/// Flows that are shown.
const MAX_FLOWS: usize = 20;

/// The section of the table.
pub(super) fn rows(out: &mut Markup, rows: &[&Row], kinds: &[Kind<'_>], facts: &Facts<'_>) {
    if rows.is_empty() {
        return;
    }
    let absent: Absent = rows.iter().map(|row| row.absent).sum();
    let Facts {
        words, drops: all, ..
    } = *facts;
    out.tag("<section aria-labelledby=\"table\"><h2 id=\"table\">");
    out.tag(words.table).tag("</h2>\n");
    out.tag("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"table\"><table id=\"drops\"><thead><tr><th scope=\"col\" class=\"n\">");
    out.tag(words.many).tag("</th>");
    for (title, _) in absent.columns() {
        out.tag("<th scope=\"col\" class=\"n\">")
            .tag(title)
            .tag("</th>");
    }
    out.tag("<th scope=\"col\" class=\"n\">share</th><th scope=\"col\">reason</th><th scope=\"col\">location</th><th scope=\"col\">interface</th><th scope=\"col\">what it means</th></tr></thead><tbody>\n");
    let counts = |out: &mut Markup, drops: u64, these: Absent| {
        out.tag("<tr><td class=\"n\">").number(drops).tag("</td>");
        for (_, count) in absent.columns() {
            out.tag("<td class=\"n\">")
                .number(count(these))
                .tag("</td>");
        }
        out.tag("<td class=\"n\">");
        share(out, drops, all);
        out.tag("</td>");
    };
    for row in rows.iter().take(MAX_ROWS) {
        counts(out, row.drops(), row.absent);
        let place = &row.place;
        out.tag("<th scope=\"row\"><code>");
        out.text(place.reason.as_deref().unwrap_or("-"));
        out.within("</code></th><td><code>", &place.location, "</code></td>");
        out.within("<td><bdi>", &place.interface, "</bdi></td><td>");
        let meaning = meaning(row).unwrap_or_default();
        match shown(kinds).iter().position(|kind| kind.has(row)) {
            Some(kind) if !meaning.is_empty() => {
                out.tag("<a href=\"#kind-").number(kind as u64);
                out.within("\">", meaning, "</a>");
            }
            _ => {
                out.text(meaning);
            }
        }
        out.tag("</td></tr>\n");
    }
    let rest = rows.get(MAX_ROWS..).unwrap_or_default();
    if !rest.is_empty() {
        let drops = rest.iter().map(|row| row.drops()).sum();
        counts(out, drops, rest.iter().map(|row| row.absent).sum());
        out.tag("<th scope=\"row\">").text(&more_kinds(rest.len()));
        out.tag("</th><td></td><td></td><td></td></tr>\n");
    }
    out.tag("</tbody></table></div></section>\n");
}

/// The section of the flows.
pub(super) fn flows(out: &mut Markup, history: &History, words: Words) {
    let flows = history.flows.by_count();
    let flows: Vec<_> = flows
        .into_iter()
        .filter(|flow| flow.at_least() > 0)
        .collect();
    if flows.is_empty() {
        return;
    }
    out.tag("<section aria-labelledby=\"flows\"><h2 id=\"flows\">Between whom</h2>\n");
    if flows.len() > MAX_FLOWS || history.flows.is_full() {
        out.tag("<p>The ").number(flows.len().min(MAX_FLOWS) as u64);
        out.tag(" flows of most ").tag(words.many).tag(".</p>\n");
    }
    out.tag("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"flows\"><table id=\"top-flows\"><thead><tr><th scope=\"col\" class=\"n\">");
    out.tag(words.many).tag("</th><th scope=\"col\">from</th><th scope=\"col\">to</th><th scope=\"col\">protocol</th><th scope=\"col\">reason</th></tr></thead><tbody>\n");
    for dropped in flows.iter().take(MAX_FLOWS) {
        out.tag("<tr><td class=\"n\">");
        out.tag(if dropped.is_exact() { "" } else { "at least " });
        out.number(dropped.at_least());
        let flow = &dropped.flow;
        out.within("</td><td><code>", &flow.source(), "</code></td>");
        out.within("<td><code>", &flow.destination(), "</code></td>");
        out.within("<td>", &flow.protocol(), "</td><td><code>");
        let reason = history.reasons().get(dropped.reason);
        out.text(reason.map_or("", String::as_str));
        out.tag("</code></td></tr>\n");
    }
    out.tag("</tbody></table></div></section>\n");
}
