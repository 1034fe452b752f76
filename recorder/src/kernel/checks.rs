//! What a recording needs of the kernel and of the caller's rights, checked one by one, each with its remedy.

use std::{fs, path::Path};

use aya::{maps::MapType, sys::is_map_supported};
use rustix::system::uname;

use super::{
    btf::{self, Btf},
    offsets,
    reasons::Reasons,
    symbols::{self, Symbols},
};
use crate::{
    privileges::sandbox,
    text::{printable, shell_word},
};

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be.
    Good,
    /// A recording can do without; the finding says what it then lacks.
    Poor,
    /// No recording can start.
    Missing,
}

/// One line of the doctor's.
#[derive(Debug)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// How it came out.
    pub outcome: Outcome,
    /// What was found, and what to do about it.
    pub finding: String,
}

impl Check {
    pub(crate) fn good(name: &'static str, finding: impl Into<String>) -> Self {
        Self {
            name,
            outcome: Outcome::Good,
            finding: finding.into(),
        }
    }
    pub(crate) fn poor(name: &'static str, finding: impl Into<String>) -> Self {
        Self {
            name,
            outcome: Outcome::Poor,
            finding: finding.into(),
        }
    }
    pub(super) fn missing(name: &'static str, finding: impl Into<String>) -> Self {
        Self {
            name,
            outcome: Outcome::Missing,
            finding: finding.into(),
        }
    }
}

/// Capabilities by their numbers in `include/uapi/linux/capability.h`.
const CAP_SYS_PTRACE: u32 = 19;
const CAP_SYS_ADMIN: u32 = 21;
const CAP_SYSLOG: u32 = 34;
const CAP_PERFMON: u32 = 38;
const CAP_BPF: u32 = 39;

/// All that droprec uses, as `setcap` takes it: the first two to load and attach the kernel half, the third for names of functions,
/// the fourth to look into other network namespaces, the last to find those that no name has, but another user's process.
pub const CAPABILITIES: &str = "cap_bpf,cap_perfmon,cap_syslog,cap_sys_admin,cap_sys_ptrace+ep";

/// Where this program is, to be typed.
fn program() -> String {
    let path = std::env::current_exe().unwrap_or_else(|_| "droprec".into());
    printable(&shell_word(&path.to_string_lossy()))
}

/// The effective capabilities of this process, a bit each.
fn capabilities() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}

fn has(capabilities: u64, capability: u32) -> bool {
    capabilities >> capability & 1 == 1
}

/// What keeps a recording from starting, checked before anything is loaded.
#[must_use]
pub fn essential(btf: &Result<Btf, btf::BtfError>) -> Vec<Check> {
    let mut checks = vec![rights(), lockdown(), types(btf)];
    if let Ok(btf) = btf {
        checks.push(tracepoint(btf));
    }
    // Without the right to ask, the kernel's answer would be about the right.
    if checks[0].outcome == Outcome::Good {
        checks.push(ring());
    }
    checks
}

/// All that the doctor looks at.
#[must_use]
pub fn all(btf: &Result<Btf, btf::BtfError>) -> Vec<Check> {
    let mut checks = vec![kernel()];
    checks.extend(essential(btf));
    if let Ok(btf) = btf {
        checks.push(reasons(btf));
    }
    checks.push(names(&Symbols::read()));
    checks.push(namespaces());
    checks.push(landlock());
    checks
}

fn kernel() -> Check {
    let uname = uname();
    let text = |part: &std::ffi::CStr| part.to_string_lossy().into_owned();
    Check::good(
        "kernel",
        format!(
            "{} {} {}",
            text(uname.sysname()),
            text(uname.release()),
            text(uname.machine())
        ),
    )
}

fn rights() -> Check {
    let name = "capabilities";
    let capabilities = capabilities();
    let admin = has(capabilities, CAP_SYS_ADMIN);
    let lacking: Vec<&str> = [(CAP_BPF, "CAP_BPF"), (CAP_PERFMON, "CAP_PERFMON")]
        .into_iter()
        .filter(|(capability, _)| !admin && !has(capabilities, *capability))
        .map(|(_, name)| name)
        .collect();
    if lacking.is_empty() {
        return Check::good(name, "enough to load and attach a BPF program");
    }
    Check::missing(
        name,
        format!(
            "{} not held: run droprec as root (sudo droprec …), or once: \
             sudo setcap {CAPABILITIES} {}",
            lacking.join(" and "),
            program()
        ),
    )
}

