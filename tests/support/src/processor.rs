//! Which processor a test sends from. Each has a backlog of its own for what comes in (`net/core/dev.c`, `softnet_data`), so what
//! one thread sends from two of them may be received in another order.

use rustix::thread::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};

/// Does something on the processor that this thread is on, and on no other: what is sent meanwhile is received in its order. A
/// process that is started meanwhile is kept there too.
pub fn on_this_processor<T>(work: impl FnOnce() -> T) -> T {
    let allowed = sched_getaffinity(None).expect("there are processors");
    let mut this = CpuSet::new();
    this.set(sched_getcpu());
    sched_setaffinity(None, &this).expect("a thread may stay where it is");
    let done = work();
    sched_setaffinity(None, &allowed).expect("it may run where it might before");
    done
}
