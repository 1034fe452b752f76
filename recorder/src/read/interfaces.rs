//! The interfaces of a section of the file.

use droprec_pcapng::read;

use super::{chosen::Choice, name::named, wanted::Wanted};

/// An interface, as the file describes it.
#[derive(Debug, Default)]
pub struct Interface {
    /// Its name, fit to print; empty where the file gives none.
    pub name: String,
    /// What its packets begin with.
    pub link_type: u32,
    /// Whether its packets were asked for, as far as that is known by now.
    pub choice: Choice,
}

/// Those of the section, by their numbers.
#[derive(Debug, Default)]
pub struct Interfaces {
    all: Vec<Interface>,
    /// Stands for one that is not there, which the reader lets through nowhere.
    none: Interface,
}

impl Interfaces {
    /// A new section begins.
    pub fn clear(&mut self) {
        self.all.clear();
    }

    /// Adds the next one.
    pub fn add(&mut self, interface: &read::Interface<'_>, wanted: &mut Wanted) {
        wanted.meet(interface.link_type);
        let name = interface.name.clone().map(named).unwrap_or_default();
        let description = interface.description.as_deref().unwrap_or_default();
        self.all.push(Interface {
            choice: wanted.interfaces.meet(&name, netns(description)),
            name,
            link_type: interface.link_type,
        });
    }

    /// The one with this number.
    #[must_use]
    pub fn of(&self, number: u32) -> &Interface {
        self.all.get(number as usize).unwrap_or(&self.none)
    }
}

/// The inode number of an interface's namespace, as droprec's files have it: `netns 4026531840, ifindex 2`.
fn netns(description: &str) -> Option<&str> {
    let (netns, _) = description.strip_prefix("netns ")?.split_once(',')?;
    Some(netns)
}
