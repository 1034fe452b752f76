//! Which packets of a file are wanted, by what the file tells of each.

use std::{borrow::Cow, path::Path};

use super::{
    headers::{Asked, Judgement},
    names::{Place, Reason},
    noise,
    sought::Sought,
    typed::Filters,
};
use crate::{
    cli::WrongArgument,
    enrich::hardware,
    explain,
    kernel::namespaces::inode_at,
    logfmt::Pairs,
    read::entry::{Entry, Told},
    text::printable,
};

/// Filters, as a file is asked for them. Interfaces are asked for by name, as they come up.
#[derive(Debug)]
pub struct ToldFilters {
    filters: Filters,
    headers: Option<Asked>,
    /// Something is asked that only comments tell.
    is_of_comments: bool,
    reasons: Sought<Reason>,
    places: Sought<Place>,
    namespaces: Sought<String>,
    /// Packets whose file lacks the bytes that it hangs on whether they are wanted.
    cut: u64,
}

/// What the file tells of a packet that filters ask for.
struct Cause<'a> {
    reason: Option<Cow<'a, str>>,
    location: Option<Cow<'a, str>>,
    netns: Option<Cow<'a, str>>,
    netns_name: Option<Cow<'a, str>>,
}

impl<'a> Cause<'a> {
    fn of(told: Option<&'a Told<'_>>) -> Self {
        let pairs = told.map(Told::pairs);
        let get = |key| pairs.as_ref().and_then(|pairs: &Pairs<'a>| pairs.get(key));
        let at_hardware = || get("hw").map(|_| hardware::PLACE.into());
        Self {
            reason: get("reason"),
            location: get("loc").or_else(at_hardware),
            netns: get("netns"),
            netns_name: get("netns_name"),
        }
    }

    fn is_for(&self, wanted: &Reason) -> bool {
        self.reason
            .as_deref()
            .is_some_and(|reason| wanted.is(reason))
    }

    fn is_at(&self, wanted: &Place) -> bool {
        self.location
            .as_deref()
            .is_some_and(|told| wanted.is_told(told))
    }

    fn is_in(&self, wanted: &str) -> bool {
        [&self.netns, &self.netns_name]
            .iter()
            .any(|told| told.as_deref() == Some(wanted))
    }

    fn is_noise(&self) -> bool {
        let function = self.location.as_deref().map(explain::function);
        noise::members().iter().any(|member| {
            let is_reason = member.reason.is_none() || self.reason.as_deref() == member.reason;
            let is_place = member.functions.is_empty()
                || function.is_some_and(|function| member.functions.contains(&function));
            is_reason && is_place
        })
    }
}

impl ToldFilters {
    /// What was typed, with the names of namespaces as files have them. An error: a file of a namespace that is not there.
    pub fn new(filters: &Filters) -> Result<Self, WrongArgument> {
        let mut filters = filters.clone();
        for (option, names) in [
            ("--netns", &mut filters.netns),
            ("--not-netns", &mut filters.not_netns),
        ] {
            for name in names {
                *name = if name.contains('/') {
                    number(option, name)?
                } else {
                    printable(name)
                };
            }
        }
        let Filters {
            netns,
            not_netns,
            reason,
            not_reason,
            location,
            not_location,
            ..
        } = &filters;
        let named = [netns, not_netns].iter().any(|names| !names.is_empty());
        let reasons = [reason, not_reason].iter().any(|names| !names.is_empty());
        let places = [location, not_location]
            .iter()
            .any(|names| !names.is_empty());
        Ok(Self {
            headers: filters.headers(),
            is_of_comments: named || reasons || places || filters.no_noise,
            reasons: Sought::new(reason.clone()),
            places: Sought::new(location.clone()),
            namespaces: Sought::new(netns.clone()),
            cut: 0,
            filters,
        })
    }

    /// Takes note of what the file has, whether it is wanted or not.
    pub fn meet(&mut self, entry: &Entry<'_>) {
        let Self {
            reasons,
            places,
            namespaces,
            ..
        } = self;
        if reasons.is_settled() && places.is_settled() && namespaces.is_settled() {
            return;
        }
        let cause = Cause::of(entry.told.as_ref());
        if let Some(reason) = &cause.reason {
            reasons.meet(reason, |wanted| cause.is_for(wanted));
        }
        if let Some(location) = &cause.location {
            places.meet(location, |wanted| cause.is_at(wanted));
        }
        if let Some(name) = cause.netns_name.as_ref().or(cause.netns.as_ref()) {
            namespaces.meet(name, |wanted| cause.is_in(wanted));
        }
    }

