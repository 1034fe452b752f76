//! What procfs says of a process.

use std::{collections::HashMap, fs};

use rustix::process::Pid;

/// The lines of a `status` of procfs.
pub type Status = HashMap<String, String>;

fn status(path: &str) -> Status {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let pairs = text.lines().filter_map(|line| line.split_once(":\t"));
    pairs
        .map(|(key, value)| (key.to_owned(), value.trim().to_owned()))
        .collect()
}

/// Those of all threads of a process.
#[must_use]
pub fn threads(pid: Pid) -> Vec<Status> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).expect("it runs");
    tasks
        .map(|task| {
            let task = task.expect("it runs").path();
            status(&format!("{}/status", task.display()))
        })
        .collect()
}

/// The processes that it has started.
#[must_use]
pub fn children(pid: Pid) -> Vec<Pid> {
    let text = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let text = text.expect("it runs");
    let numbers = text.split_whitespace();
    numbers
        .filter_map(|number| Pid::from_raw(number.parse().ok()?))
        .collect()
}

/// Memory that a process has, in KiB: `VmRSS`, now, or `VmHWM`, at most so far (proc(5)).
#[must_use]
pub fn memory(pid: Pid, which: &str) -> u64 {
    let status = status(&format!("/proc/{pid}/status"));
    let size = status.get(which).and_then(|size| size.strip_suffix(" kB"));
    let size = size.and_then(|size| size.parse().ok());
    size.unwrap_or_else(|| panic!("no {which} of {pid}: {status:?}"))
}

/// Seconds of processor time that all threads of a process have had.
#[must_use]
pub fn processor_seconds(pid: Pid) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("it runs");
    // utime and stime, fields 14 and 15 (proc(5)); the name before may have anything in it.
    let fields = stat.rsplit(')').next().expect("it has a name");
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks = ticks.map(|field| field.parse::<u32>().expect("a number"));
    f64::from(ticks.sum::<u32>()) / 100.0
}

/// How many descriptors a process has open.
#[must_use]
pub fn descriptors(pid: Pid) -> usize {
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).expect("it runs");
    descriptors.count()
}
