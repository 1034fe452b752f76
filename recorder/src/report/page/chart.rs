//! Drops over time as stacked bars: SVG for the bars, which stretch, and text beside them, which does not.

use super::{
    head::Facts,
    markup::Markup,
    when::{Zone, length},
};
use crate::enrich::history::History;

/// Reasons that have a colour of their own; the others share one.
const MAX_SERIES: usize = 6;
/// What is drawn at least, so that a few drops are as long a time as they were.
const MIN_SPANS: usize = 24;
/// The chart's height in its own units, and the least that a bar can be seen by.
const HEIGHT: u64 = 10_000;
const VISIBLE: u64 = 80;

/// Drops that are drawn in one colour.
struct Series<'a> {
    name: &'a str,
    reasons: Vec<usize>,
    drops: u64,
}

impl Series<'_> {
    fn in_span(&self, span: &[u64]) -> u64 {
        let reasons = self.reasons.iter();
        reasons
            .map(|reason| span.get(*reason).copied().unwrap_or(0))
            .sum()
    }
}

/// The most frequent reasons, and all others as one.
fn series<'a>(history: &'a History, others: &'a str) -> Vec<Series<'a>> {
    let spans = history.timeline.spans();
    let mut series: Vec<Series> = history
        .reasons()
        .iter()
        .enumerate()
        .map(|(reason, name)| Series {
            name,
            reasons: vec![reason],
            drops: spans.iter().filter_map(|span| span.get(reason)).sum(),
        })
        .filter(|series| series.drops > 0)
        .collect();
    series.sort_by_key(|series| std::cmp::Reverse(series.drops));
    if series.len() > MAX_SERIES + 1 {
        let rest = series.split_off(MAX_SERIES);
        series.push(Series {
            name: others,
            drops: rest.iter().map(|series| series.drops).sum(),
            reasons: rest.into_iter().flat_map(|series| series.reasons).collect(),
        });
    }
    series
}

