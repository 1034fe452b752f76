//! The counters that rose, and what the drops explain of them: is it the ring, the NIC, or the kernel?

use super::{markup::Markup, when::Zone};
use crate::{
    counters::Source,
    report::{
        accounting::Accounting,
        reconcile::{
            Finding,
            blind::culprit,
            lines::{self, name, part},
            rest::rest,
        },
    },
};

/// Counters that are shown.
const MAX: usize = 200;
/// Remedies that stand with the answer.
const MAX_REMEDIES: usize = 4;
/// Places that are named of each.
const MAX_PARTS: usize = 5;

/// The section of the answer, which comes before all others, with what to do about losses that no drop explains.
pub(super) fn answer(out: &mut Markup, findings: &[Finding<'_>], books: Option<Accounting>) {
    let verdicts = lines::verdicts(findings);
    if verdicts.is_empty() {
        return;
    }
    out.tag("<section class=\"answer\"><h2>Is it the ring, the NIC, or the kernel?</h2><ul>\n");
    for verdict in &verdicts {
        out.within("<li>", verdict, "</li>\n");
    }
    let is_blind = |finding: &&Finding<'_>| finding.rest > 0 && culprit(&finding.rise).is_some();
    let mut blind: Vec<&Finding> = findings.iter().filter(is_blind).collect();
    blind.sort_by_key(|finding| std::cmp::Reverse(finding.rest));
    for finding in blind.into_iter().take(MAX_REMEDIES) {
        let rise = &finding.rise;
        out.within("<li class=\"remedy\"><code>", &name(rise), "</code>");
        if !rise.label.is_empty() {
            out.within(" of <bdi>", &rise.label, "</bdi>");
        }
        out.tag(": ").text(&rest(finding, books)).tag("</li>\n");
    }
    out.tag("</ul><p><a href=\"#reconciled\">All counters that rose</a></p></section>\n");
}

/// The section of the counters. `books`: where every drop of the recording went.
pub(super) fn section(
    out: &mut Markup,
    findings: &[Finding<'_>],
    books: Option<Accounting>,
    zone: &Zone,
) {
    if findings.is_empty() {
        return;
    }
    out.tag("<section aria-labelledby=\"reconciled\"><h2 id=\"reconciled\">The counters beside it</h2>\n<p>Counters of losses that rose meanwhile, and how much of that the recorded drops explain.</p>\n");
    out.tag("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"reconciled\"><table id=\"counters\"><thead><tr><th scope=\"col\">counter</th><th scope=\"col\">of</th><th scope=\"col\" class=\"n\">rose by</th><th scope=\"col\" class=\"n\">explained</th><th scope=\"col\" class=\"n\">not explained</th><th scope=\"col\">by</th></tr></thead><tbody>\n");
    for finding in findings.iter().take(MAX) {
        let rise = &finding.rise;
        out.within(
            "<tr><th scope=\"row\"><code>",
            &name(rise),
            "</code></th><td><bdi>",
        );
        let of = match (rise.label.as_str(), rise.source) {
            ("", Source::Softnet) => "the processors",
            ("", _) => "this host",
            (label, _) => label,
        };
        out.text(of)
            .tag("</bdi></td><td class=\"n\">")
            .number(rise.by());
        out.tag("</td><td class=\"n\">")
            .number(rise.by() - finding.rest);
        out.tag("</td><td class=\"n\">")
            .number(finding.rest)
            .tag("</td><td><ul>");
        for drops in finding.parts.iter().take(MAX_PARTS) {
            out.within("<li>", &part(drops, rise), "</li>");
        }
        let further = finding.parts.get(MAX_PARTS..).unwrap_or_default();
        if !further.is_empty() {
            let drops = further.iter().map(|part| part.explains).sum();
            out.tag("<li>")
                .number(drops)
                .tag(" at ")
                .number(further.len() as u64);
            out.tag(" other places</li>");
        }
        if finding.rest > 0 {
            out.within("<li>", &rest(finding, books), "</li>");
        }
        if finding.surplus > 0 {
            out.tag("<li>").number(finding.surplus);
            out.tag(" more drops should have raised it</li>");
        }
        if let Some(since) = rise.since {
            out.within(
                "<li>counted since ",
                &zone.period(since, since),
                ", when it was met</li>",
            );
        }
        out.tag("</ul></td></tr>\n");
    }
    out.tag("</tbody></table></div>\n");
    if findings.len() > MAX {
        out.tag("<p>").number((findings.len() - MAX) as u64);
        out.tag(" more counters rose.</p>\n");
    }
    out.tag("</section>\n");
}