    /// What is to be said of names that no drop of the file has.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let reasons = self.reasons.notes(|name| no_reason("--reason ", name));
        let places = self
            .places
            .notes(|place| format!("{}: no drop of the file was there", place.asked(true)));
        let namespaces = self.namespaces.notes(|name| {
            let name = printable(name);
            format!("--netns {name}: no drop of the file was in a namespace of this name or number")
        });
        [reasons, places, namespaces].concat()
    }

    /// Whether a packet is wanted. What is not told of it, or cut off, is none of what is asked for.
    #[must_use]
    pub fn want(&mut self, entry: &Entry<'_>) -> bool {
        if self.is_of_comments && !self.want_told(entry.told.as_ref()) {
            return false;
        }
        let Some(asked) = &self.headers else {
            return true;
        };
        let (link_type, frame) = entry.frame();
        let Judgement { is_wanted, wants } = asked.judge(link_type, frame);
        // Behind the packet's own end there never was a header.
        let (_, len) = entry.bytes();
        self.cut += u64::from((1..=len).contains(&wants));
        is_wanted
    }

    /// What is to be said of packets that are cut too short to be judged.
    #[must_use]
    pub fn cut(&self) -> Option<String> {
        const BEFORE: &str = "cut before what the filters look at";
        match self.cut {
            0 => None,
            1 => Some(format!(
                "1 packet is {BEFORE}: it is taken as having no such header"
            )),
            cut => Some(format!(
                "{cut} packets are {BEFORE}: they are taken as having no such header"
            )),
        }
    }

    fn want_told(&self, told: Option<&Told<'_>>) -> bool {
        let cause = Cause::of(told);
        let filters = &self.filters;
        passes(&filters.reason, &filters.not_reason, |reason| {
            cause.is_for(reason)
        }) && passes(&filters.location, &filters.not_location, |place| {
            cause.is_at(place)
        }) && passes(&filters.netns, &filters.not_netns, |netns| {
            cause.is_in(netns)
        }) && !(filters.no_noise && cause.is_noise())
    }

    /// Whether a packet that is not wanted is noise, as it is counted live: one whose namespace, reason or place is refused by
    /// name is not.
    #[must_use]
    pub fn is_noise(&self, entry: &Entry<'_>) -> bool {
        let filters = &self.filters;
        if !filters.no_noise {
            return false;
        }
        let cause = Cause::of(entry.told.as_ref());
        cause.is_noise()
            && passes(&filters.netns, &filters.not_netns, |netns| {
                cause.is_in(netns)
            })
            && passes(&[], &filters.not_reason, |reason| cause.is_for(reason))
            && passes(&[], &filters.not_location, |place| cause.is_at(place))
    }
}

/// What is to be said of a reason that no drop of the file has. `option`: what stands before it.
#[must_use]
pub fn no_reason(option: &str, name: &Reason) -> String {
    let typed = printable(name.typed());
    match name.number() {
        Some(_) => format!(
            "{option}{typed}: no drop of the file has this number for its reason: take the name, which a file has, as numbers \
             differ from kernel to kernel"
        ),
        None => format!("{option}{typed}: no drop of the file has this reason"),
    }
}

/// The number of a namespace that is named by a file of it.
fn number(option: &str, file: &str) -> Result<String, WrongArgument> {
    let number = inode_at(Path::new(file)).map(|number| number.to_string());
    number.ok_or_else(|| {
        WrongArgument(format!(
            "{option} {}: there is no such file here; in a recording a namespace has its number, and the name that `ip netns` gave \
             it: take one of these",
            printable(file)
        ))
    })
}

/// Whether one of the wanted ones is it, and none of the others.
pub(super) fn passes<T>(want: &[T], not: &[T], is: impl Fn(&T) -> bool) -> bool {
    (want.is_empty() || want.iter().any(&is)) && !not.iter().any(is)
}