fn lockdown() -> Check {
    let name = "lockdown";
    match fs::read_to_string("/sys/kernel/security/lockdown") {
        Ok(modes) if modes.contains("[confidentiality]") => Check::missing(
            name,
            "confidentiality: no BPF program may read the kernel's memory; boot with lockdown=integrity, or without Secure Boot",
        ),
        Ok(modes) => Check::good(name, modes.trim().to_owned()),
        Err(_) => Check::good(
            name,
            "none to be seen (no securityfs, or not this user's to read)",
        ),
    }
}

fn types(btf: &Result<Btf, btf::BtfError>) -> Check {
    let name = "BTF";
    match btf {
        Ok(btf) => Check::good(name, format!("{}, {} types", btf::VMLINUX, btf.len())),
        Err(error @ btf::BtfError::UnknownKind { .. }) => Check::missing(
            name,
            format!("{error}: a newer droprec may know this kernel"),
        ),
        Err(error) => Check::missing(
            name,
            format!(
                "{error}: droprec finds its way in the kernel by BTF; take a kernel with CONFIG_DEBUG_INFO_BTF=y \
                 (most distributions' since 5.8), and see that /sys is mounted"
            ),
        ),
    }
}

fn tracepoint(btf: &Btf) -> Check {
    let name = "tracepoint";
    match offsets::arguments(btf) {
        Ok(arguments) => {
            let names = ["skb", "location", "reason", "rx_sk"];
            Check::good(
                name,
                format!("skb:kfree_skb({})", names[..arguments.len()].join(", ")),
            )
        }
        Err(error) => Check::missing(
            name,
            format!("{error}: a newer droprec may know this kernel"),
        ),
    }
}

fn ring() -> Check {
    let name = "ring buffer";
    match is_map_supported(MapType::RingBuf) {
        Ok(true) => Check::good(name, "BPF_MAP_TYPE_RINGBUF"),
        Ok(false) => Check::missing(
            name,
            "the kernel has no BPF ring buffer: it takes Linux 5.8",
        ),
        Err(error) => Check::missing(
            name,
            format!(
                "the kernel does not let BPF maps be made ({error}): in a container, run droprec on the host"
            ),
        ),
    }
}

fn reasons(btf: &Btf) -> Check {
    let name = "reasons";
    let reasons = Reasons::new(btf);
    let with_reason = offsets::arguments(btf).is_ok_and(|arguments| arguments.len() > 2);
    if with_reason && !reasons.is_empty() {
        Check::good(name, format!("{} known by name", reasons.len()))
    } else {
        Check::poor(
            name,
            "the kernel gives none (they came with Linux 5.17): the location tells the most",
        )
    }
}

/// Whether functions have names.
#[must_use]
pub fn names(symbols: &std::io::Result<Symbols>) -> Check {
    let name = "kallsyms";
    match symbols {
        Ok(symbols) if !symbols.is_empty() => {
            Check::good(name, format!("{} functions", symbols.len()))
        }
        Ok(_) if has(capabilities(), CAP_SYSLOG) => Check::poor(
            name,
            "the kernel shows no addresses, so locations stay without names: sysctl kernel.kptr_restrict=1",
        ),
        Ok(_) => Check::poor(
            name,
            "the kernel shows no addresses, so locations stay without names: run droprec as root, or add cap_syslog",
        ),
        Err(error) => Check::poor(
            name,
            format!(
                "{}: {error}: locations stay without names; it takes CONFIG_KALLSYMS=y",
                symbols::KALLSYMS
            ),
        ),
    }
}

/// Whether interfaces of other network namespaces have names and counters.
fn namespaces() -> Check {
    let name = "namespaces";
    let held = |capability| has(capabilities(), capability);
    match (held(CAP_SYS_ADMIN), held(CAP_SYS_PTRACE)) {
        (true, true) => Check::good(name, "all network namespaces can be found and looked into"),
        (true, false) => Check::poor(
            name,
            "those that no name has, but another user's process, are not found: run droprec as root, or add cap_sys_ptrace",
        ),
        _ => Check::poor(
            name,
            "interfaces of other network namespaces are found by no name, and their counters are not read: run droprec as \
             root, or add cap_sys_admin",
        ),
    }
}

/// Whether the kernel guards files from a recording that has lost its way.
fn landlock() -> Check {
    let name = "Landlock";
    match sandbox::offered() {
        Some(version) => Check::good(
            name,
            format!(
                "version {version}: once it records, droprec writes nothing but its files' directory"
            ),
        ),
        None => Check::poor(
            name,
            "none: a recording has no rights, but may write what its user may; it came with Linux 5.13, and takes \
             landlock among the security modules (lsm=)",
        ),
    }
}

/// The running kernel's BTF.
pub fn read_btf() -> Result<Btf, btf::BtfError> {
    Btf::read(Path::new(btf::VMLINUX))
}