/// The end of an axis that has `most` on it: a round number that can be halved.
fn axis(most: u64) -> u64 {
    let mut power: u64 = 1;
    loop {
        for factor in [2, 4, 6, 8, 10] {
            let end = power.saturating_mul(factor);
            if end >= most {
                return end;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// The section of the chart.
pub(super) fn section(out: &mut Markup, history: &History, absent: u64, facts: &Facts<'_>) {
    let zone = facts.zone;
    let timeline = &history.timeline;
    let spans = timeline.spans();
    if spans.is_empty() {
        return;
    }
    let names = history.reasons().len();
    let others = format!("{} others", names.saturating_sub(MAX_SERIES));
    let series = series(history, &others);
    let sums = spans.iter().map(|span| span.iter().sum());
    let end = axis(sums.max().unwrap_or(0));
    let width = length(timeline.width());
    out.tag("<section aria-labelledby=\"time\"><h2 id=\"time\">Over time</h2>\n<figure>\n");
    out.tag("<figcaption>").tag(facts.words.per);
    out.text(&width).tag(", by reason");
    let absent = timeline.undated() + absent;
    if absent > 0 {
        out.tag("; ")
            .number(absent)
            .tag(" more have no time, and are not drawn");
    }
    out.tag("</figcaption>\n");
    plot(out, history, &series, end, zone);
    out.tag("<ul class=\"legend\">\n");
    for (number, series) in series.iter().enumerate() {
        out.tag("<li><svg class=\"swatch\" viewBox=\"0 0 1 1\" aria-hidden=\"true\"><rect width=\"1\" height=\"1\" class=\"");
        out.tag(class(number))
            .tag("\"/></svg> <bdi>")
            .text(series.name);
        out.tag("</bdi> <b>")
            .number(series.drops)
            .tag("</b></li>\n");
    }
    out.tag("</ul></figure>\n");
    numbers(out, history, &series, zone);
    out.tag("</section>\n");
}

fn class(number: usize) -> &'static str {
    ["s1", "s2", "s3", "s4", "s5", "s6", "s7"][number.min(MAX_SERIES)]
}

fn plot(out: &mut Markup, history: &History, series: &[Series<'_>], end: u64, zone: &Zone) {
    let timeline = &history.timeline;
    let count = timeline.spans().len().max(MIN_SPANS) as u64;
    out.tag("<div class=\"plot\"><div class=\"y\" aria-hidden=\"true\"><span>")
        .number(end);
    out.tag("</span><span>")
        .number(end / 2)
        .tag("</span><span>0</span></div>\n");
    out.tag("<svg viewBox=\"0 0 ")
        .number(count * 10)
        .tag(" ")
        .number(HEIGHT);
    out.tag("\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Stacked bars of the drops over time; the same numbers are in the table below\">\n");
    for line in ["0", "5000", "10000"] {
        out.tag("<path class=\"rule\" d=\"M0 ")
            .text(line)
            .tag("H")
            .number(count * 10)
            .tag("\"/>");
    }
    for (index, span) in timeline.spans().iter().enumerate() {
        if span.iter().all(|drops| *drops == 0) {
            continue;
        }
        out.tag("<g><title>")
            .text(&start(history, index, zone))
            .tag(":");
        let mut top = HEIGHT;
        let mut bars = Vec::new();
        for (number, series) in series.iter().enumerate() {
            let drops = series.in_span(span);
            if drops == 0 {
                continue;
            }
            out.tag(" ").number(drops).tag(" ").text(series.name);
            let height = (u128::from(drops) * u128::from(HEIGHT) / u128::from(end)) as u64;
            let height = height.max(VISIBLE).min(top);
            top -= height;
            bars.push((number, top, height));
        }
        out.tag("</title>");
        for (number, top, height) in bars {
            out.tag("<rect class=\"")
                .tag(class(number))
                .tag("\" x=\"")
                .number(index as u64 * 10);
            out.tag("\" y=\"")
                .number(top)
                .tag("\" width=\"9\" height=\"")
                .number(height)
                .tag("\"/>");
        }
        out.tag("</g>\n");
    }
    out.tag("</svg>\n<div class=\"x\" aria-hidden=\"true\">");
    let length = count.saturating_mul(timeline.width());
    for half in 0..=2 {
        let time = timeline.start().saturating_add(length / 2 * half);
        let tick = zone.tick(time, timeline.width(), length);
        out.within("<span>", &tick, "</span>");
    }
    out.tag("</div></div>\n");
}

fn start(history: &History, index: usize, zone: &Zone) -> String {
    let timeline = &history.timeline;
    let (width, count) = (timeline.width(), timeline.spans().len() as u64);
    zone.tick(
        timeline.start() + index as u64 * width,
        width,
        count.saturating_mul(width),
    )
}

/// The same numbers as a table.
fn numbers(out: &mut Markup, history: &History, series: &[Series<'_>], zone: &Zone) {
    out.tag("<details class=\"data\"><summary>The same as a table</summary>\n");
    out.tag("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Drops over time\"><table id=\"over-time\"><thead><tr><th scope=\"col\">from</th>");
    for series in series {
        out.within(
            "<th scope=\"col\" class=\"n\"><bdi>",
            series.name,
            "</bdi></th>",
        );
    }
    out.tag("</tr></thead><tbody>\n");
    for (index, span) in history.timeline.spans().iter().enumerate() {
        if span.iter().all(|drops| *drops == 0) {
            continue;
        }
        out.within(
            "<tr><th scope=\"row\">",
            &start(history, index, zone),
            "</th>",
        );
        for series in series {
            out.tag("<td class=\"n\">")
                .number(series.in_span(span))
                .tag("</td>");
        }
        out.tag("</tr>\n");
    }
    out.tag("</tbody></table></div></details>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_where_it_can_be_halved() {
        for (most, end) in [
            (0, 2),
            (1, 2),
            (3, 4),
            (9, 10),
            (11, 20),
            (401, 600),
            (1000, 1000),
        ] {
            assert_eq!(axis(most), end);
        }
        assert!(axis(u64::MAX) == u64::MAX);
    }

    #[test]
    fn the_rarest_reasons_share_a_colour_and_no_drop_is_left_out() {
        let mut history = History::default();
        for number in 0..12 {
            let reason = history.reason(&format!("R{number}"));
            for time in 0..=number {
                history.count(Some(time * 1_000_000), reason, None);
            }
        }
        let series = series(&history, "others");
        assert_eq!(series.len(), MAX_SERIES + 1);
        assert_eq!((series[0].name, series[0].drops), ("R11", 12));
        assert_eq!(series[MAX_SERIES].name, "others");
        let first = &history.timeline.spans()[0];
        let drawn: u64 = series.iter().map(|series| series.in_span(first)).sum();
        assert_eq!(drawn, 12);
    }
}
