//! The interfaces of a recording: one for each name that an interface and its namespace had, in the order that drops came from
//! them.

use std::collections::HashMap;

use super::absent::Absent;
use crate::kernel::interfaces::{Interfaces, Netns};

/// An interface, and what of its drops became of them.
#[derive(Debug, Default)]
pub struct Device {
    /// Its own name, fit to print.
    pub name: String,
    /// What a person would call it: with its namespace, if it is another than droprec's own.
    pub label: String,
    /// Its namespace.
    pub netns: Netns,
    /// Its index; 0: this is no interface, but stands for all drops without one.
    pub ifindex: u32,
    /// Drops that were read from the ring.
    pub read: u64,
    /// Of these, those that did not reach the file.
    pub unwritten: u64,
    /// Of these, those that newer ones took the room of in memory.
    pub overwritten: u64,
    /// Drops that were not recorded.
    pub absent: Absent,
}

/// All interfaces of a recording. The first is none.
#[derive(Debug)]
pub struct Devices {
    /// By which their names are known.
    pub interfaces: Interfaces,
    all: Vec<Device>,
    /// By namespace, index and label: an interface that is renamed, or whose namespace is, is another one in the file.
    indices: HashMap<(Netns, u32, String), u32>,
    /// The one that is now at a namespace and index.
    current: HashMap<(Netns, u32), u32>,
}

impl Devices {
    /// There is only the first.
    #[must_use]
    pub fn new(interfaces: Interfaces) -> Self {
        let none = Device {
            name: "none".to_owned(),
            label: "none".to_owned(),
            ..Device::default()
        };
        Self {
            interfaces,
            all: vec![none],
            indices: HashMap::new(),
            current: HashMap::new(),
        }
    }

    /// The index of an interface. `name`: what it was called when the packet was dropped; empty: not known.
    pub fn of(&mut self, netns: Netns, ifindex: u32, name: &str) -> u32 {
        if ifindex == 0 {
            return 0;
        }
        let name = self.interfaces.name(netns, ifindex, name);
        let key = (netns, ifindex, self.label_of(netns, ifindex, &name));
        let index = if let Some(index) = self.indices.get(&key) {
            *index
        } else {
            let index = self.all.len() as u32;
            self.all.push(Device {
                name,
                label: key.2.clone(),
                netns,
                ifindex,
                ..Device::default()
            });
            self.indices.insert(key, index);
            index
        };
        self.current.insert((netns, ifindex), index);
        index
    }

    /// The label of one of them, by its name. A namespace that has lost its name is called by it still.
    fn label_of(&mut self, netns: Netns, ifindex: u32, name: &str) -> String {
        let is_named = self.interfaces.namespace(netns).is_some();
        let last = self.current.get(&(netns, ifindex));
        let last = last.map(|index| self.get(*index));
        match last {
            Some(last) if !is_named && last.name == name => last.label.clone(),
            _ => self.interfaces.label(netns, name),
        }
    }

    /// What an interface is called now.
    pub fn name_of(&mut self, netns: Netns, ifindex: u32) -> Option<String> {
        self.interfaces.name_now(netns, ifindex)
    }

    /// The name that `ip netns` gave a namespace.
    pub fn namespace(&mut self, netns: Netns) -> Option<String> {
        self.interfaces.namespace(netns)
    }

    /// What a person would call an interface of that name, whether it is one of these or not; without a name, what its
    /// namespace is called, if it is another than droprec's own.
    pub fn label(&mut self, netns: Netns, name: &str) -> String {
        let label = self.interfaces.label(netns, name);
        match name {
            "" => label.strip_prefix('@').unwrap_or(&label).to_owned(),
            _ => label,
        }
    }

    /// One of them, by its index.
    #[must_use]
    pub fn get(&self, index: u32) -> &Device {
        &self.all[index as usize]
    }

    /// One of them, by its index.
    pub fn get_mut(&mut self, index: u32) -> &mut Device {
        &mut self.all[index as usize]
    }

    /// All of them, by index.
    #[must_use]
    pub fn all(&self) -> &[Device] {
        &self.all
    }

    /// Counts a drop that was read from the ring.
    pub fn count(&mut self, index: u32) {
        self.all[index as usize].read += 1;
    }

    /// Brings `absent` up to date: as many as were counted at each namespace and index. What was not recorded under an earlier
    /// name stays with it.
    pub fn set_absent(&mut self, totals: HashMap<(Netns, u32), Absent>) {
        let mut told: HashMap<(Netns, u32), Absent> = HashMap::new();
        for device in &self.all {
            let told = told.entry((device.netns, device.ifindex)).or_default();
            *told = *told + device.absent;
        }
        for (which, total) in totals {
            let index = match self.current.get(&which) {
                Some(index) => *index,
                None => self.of(which.0, which.1, ""),
            };
            let told = told.get(&which).copied().unwrap_or_default();
            let device = self.get_mut(index);
            device.absent = device.absent + (total - told);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::namespaces::Namespaces;

    #[test]
    fn an_interface_is_another_one_under_each_name_of_its_namespace() {
        // No namespace has this number.
        let netns = Netns {
            inode: 1,
            cookie: 0,
        };
        let mut devices = Devices::new(Interfaces::new(Namespaces::start().unwrap()));
        let mut called = |name: &str| {
            devices.interfaces.call(netns.inode, name);
            let index = devices.of(netns, 7, "eth0");
            let Device { name, label, .. } = devices.get(index);
            (index, name.clone(), label.clone())
        };
        let is = |index, label: &str| (index, "eth0".to_owned(), label.to_owned());
        assert_eq!(called("old"), is(1, "eth0@old"));
        assert_eq!(called("new"), is(2, "eth0@new"));
        assert_eq!(called("old"), is(1, "eth0@old"));
    }
}
