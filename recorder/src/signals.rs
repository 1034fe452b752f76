//! The signals that a recording obeys.

use std::{fs, io};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// SIGINT, SIGTERM, SIGHUP: end the recording.
    Stop,
    /// SIGUSR1: show the counters.
    Report,
    /// SIGUSR2: write what is kept in memory.
    Write,
}

/// The signals, caught.
#[derive(Debug)]
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Option<Signal>,
    user1: Signal,
    user2: Signal,
}

impl Signals {
    /// From here on none of them ends the process. Must be called within the runtime.
    pub fn catch() -> io::Result<Self> {
        // Whoever writes a file beyond its limit (`ulimit -f`) gets an error too, which tells more. Once caught, it stays so.
        let _ = signal(SignalKind::from_raw(libc::SIGXFSZ))?;
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            // `nohup` has it ignored, and means it.
            hang_up: if is_hang_up_ignored() {
                None
            } else {
                Some(signal(SignalKind::hangup())?)
            },
            user1: signal(SignalKind::user_defined1())?,
            user2: signal(SignalKind::user_defined2())?,
        })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Request {
        let hang_up = async {
            match &mut self.hang_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => Request::Stop,
            _ = self.terminate.recv() => Request::Stop,
            _ = hang_up => Request::Stop,
            _ = self.user1.recv() => Request::Report,
            _ = self.user2.recv() => Request::Write,
        }
    }
}

/// SIGHUP is signal 1, and so the lowest bit of the mask.
fn is_hang_up_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 == 1)
}
