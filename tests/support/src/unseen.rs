//! Drops that no BPF program sees: those upon the machine's first process, on some kernels.

use crate::Trace;

/// How often something is done at most.
const TRIES: u32 = 3;

/// Does something whose drops may come upon the machine's first process, as those of timers and of RCU may. It is done again
/// where what came of it is not complete and the kernel's own tracing says that something was dropped there meanwhile.
pub fn again_if_unseen<T>(mut work: impl FnMut() -> T, is_complete: impl Fn(&T) -> bool) -> T {
    for _ in 1..TRIES {
        let upon_first = Trace::of_the_first_process();
        let done = work();
        if is_complete(&done) || !upon_first.is_upon_the_first_process() {
            return done;
        }
    }
    work()
}
