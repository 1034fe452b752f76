//! What a process has attached to the kernel, by what the kernel says of its descriptors and by what bpftool lists.

use std::{collections::BTreeMap, fs, str::FromStr};

use droprec_testbed::run;
use rustix::process::Pid;

/// Numbers of the BPF programs that a process holds, each once.
pub(crate) fn programs(pid: Pid) -> Vec<u32> {
    let mut programs: Vec<u32> = descriptors(pid)
        .iter()
        .filter_map(|text| number(text, "prog_id:"))
        .collect();
    programs.sort_unstable();
    programs.dedup();
    programs
}

/// How many places of the kernel a process has attached programs to.
pub(crate) fn links(pid: Pid) -> usize {
    let descriptors = descriptors(pid);
    let links = descriptors.iter().filter(|text| text.contains("link_id:"));
    links.count()
}

/// How often each program of a process ran, by its number, and for how many nanoseconds, while the kernel counted that.
pub(crate) fn runs(pid: Pid) -> BTreeMap<u32, (u64, u64)> {
    let runs = descriptors(pid).into_iter().filter_map(|text| {
        let counted = (number(&text, "run_cnt:")?, number(&text, "run_time_ns:")?);
        Some((number(&text, "prog_id:")?, counted))
    });
    runs.collect()
}

/// The lines in which bpftool tells of these programs.
pub(crate) fn listed(programs: &[u32]) -> Vec<String> {
    let all = run("bpftool", &["prog", "list"]);
    let of_these = all.lines().filter(|line| {
        let id = line.split(':').next().and_then(|id| id.parse().ok());
        id.is_some_and(|id| programs.contains(&id))
    });
    of_these.map(str::to_owned).collect()
}

/// What the kernel says of each descriptor of a process.
fn descriptors(pid: Pid) -> Vec<String> {
    let directory = format!("/proc/{}/fdinfo", pid.as_raw_nonzero());
    let files = fs::read_dir(&directory)
        .unwrap_or_else(|error| panic!("{directory} cannot be read: {error}"));
    // A descriptor may be closed while this goes through them.
    files
        .filter_map(|file| fs::read_to_string(file.ok()?.path()).ok())
        .collect()
}

fn number<T: FromStr>(text: &str, key: &str) -> Option<T> {
    let value = text.lines().find_map(|line| line.strip_prefix(key))?;
    value.trim().parse().ok()
}
