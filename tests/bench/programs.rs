//! How long BPF programs take, as the kernel counts it itself (`kernel.bpf_stats_enabled`, since Linux 5.8).

use std::collections::HashMap;

use aya::{
    programs::loaded_programs,
    sys::{Stats, enable_stats},
};

/// A program that has run: what it is called, and how many nanoseconds it took each time.
pub(crate) type Timed = (String, f64);

/// The programs that have run at least so often while something was done.
pub(crate) fn timed(least: u32, work: impl FnOnce()) -> Vec<Timed> {
    let counting = enable_stats(Stats::RunTime).expect("the kernel counts for root");
    let before = counts();
    work();
    let mut timed = Vec::new();
    for (id, (name, time, count)) in counts() {
        let (_, time_before, count_before) = before.get(&id).cloned().unwrap_or_default();
        let runs = count.saturating_sub(count_before);
        if runs >= u64::from(least) {
            timed.push((name, (time - time_before) / super::precise(runs)));
        }
    }
    drop(counting);
    timed.sort_by(|one, other| one.0.cmp(&other.0));
    timed
}

/// Name, nanoseconds and runs of each program that is loaded, by its number.
fn counts() -> HashMap<u32, (String, f64, u64)> {
    let programs = loaded_programs().filter_map(Result::ok);
    let counts = programs.map(|program| {
        let name = program.name_as_str().unwrap_or_default().to_owned();
        let time = super::nanoseconds(program.run_time());
        (program.id(), (name, time, program.run_count()))
    });
    counts.collect()
}
