//! Which drops raise which counters of the kernel: one table, with the place in the kernel's source that says so
//! above each line.
//!
//! The files are those of Linux v6.18; what is said holds from v5.8 on, where the counter and the reason are there. A drop of
//! a kernel without reasons, or of one that gives `NOT_SPECIFIED`, is known by its function alone, which may drop for several
//! reasons: then nothing is certain.

mod device;
mod internet;
#[cfg(test)]
mod tests;
mod transport;

use crate::counters::Source;

/// A counter by its name; `*` stands for anything. Of a queueing discipline, `drops out` and `drops in` tell those on the way
/// out from `ingress` and `clsact`.
pub(crate) type Counter = (Source, &'static str);

/// Drops, and what they raise.
pub(crate) struct Rule {
    /// In one of these functions, compilers' copies included; none: wherever.
    pub(crate) functions: Names,
    /// For one of these reasons; none: whatever the reason.
    pub(crate) reasons: Names,
    /// Each of them rises by one.
    pub(crate) raises: &'static [Counter],
    /// Which drops raise them, and where.
    pub(crate) raised: Raised,
}

impl Rule {
    /// Each of its drops raises them. False: some do, or they raise another interface's.
    pub(crate) fn is_certain(&self) -> bool {
        self.raised == Raised::ByAll
    }
}

/// How drops raise counters, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Raised {
    /// Each of them does.
    ByAll,
    /// Some do, and in place of others that the same drops raise.
    Instead,
    /// Some do.
    BySome,
    /// Some do of those that were on their way out.
    BySent,
    /// Each does, at another interface than the one that it was at: the other end of its cable, or one above or below it.
    Elsewhere,
    /// Each does, at the tunnel whose packet it is; it was at the interface that this came in by.
    Above,
}

/// Names of functions, or of reasons.
type Names = &'static [&'static str];

const fn rule(
    raised: Raised,
    functions: Names,
    reasons: Names,
    raises: &'static [Counter],
) -> Rule {
    Rule {
        functions,
        reasons,
        raises,
        raised,
    }
}

/// Every such drop raises all of these.
const fn all(functions: Names, reasons: Names, raises: &'static [Counter]) -> Rule {
    rule(Raised::ByAll, functions, reasons, raises)
}

/// Some such drops raise some of these.
const fn some(functions: Names, reasons: Names, raises: &'static [Counter]) -> Rule {
    rule(Raised::BySome, functions, reasons, raises)
}

/// Some such drops raise these in place of what the others raise.
const fn instead(functions: Names, reasons: Names, raises: &'static [Counter]) -> Rule {
    rule(Raised::Instead, functions, reasons, raises)
}

/// Some such drops raise some of these, but none of what came in.
const fn sent(functions: Names, reasons: Names, raises: &'static [Counter]) -> Rule {
    rule(Raised::BySent, functions, reasons, raises)
}

/// Every such drop raises these of another interface.
const fn elsewhere(functions: Names, reasons: Names, raises: &'static [Counter]) -> Rule {
    rule(Raised::Elsewhere, functions, reasons, raises)
}

/// Every such drop raises these of a tunnel above its interface.
const fn above(functions: Names, reasons: Names, raises: &'static [Counter]) -> Rule {
    rule(Raised::Above, functions, reasons, raises)
}

/// Stands for the reason of a kernel that gives none.
pub(crate) const UNTOLD: &str = "-";

/// All of them. A function that has only one caller is often within it, so several functions are named where one is meant.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    [device::RULES, internet::RULES, transport::RULES]
        .into_iter()
        .flatten()
}
