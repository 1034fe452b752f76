//! Which packets of a file are wanted, by what the file tells of each.

use super::noise;
use super::{
    headers::Asked,
    names::{Place, Reason},
    typed::Filters,
};
use crate::{
    enrich::hardware,
    explain,
    read::entry::{Entry, Told},
};

/// Filters, as a file is asked for them. Interfaces are asked for by name, as they come up.
#[derive(Debug)]
pub struct ToldFilters {
    filters: Filters,
    headers: Option<Asked>,
    /// Something is asked that only comments tell.
    is_of_comments: bool,
}

impl ToldFilters {
    /// What was typed.
    #[must_use]
    pub fn new(filters: &Filters) -> Self {
        let Filters {
            netns,
            not_netns,
            reason,
            not_reason,
            location,
            not_location,
            ..
        } = filters;
        let named = [netns, not_netns].iter().any(|names| !names.is_empty());
        let reasons = [reason, not_reason].iter().any(|names| !names.is_empty());
        let places = [location, not_location]
            .iter()
            .any(|names| !names.is_empty());
        Self {
            headers: filters.headers(),
            is_of_comments: named || reasons || places || filters.no_noise,
            filters: filters.clone(),
        }
    }

    /// Whether a packet is wanted. What is not told of it is none of what is asked for.
    #[must_use]
    pub fn want(&self, entry: &Entry<'_>) -> bool {
        let (link_type, frame) = entry.frame();
        let have = |asked: &Asked| asked.want(link_type, frame);
        (!self.is_of_comments || self.want_told(entry.told.as_ref()))
            && self.headers.as_ref().is_none_or(have)
    }

    fn want_told(&self, told: Option<&Told<'_>>) -> bool {
        let pairs = told.map(Told::pairs);
        let get = |key| pairs.as_ref().and_then(|pairs| pairs.get(key));
        let filters = &self.filters;
        let reason = get("reason");
        let is_reason = |wanted: &Reason| reason.as_deref().is_some_and(|reason| wanted.is(reason));
        let at_hardware = || get("hw").map(|_| hardware::PLACE.into());
        let location = get("loc").or_else(at_hardware);
        let is_place =
            |wanted: &Place| location.as_deref().is_some_and(|told| wanted.is_told(told));
        let (inode, name) = (get("netns"), get("netns_name"));
        let is_netns = |wanted: &String| {
            [&inode, &name]
                .iter()
                .any(|told| told.as_deref() == Some(wanted))
        };
        passes(&filters.reason, &filters.not_reason, is_reason)
            && passes(&filters.location, &filters.not_location, is_place)
            && passes(&filters.netns, &filters.not_netns, is_netns)
            && !(filters.no_noise && is_noise(reason.as_deref(), location.as_deref()))
    }
}

fn is_noise(reason: Option<&str>, location: Option<&str>) -> bool {
    let function = location.map(explain::function);
    noise::members().iter().any(|member| {
        let is_reason = member.reason.is_none_or(|name| reason == Some(name));
        let is_place = member.functions.is_empty()
            || function.is_some_and(|function| member.functions.contains(&function));
        is_reason && is_place
    })
}

/// Whether one of the wanted ones is it, and none of the others.
pub(super) fn passes<T>(want: &[T], not: &[T], is: impl Fn(&T) -> bool) -> bool {
    (want.is_empty() || want.iter().any(&is)) && !not.iter().any(is)
}
