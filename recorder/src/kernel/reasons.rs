//! The running kernel's own names for its drop reasons.
//!
//! Reasons of a subsystem (v6.4 and later) carry its number in their high half. Their names are in the BTF of the module
//! that the subsystem is, which is there while the module is loaded; in the kernel's own where it is built in.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    ffi::OsString,
    fs::{self, DirEntry},
    os::unix::fs::DirEntryExt as _,
    path::Path,
    sync::Arc,
};

use super::btf::{self, Btf};

/// What every enumeration of reasons has in its name: `enum ovs_drop_reason`.
const DROP_REASON: &str = "drop_reason";

/// `SKB_DROP_REASON_SUBSYS_SHIFT` (`include/net/dropreason.h`, v6.4).
const SUBSYSTEM_SHIFT: u32 = 16;

/// The reasons that have names; their values move from one kernel to the next.
#[derive(Debug, Default)]
pub struct Reasons {
    names: HashMap<u32, String>,
    /// Numbers of the subsystems: `enum skb_drop_reason_subsys`.
    subsystems: HashSet<u32>,
    /// Modules whose BTF was looked at. A module that is loaded again has a file with another inode number.
    modules: HashSet<(OsString, u64)>,
}

impl Reasons {
    /// Reads the kernel's own. Empty where it knows none (up to 5.16).
    #[must_use]
    pub fn new(btf: &Btf) -> Self {
        let mut reasons = Self::default();
        for (name, value) in btf.enumerators("skb_drop_reason").unwrap_or_default() {
            let name = name.strip_prefix("SKB_DROP_REASON_").unwrap_or(name);
            // Neither is ever given for a drop.
            if matches!(name, "MAX" | "SUBSYS_MASK") {
                continue;
            }
            reasons.names.insert(value as u32, name.to_owned());
        }
        reasons.subsystems = btf
            .enumerators("skb_drop_reason_subsys")
            .unwrap_or_default()
            .into_iter()
            .filter(|(name, value)| *value != 0 && !is_bound(name))
            .map(|(_, value)| value as u32)
            .collect();
        reasons.add_subsystems(btf);
        reasons
    }

    /// Reads those of the modules that have come since it was last called.
    pub fn look_at_modules(&mut self) {
        if self.subsystems.is_empty() {
            return;
        }
        let present = fs::read_dir(btf::DIRECTORY).into_iter().flatten().flatten();
        let present: HashMap<_, _> = present
            .map(|file| ((file.file_name(), file.ino()), file))
            .collect();
        self.modules.retain(|module| present.contains_key(module));
        let mut kernel = None;
        for (module, file) in present {
            if self.modules.insert(module) {
                // A module that cannot be read is one whose reasons stay numbers.
                let _ = self.look_at(&file, &mut kernel);
            }
        }
    }

    /// `kernel`: the kernel's own BTF, which is read for the first module that has reasons, and forgotten then.
    fn look_at(&mut self, file: &DirEntry, kernel: &mut Option<Arc<Btf>>) -> Option<()> {
        let vmlinux = Path::new(btf::VMLINUX);
        if file.path() == vmlinux {
            return None;
        }
        let bytes = fs::read(file.path()).ok()?;
        let part = DROP_REASON.as_bytes();
        if !bytes.windows(part.len()).any(|window| window == part) {
            return None;
        }
        let base = match kernel {
            Some(base) => base.clone(),
            None => kernel.insert(Arc::new(Btf::read(vmlinux).ok()?)).clone(),
        };
        self.add_subsystems(&Btf::parse_split(bytes, base).ok()?);
        Some(())
    }

    /// Adds the reasons of subsystems that are in a file.
    fn add_subsystems(&mut self, btf: &Btf) {
        for enumerators in btf.enumerations(DROP_REASON) {
            let last = enumerators.iter().map(|(_, value)| *value).max();
            for (name, value) in enumerators {
                let subsystem = (value >> SUBSYSTEM_SHIFT) as u32;
                // The enumeration's own marks are never given for a drop: `__OVS_DROP_REASON`, `OVS_DROP_MAX`.
                let is_mark = name.starts_with('_') || (Some(value) == last && is_bound(name));
                if self.subsystems.contains(&subsystem) && !is_mark {
                    self.names.insert(value as u32, name.to_owned());
                }
            }
        }
    }

    /// The name of a reason; of one that has none, its number.
    #[must_use]
    pub fn name(&self, reason: u32) -> Cow<'_, str> {
        match self.names.get(&reason) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(reason.to_string()),
        }
    }

    /// A subsystem's reason that has no name: its module may have come since modules were looked at.
    #[must_use]
    pub fn may_come(&self, reason: u32) -> bool {
        self.subsystems.contains(&(reason >> SUBSYSTEM_SHIFT)) && !self.names.contains_key(&reason)
    }

    /// The reason of that name.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u32> {
        let mut reasons = self.names.iter();
        reasons.find_map(|(number, known)| (known == name).then_some(*number))
    }

    /// The numbers of those whose names are meant.
    pub fn named(&self, is_meant: impl Fn(&str) -> bool) -> impl Iterator<Item = u32> {
        let reasons = self.names.iter();
        reasons.filter_map(move |(number, name)| is_meant(name).then_some(*number))
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.values().map(String::as_str)
    }

    /// Some subsystem has no names yet: the module that it is in is not loaded.
    #[must_use]
    pub fn has_modules_to_come(&self) -> bool {
        let is_nameless = |subsystem: &u32| {
            let mut named = self.names.keys();
            !named.any(|reason| reason >> SUBSYSTEM_SHIFT == *subsystem)
        };
        self.subsystems.iter().any(is_nameless)
    }

    /// How many have a name.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The kernel gives no reasons.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// The mark at the end of an enumeration.
