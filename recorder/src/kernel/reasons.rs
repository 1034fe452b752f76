//! The running kernel's own names for its drop reasons.

use std::{borrow::Cow, collections::HashMap};

use super::btf::Btf;

/// `enum skb_drop_reason` of the running kernel; its values move from one kernel to the next.
#[derive(Debug, Default)]
pub struct Reasons(HashMap<u32, String>);

impl Reasons {
    /// Reads them from BTF. Empty where the kernel knows none (up to 5.16).
    #[must_use]
    pub fn new(btf: &Btf) -> Self {
        let mut names = HashMap::new();
        for (name, value) in btf.enumerators("skb_drop_reason").unwrap_or_default() {
            let name = name.strip_prefix("SKB_DROP_REASON_").unwrap_or(name);
            // Neither is ever given for a drop.
            if matches!(name, "MAX" | "SUBSYS_MASK") {
                continue;
            }
            names.insert(value as u32, name.to_owned());
        }
        Self(names)
    }

    /// The name of a reason; of one that has none, its number.
    #[must_use]
    pub fn name(&self, reason: u32) -> Cow<'_, str> {
        match self.0.get(&reason) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(reason.to_string()),
        }
    }

    /// The reason of that name.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u32> {
        let mut reasons = self.0.iter();
        reasons.find_map(|(number, known)| (known == name).then_some(*number))
    }

    /// How many have a name.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The kernel gives no reasons.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
