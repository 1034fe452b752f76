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
