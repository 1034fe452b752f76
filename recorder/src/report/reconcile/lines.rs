//! A reconciliation in words: a line for each counter, and one for each interface that says whose its losses are.

use std::fmt::Write as _;

use textwrap::{Options, fill};

use super::{
    Finding, Part,
    blind::{Culprit, culprit},
    reconcile,
    rest::rest,
};
use crate::{
    counters::{Rise, Source},
    encode::local_time::LocalTime,
    enrich::rows::Rows,
    report::accounting::Accounting,
};

/// Lines that there are at most.
const MAX_LINES: usize = 24;
/// Places that a line names.
const MAX_PARTS: usize = 3;

/// The lines as text no wider than `width`. `None`: nothing that tells of a loss rose. `books`: where every drop went.
#[must_use]
pub fn text(
    rows: &Rows,
    rises: &[Rise],
    books: Option<Accounting>,
    width: usize,
) -> Option<String> {
    let hanging = Options::new(width).subsequent_indent("    ");
    let lines = lines(&reconcile(rows, rises), books);
    let lines: Vec<String> = lines.iter().map(|line| fill(line, &hanging)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

pub(super) fn lines(findings: &[Finding<'_>], books: Option<Accounting>) -> Vec<String> {
    let mut clock = LocalTime::default();
    let groups = groups(findings, books, &mut clock);
    let mut lines: Vec<String> = groups.iter().take(MAX_LINES).map(Group::line).collect();
    if groups.len() > MAX_LINES {
        lines.push(format!("{} more counters rose", groups.len() - MAX_LINES));
    }
    lines.extend(verdicts(findings).into_iter().take(MAX_LINES));
    lines
}

/// Counters that are said in one line, as the same is to be said of each.
#[derive(PartialEq, Eq)]
struct Group {
    names: Vec<String>,
    /// Whose they are.
    of: String,
    said: String,
}

impl Group {
    fn line(&self) -> String {
        let Self { names, of, said } = self;
        let names = match names.split_last() {
            Some((last, others)) if !others.is_empty() => {
                format!("{} and {last}", others.join(", "))
            }
            _ => names.concat(),
        };
        format!("{names}{of} rose by {said}")
    }
}

fn groups(
    findings: &[Finding<'_>],
    books: Option<Accounting>,
    clock: &mut LocalTime,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for finding in findings {
        let (name, of) = (name(&finding.rise), of(&finding.rise));
        let said = said(finding, books, clock);
        let is_alike = |group: &&mut Group| group.of == of && group.said == said;
        match groups.iter_mut().find(is_alike) {
            Some(group) => group.names.push(name),
            None => groups.push(Group {
                names: vec![name],
                of,
                said,
            }),
        }
    }
    groups
}

/// By how much it rose, and what explains that.
fn said(finding: &Finding<'_>, books: Option<Accounting>, clock: &mut LocalTime) -> String {
    let rise = &finding.rise;
    let mut out = rise.by().to_string();
    // Writing to a String cannot fail.
    if let Some(since) = rise.since {
        let _ = write!(out, " since {}, when it was met", clock.seconds(since));
    }
    out.push_str(": ");
    let parts = finding.parts.iter().take(MAX_PARTS);
    let mut said: Vec<String> = parts.map(|of| part(of, rise)).collect();
    let further = finding.parts.get(MAX_PARTS..).unwrap_or_default();
    if !further.is_empty() {
        let drops: u64 = further.iter().map(|part| part.explains).sum();
        let places = if further.len() == 1 {
            "place"
        } else {
            "places"
        };
        let is_certain = further.iter().all(|part| part.is_certain);
        let perhaps = if is_certain { "" } else { "perhaps " };
        said.push(format!(
            "{perhaps}{drops} at {} other {places}",
            further.len()
        ));
    }
    if finding.rest > 0 {
        said.push(rest(finding, books));
    }
    if finding.surplus > 0 {
        said.push(format!(
            "{} more drops should have raised it",
            finding.surplus
        ));
    }
    out.push_str(&said.join("; "));
    out
}

/// What a counter is called.
pub(in crate::report) fn name(rise: &Rise) -> String {
    match rise.source {
        Source::Ethtool => format!("{} (ethtool -S)", rise.name),
        Source::Qdisc => format!("{} (qdisc {})", rise.name, rise.part),
        Source::Softnet => format!("{} (softnet_stat, {})", rise.name, rise.part),
        _ => rise.name.clone(),
    }
}

fn of(rise: &Rise) -> String {
    match (rise.label.as_str(), rise.ifindex) {
        ("", _) => String::new(),
        (label, 0) => format!(" of namespace {label}"),
        (label, _) => format!(" of {label}"),
    }
}

pub(in crate::report) fn part(part: &Part<'_>, rise: &Rise) -> String {
    let Part {
        place,
        explains,
        drops,
        is_certain,
    } = part;
    let count = match (is_certain, explains == drops) {
        (true, true) => explains.to_string(),
        (true, false) => format!("{explains} of {drops}"),
        (false, true) => format!("perhaps {explains}"),
        (false, false) => format!("perhaps {explains} of {drops}"),
    };
    let reason = match &place.reason {
        Some(reason) => format!(" {reason}"),
        None => String::new(),
    };
    let is_elsewhere =
        rise.ifindex != 0 && (place.netns, place.ifindex) != (rise.netns, rise.ifindex);
    let interface = if is_elsewhere && !place.interface.is_empty() {
        format!(" ({})", place.interface)
    } else {
        String::new()
    };
    format!("{count}{reason} at {}{interface}", place.location)
}

/// Is it the ring, the NIC, or the kernel? A line for each interface that lost what came in.
#[must_use]
pub fn verdicts(findings: &[Finding<'_>]) -> Vec<String> {
    let mut interfaces: Vec<(u32, u32, &str)> = Vec::new();
    for Finding { rise, .. } in findings {
        let key = (rise.netns, rise.ifindex, rise.label.as_str());
        if matches!(rise.source, Source::Link | Source::Ethtool) && !interfaces.contains(&key) {
            interfaces.push(key);
        }
    }
    let of = |(netns, ifindex, label): (u32, u32, &str)| {
        let own: Vec<&Finding> = findings
            .iter()
            .filter(|finding| (finding.rise.netns, finding.rise.ifindex) == (netns, ifindex))
            .collect();
        verdict(label, &own)
    };
    interfaces.into_iter().filter_map(of).collect()
}

fn verdict(label: &str, findings: &[&Finding<'_>]) -> Option<String> {
    let lost = |wanted: Culprit| {
        let found = findings.iter().filter(|finding| {
            culprit(&finding.rise) == Some(wanted)
                && finding.rest > 0
                && !finding.rise.name.starts_with("tx")
        });
        // Several counters may tell of the same packets: their sum would be wrong.
        found.max_by_key(|finding| finding.rest)
    };
    let dropped = findings
        .iter()
        .find(|finding| finding.rise.source == Source::Link && finding.rise.name == "rx_dropped");
    let by = |finding: &Finding<'_>| format!("{} ({})", finding.rest, finding.rise.name);
    let mut said = Vec::new();
    if let Some(Finding {
        rise, rest, parts, ..
    }) = dropped
    {
        let (all, own) = (rise.by(), rise.by() - rest);
        let is_certain = parts.iter().all(|part| part.is_certain);
        let perhaps = if is_certain { "" } else { "perhaps " };
        said.push(match own {
            0 => format!("none of the {all} of rx_dropped is known to be the kernel's"),
            own if *rest == 0 => format!("{perhaps}all {own} of rx_dropped are the kernel's"),
            own => format!("{perhaps}{own} of the {all} of rx_dropped are the kernel's"),
        });
    }
    let (ring, wire) = (lost(Culprit::Ring), lost(Culprit::Wire));
    let (xdp, driver) = (lost(Culprit::Xdp), lost(Culprit::Driver));
    let (memory, software) = (lost(Culprit::Memory), lost(Culprit::Software));
    if let Some(ring) = ring {
        said.push(format!("the ring had no room for {}", by(ring)));
    }
    if let Some(memory) = memory {
        said.push(format!("the driver had no memory for {}", by(memory)));
    }
    if let Some(wire) = wire {
        said.push(format!("{} came damaged", by(wire)));
    }
    if let Some(xdp) = xdp {
        said.push(format!("an XDP program dropped {}", by(xdp)));
    }
    if let Some(driver) = driver {
        said.push(format!("the driver or the NIC lost {}", by(driver)));
    }
    if let Some(software) = software {
        said.push(format!("its own code lost {}", by(software)));
    }
    if said.is_empty() {
        return None;
    }
    if [ring, memory, wire, driver].iter().all(Option::is_none) {
        said.push("no counter of the ring or the NIC rose".to_owned());
    }
    Some(format!("{label}: {}", said.join("; ")))
}
