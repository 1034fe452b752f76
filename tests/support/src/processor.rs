//! Where a thread runs.

use std::thread;

use rustix::thread::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};

/// Does something on the processor that this thread is on, and on no other: what is sent meanwhile is received in its order. A
/// process that is started meanwhile is kept there too.
pub fn on_this_processor<T>(work: impl FnOnce() -> T) -> T {
    let allowed = allowed();
    stay_on(sched_getcpu());
    let done = work();
    sched_setaffinity(None, &allowed).expect("it may run where it might before");
    done
}

/// Does something on each processor, at the same time. What came of it, by processor.
pub fn on_each_processor<T: Send>(work: impl Fn() -> T + Sync) -> Vec<T> {
    let allowed = allowed();
    let processors = (0..CpuSet::MAX_CPU).filter(|processor| allowed.is_set(*processor));
    thread::scope(|scope| {
        let on = |processor| {
            let work = &work;
            scope.spawn(move || {
                stay_on(processor);
                work()
            })
        };
        let threads: Vec<_> = processors.map(on).collect();
        let done = threads.into_iter().map(thread::ScopedJoinHandle::join);
        done.map(|done| done.expect("it is done")).collect()
    })
}

fn allowed() -> CpuSet {
    sched_getaffinity(None).expect("there are processors")
}

fn stay_on(processor: usize) {
    let mut one = CpuSet::new();
    one.set(processor);
    sched_setaffinity(None, &one).expect("a thread may stay on a processor");
}
