//! The moment from which on a recording has no rights.

use anyhow::Result;
use rustix::thread::CapabilitySet;

use crate::{
    kernel::probe::Probe,
    plan::{Plan, Voice},
    privileges::{self, Confinement},
    report::say::show,
};

/// Gives up all rights but those without which the kernel does not let the kernel half's maps be read.
pub(super) fn give_up(plan: &Plan, confinement: Option<&Confinement>, probe: &Probe) -> Result<()> {
    let Some(confinement) = confinement else {
        return Ok(());
    };
    let kept = if privileges::without(|| probe.counters().is_ok())? {
        CapabilitySet::empty()
    } else {
        CapabilitySet::BPF
    };
    let sandbox = confinement.confine(kept)?;
    if plan.voice == Voice::Verbose {
        let rights = if kept.is_empty() {
            "no capability is left"
        } else {
            "CAP_BPF alone is left: this kernel lets nobody read counters without (before Linux 5.19, where kernel.unprivileged_bpf_disabled is set)"
        };
        let wall = sandbox.map_or_else(
            || "no Landlock, as -z runs a command, or a date names a directory".to_owned(),
            |sandbox| sandbox.to_string(),
        );
        show(format_args!("rights: {rights}; {wall}"));
    }
    Ok(())
}
