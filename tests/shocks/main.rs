//! What may happen to a machine while droprec records: its clock is set, its programs are interpreted, it falls asleep, a processor
//! goes, modules and tracing come and go. Takes root, and for most of it a guest of `tests/kernels`: whose machine it is, the host's clock is not to be set.

mod clock;
mod compiler;
mod modules;
mod processors;
mod sleep;
mod tracing;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The program under test.
const DROPREC: &str = env!("CARGO_BIN_EXE_droprec");

/// Each test shakes all of the machine, and so has it for itself.
fn machine() -> MutexGuard<'static, ()> {
    static MACHINE: Mutex<()> = Mutex::new(());
    MACHINE.lock().unwrap_or_else(PoisonError::into_inner)
}
