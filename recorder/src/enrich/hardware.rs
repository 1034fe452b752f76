//! What the hardware has dropped, in words: a trap of its own is the reason, and no place in the kernel is there to be named.

use droprec_ebpf::record::{TRAP_EXCEPTION, is_trap};

use crate::kernel::traps::{Names, Traps};

/// The hardware, as it dropped a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hardware {
    /// `devlink_trap.type`
    kind: u32,
    /// None where the kernel half had no place for more.
    pub names: Option<Names>,
}

impl Hardware {
    /// The one that a record's location and reason tell of; `None`: it was the kernel.
    #[must_use]
    pub fn of(location: u64, reason: u32, traps: &Traps) -> Option<Self> {
        is_trap(location).then(|| Self {
            kind: reason,
            names: traps.of(location),
        })
    }

    /// What it did, behind what the frame is. An exception is for the processor to forward, or to answer.
    #[must_use]
    pub fn did(&self) -> &'static str {
        match self.kind {
            TRAP_EXCEPTION => " not forwarded by hardware",
            _ => " dropped by hardware",
        }
    }

    /// The type of its trap (`enum devlink_trap_type`, `include/uapi/linux/devlink.h`, v5.10) as `devlink trap show` calls it; its
    /// number where it has no name.
    #[must_use]
    pub fn kind(&self) -> String {
        match self.kind {
            0 => "drop".to_owned(),
            TRAP_EXCEPTION => "exception".to_owned(),
            other => other.to_string(),
        }
    }

    /// The name of its trap.
    #[must_use]
    pub fn trap(&self) -> Option<&str> {
        self.names.as_ref().map(|names| names.trap.as_str())
    }

    /// The name of the trap's group.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        self.names.as_ref().map(|names| names.group.as_str())
    }
}

/// What stands where other drops have their location.
pub const PLACE: &str = "hardware";

/// The same in a table. `group`: that of the trap.
#[must_use]
pub fn place(group: Option<&str>) -> String {
    match group {
        Some(group) => format!("{PLACE} ({group})"),
        None => PLACE.to_owned(),
    }
}
