//! Network sysctls of the namespace that the calling thread is in.
//!
//! `/proc/sys/net` shows each thread its own namespace's values (`net_ctl_root`, `net/sysctl_net.c`, v6.18).

use std::path::Path;

use anyhow::{Context, Result};

/// Whether this kernel has IPv6, and has not been booted with `ipv6.disable=1`.
pub(crate) fn has_ipv6() -> bool {
    Path::new("/proc/sys/net/ipv6/conf").exists()
}

/// Sets `name` of a protocol for the interfaces that are there (`all`) and for those to come (`default`).
pub(crate) fn set_for_interfaces(protocol: &str, name: &str, value: &str) -> Result<()> {
    set(&format!("{protocol}/conf/all/{name}"), value)?;
    set(&format!("{protocol}/conf/default/{name}"), value)
}

/// Sets `/proc/sys/net/<name>`.
pub(crate) fn set(name: &str, value: &str) -> Result<()> {
    let path = format!("/proc/sys/net/{name}");
    std::fs::write(&path, value).with_context(|| {
        format!("cannot set {path} in the demo's network namespace: /proc/sys must be writable")
    })
}
