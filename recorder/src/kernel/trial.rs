//! Loads the kernel half to see whether this kernel takes it, and what it then cannot do. Nothing is recorded.

use droprec_ebpf::config::ABSENT;

use super::{
    btf::Btf,
    checks::Check,
    offsets::{self, Kept, Settings},
    probe::{self, HARDWARE, Outputs, Types},
};
use crate::filter::rules::Rules;

/// Bytes: nothing is written to it. Enough for lanes, but on the largest machines.
const RING: u32 = 1 << 20;

/// A line for the program, and one for each thing that it does besides recording. With it what the program would write to,
/// if the kernel takes it.
#[must_use]
pub fn trial(btf: &Btf) -> (Vec<Check>, Option<Outputs>) {
    let name = "program";
    let settings = Settings {
        snaplen: 0,
        wake: RING,
        filter: 0,
        all: false,
        rate: 1,
        sample: 2,
        kept: Kept::PacketsAndCounts,
        copy_fault: None,
        stack: false,
    };
    let loaded = offsets::config(btf, settings)
        .map_err(anyhow::Error::from)
        .and_then(|config| {
            let loaded = probe::load(&mut Types::read()?, config, RING, &Rules::default(), None)?;
            Ok((config, loaded))
        });
    let (config, (probe, outputs)) = match loaded {
        Ok(loaded) => loaded,
        Err(error) => return (vec![Check::missing(name, format!("{error:#}"))], None),
    };
    let mut checks = vec![Check::good(name, "the kernel takes it")];
    if probe.trap_fd.is_some() {
        checks.push(Check::good(
            HARDWARE,
            "what it drops is told where it is trapped: `devlink trap show` lists the traps, and what each does",
        ));
    }
    let lacks = probe.lacks.into_iter();
    checks.extend(lacks.map(|(name, error)| Check::poor(name, error)));
    let is_told = config.task_regs != ABSENT && config.regs_argument != ABSENT;
    checks.push(if is_told {
        Check::good("senders", "a process is named where it is sending the packet")
    } else {
        Check::poor(
            "senders",
            "no process is named: the kernel does not tell what a task does (bpf_task_pt_regs came with Linux 5.15)",
        )
    });
    (checks, Some(outputs))
}
