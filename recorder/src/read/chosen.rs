//! Which interfaces of a file were asked for: by the names that the file has for them, and by what droprec says of packets.

use super::entry::{Entry, Told};
use crate::{
    filter::{sought::Sought, typed::Filters},
    text::printable,
};

/// What was asked for, and what of it came.
#[derive(Debug)]
pub struct Chosen {
    /// By name; none: all.
    want: Sought<String>,
    /// Those that are not wanted, by name.
    not: Vec<String>,
    /// Namespaces were asked for: a name without one is looked for in these.
    has_namespaces: bool,
    /// Some were asked for by their namespaces' names too.
    has_labels: bool,
}

/// What was asked for by the name that the file has for an interface.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choice {
    is_wanted: bool,
    is_refused: bool,
}

impl Chosen {
    /// Nothing has come yet.
    #[must_use]
    pub fn new(filters: &Filters) -> Self {
        let Filters {
            interface,
            not_interface,
            netns,
            ..
        } = filters;
        let has_label = |names: &[String]| names.iter().any(|name| name.contains('@'));
        Self {
            want: Sought::new(interface.iter().map(|name| printable(name))),
            not: not_interface.iter().map(|name| printable(name)).collect(),
            has_namespaces: !netns.is_empty(),
            has_labels: has_label(interface) || has_label(not_interface),
        }
    }

    /// An interface comes. It is meant by its name, or, as live, by its name and the inode number of its namespace, or by its
    /// name alone where namespaces were asked for too, which is seen to elsewhere.
    pub fn meet(&mut self, name: &str, netns: Option<&str>) -> Choice {
        let has_namespaces = self.has_namespaces;
        let is = |wanted: &str| {
            let numbered = wanted.rsplit_once('@');
            let behind = name.strip_prefix(wanted);
            wanted == name
                || (has_namespaces && behind.is_some_and(is_namespace))
                || numbered.is_some_and(|(of, inode)| {
                    let behind = name.strip_prefix(of);
                    Some(inode) == netns && behind.is_some_and(is_namespace)
                })
        };
        // What droprec calls the place of packets without an interface is nobody's name.
        let told = if name == "none" { "" } else { name };
        Choice {
            is_wanted: self.want.is_empty() || self.want.meet(told, |wanted| is(wanted)),
            is_refused: self.not.iter().any(|name| is(name)),
        }
    }

    /// Whether a packet was asked for. What the namespace is called that droprec itself was in, only its packets tell.
    pub fn takes(&mut self, entry: &Entry<'_>) -> bool {
        let Choice {
            mut is_wanted,
            mut is_refused,
        } = entry.interface.choice;
        if self.has_labels
            && let Some(pairs) = entry.told.as_ref().map(Told::pairs)
        {
            for label in pairs.labels("dev") {
                is_wanted |= self.want.meet("", |wanted| *wanted == label);
                is_refused |= self.not.contains(&label);
            }
        }
        is_wanted && !is_refused
    }

    /// What is to be said of names that the file does not have.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        self.want
            .notes(|name| format!("-i {name}: no interface of the file has this name"))
    }
}

/// What may stand behind an interface's name: nothing, or the name of its namespace.
fn is_namespace(text: &str) -> bool {
    text.is_empty() || text.starts_with('@')
}
