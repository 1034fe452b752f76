//! A droprec that runs: started, waited for, signalled, and never left behind.

use std::{
    fs,
    os::unix::process::CommandExt as _,
    process::{Child, Command, ExitStatus, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{Ended, Output, deadline::until};

/// A droprec that was started. Killed when dropped, if it still runs.
#[derive(Debug)]
pub struct Droprec {
    command: String,
    child: Child,
    /// None where standard output goes elsewhere.
    stdout: Option<Output>,
    stderr: Output,
}

impl Droprec {
    /// Starts `program`, which is `env!("CARGO_BIN_EXE_droprec")`, and waits until it records.
    #[must_use]
    pub fn start<S: AsRef<str>>(program: &str, arguments: &[S]) -> Self {
        let mut command = Command::new(program);
        command.args(arguments.iter().map(AsRef::as_ref));
        let mut droprec = Self::spawn(command, Stdio::piped());
        droprec.wait_until_ready();
        droprec
    }

    /// Starts it as `command` says, in a process group of its own. `stdout`: piped is kept for the end.
    #[must_use]
    pub fn spawn(mut command: Command, stdout: Stdio) -> Self {
        command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(Stdio::piped());
        let description = format!("{command:?}");
        // SAFETY: between fork and exec nothing but a system call is made, which is safe there (signal-safety(7)).
        unsafe {
            // Whoever runs the tests under nohup or behind `&` has them ignored, which is inherited.
            command.pre_exec(|| {
                libc::signal(libc::SIGHUP, libc::SIG_DFL);
                libc::signal(libc::SIGINT, libc::SIG_DFL);
                Ok(())
            });
        }
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{description} does not start: {error}"));
        let stdout = child.stdout.take().map(Output::read);
        let stderr = child.stderr.take().map(Output::read);
        Self {
            command: description,
            child,
            stdout,
            stderr: stderr.unwrap_or_else(|| panic!("standard error is not piped")),
        }
    }

    /// Runs `program` until it ends by itself.
    #[must_use]
    pub fn run<S: AsRef<str>>(program: &str, arguments: &[S]) -> Ended {
        let mut command = Command::new(program);
        command.args(arguments.iter().map(AsRef::as_ref));
        Self::spawn(command, Stdio::piped()).wait()
    }

    /// Waits until drops are recorded: droprec says so on standard error.
    pub fn wait_until_ready(&mut self) {
        let ready = until(|| {
            let stderr = self.stderr.so_far();
            let said = String::from_utf8_lossy(&stderr).contains("; Ctrl-C ends it\n");
            (said || self.status().is_some()).then_some(said)
        });
        assert!(
            ready == Some(true) && self.status().is_none(),
            "{} does not record\nstandard error: {}",
            self.command,
            self.stderr.text()
        );
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// What it has printed on standard output, as far as that is piped.
    #[must_use]
    pub fn stdout(&self) -> String {
        self.stdout.as_ref().map_or_else(String::new, Output::text)
    }

    /// What it has printed on standard error.
    #[must_use]
    pub fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        let sent = kill_process(self.pid(), signal);
        assert_eq!(sent, Ok(()), "{} takes no signal {signal:?}", self.command);
    }

    /// Has it stand still until it is sent [`Signal::CONT`], as on a machine that has too much to do.
    pub fn stand_still(&self) {
        self.signal(Signal::STOP);
        let file = format!("/proc/{}/stat", self.pid().as_raw_nonzero());
        let stands = until(|| {
            let stat = fs::read_to_string(&file).expect("droprec is there");
            stat.contains(") T ").then_some(())
        });
        assert!(stands.is_some(), "it goes on: {}", self.stderr());
    }

    /// Ends it as Ctrl-C does.
    #[must_use]
    pub fn stop(self) -> Ended {
        self.signal(Signal::INT);
        self.wait()
    }

    /// Waits until it ends by itself.
    #[must_use]
    pub fn wait(mut self) -> Ended {
        let Some(status) = until(|| self.status()) else {
            panic!(
                "{} does not end\nstandard error: {}",
                self.command,
                self.stderr.text()
            );
        };
        let stdout = self.stdout.take().map(Output::to_end);
        let nothing = Output::read(std::io::empty());
        let stderr = std::mem::replace(&mut self.stderr, nothing).to_end();
        Ended::new(&self.command, status, stdout.unwrap_or_default(), stderr)
    }

    fn status(&mut self) -> Option<ExitStatus> {
        self.child
            .try_wait()
            .unwrap_or_else(|error| panic!("{} cannot be waited for: {error}", self.command))
    }
}

impl Drop for Droprec {
    fn drop(&mut self) {
        // It may have ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