fn is_bound(name: &str) -> bool {
    name.ends_with("_MAX") || name.ends_with("_NUM")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::btf::builder::Builder;

    /// A kernel in which the second subsystem is built in, and a module that is the first.
    fn kernel() -> Builder {
        let mut kernel = Builder::new();
        kernel.enumeration(
            "skb_drop_reason",
            &[
                ("SKB_DROP_REASON_NO_SOCKET", 3),
                ("SKB_DROP_REASON_MAX", 4),
                ("SKB_DROP_REASON_SUBSYS_MASK", 0xffff_0000),
            ],
        );
        kernel.enumeration(
            "skb_drop_reason_subsys",
            &[
                ("SKB_DROP_REASON_SUBSYS_CORE", 0),
                ("SKB_DROP_REASON_SUBSYS_OPENVSWITCH", 1),
                ("SKB_DROP_REASON_SUBSYS_QDISC", 2),
                ("SKB_DROP_REASON_SUBSYS_NUM", 3),
            ],
        );
        kernel.enumeration(
            "qdisc_drop_reason",
            &[
                ("QDISC_DROP_UNSPEC", 0),
                ("__QDISC_DROP_REASON", 0x2_0000),
                ("QDISC_DROP_GENERIC", 0x2_0001),
            ],
        );
        kernel
    }

    fn module(kernel: &Builder, values: &[(&str, u32)]) -> Btf {
        let mut module = Builder::on(kernel);
        module.enumeration("ovs_drop_reason", values);
        Btf::parse_split(module.bytes(), Arc::new(kernel.btf())).unwrap()
    }

    #[test]
    fn the_kernels_own_reasons_lose_their_prefix_and_their_bounds() {
        let reasons = Reasons::new(&kernel().btf());
        assert_eq!(reasons.name(3), "NO_SOCKET");
        assert_eq!(reasons.number("NO_SOCKET"), Some(3));
        assert_eq!(reasons.name(4), "4");
        assert_eq!(reasons.name(0xffff_0000), "4294901760");
        assert_eq!(reasons.len(), 2);
    }

    #[test]
    fn a_subsystem_that_is_built_in_has_names_from_the_start() {
        let reasons = Reasons::new(&kernel().btf());
        assert_eq!(reasons.name(0x2_0001), "QDISC_DROP_GENERIC");
        assert_eq!(reasons.name(0x2_0000), "131072");
        assert_eq!(reasons.name(0), "0");
    }

    #[test]
    fn a_modules_reasons_have_the_names_of_its_own_btf() {
        let kernel = kernel();
        let mut reasons = Reasons::new(&kernel.btf());
        assert_eq!(reasons.name(0x1_0001), "65537");
        assert!(reasons.may_come(0x1_0001));
        reasons.add_subsystems(&module(
            &kernel,
            &[
                ("__OVS_DROP_REASON", 0x1_0000),
                ("OVS_DROP_LAST_ACTION", 0x1_0001),
                ("OVS_DROP_TTL_MAX", 0x1_0002),
                ("OVS_DROP_MAX", 0x1_0003),
            ],
        ));
        assert_eq!(reasons.name(0x1_0001), "OVS_DROP_LAST_ACTION");
        assert_eq!(reasons.name(0x1_0002), "OVS_DROP_TTL_MAX");
        assert_eq!(reasons.name(0x1_0000), "65536");
        assert_eq!(reasons.name(0x1_0003), "65539");
        assert!(!reasons.may_come(0x1_0001));
    }

    #[test]
    fn a_module_that_is_loaded_again_brings_its_reasons_anew() {
        let kernel = kernel();
        let mut reasons = Reasons::new(&kernel.btf());
        reasons.add_subsystems(&module(&kernel, &[("OVS_DROP_OLD", 0x1_0001)]));
        reasons.add_subsystems(&module(&kernel, &[("OVS_DROP_NEW", 0x1_0001)]));
        assert_eq!(reasons.name(0x1_0001), "OVS_DROP_NEW");
    }

    #[test]
    fn no_module_is_looked_for_where_the_kernel_has_no_such_subsystem() {
        let kernel = kernel();
        let mut reasons = Reasons::new(&kernel.btf());
        assert!(!reasons.may_come(0x3_0001) && !reasons.may_come(77));
        reasons.add_subsystems(&module(&kernel, &[("OTHER_DROP", 0x3_0001)]));
        assert_eq!(reasons.name(0x3_0001), "196609");
    }
}
