//! What a droprec that has ended left: its status and all that it said.

use std::process::ExitStatus;

use crate::Accounting;

/// A droprec that has ended.
#[derive(Debug)]
pub struct Ended {
    /// How it was started.
    pub command: String,
    /// How it ended.
    pub status: ExitStatus,
    /// What it printed on standard output, bytes of a file perhaps.
    pub stdout: Vec<u8>,
    /// What it printed on standard error.
    pub stderr: String,
}

impl Ended {
    pub(crate) fn new(command: &str, status: ExitStatus, stdout: Vec<u8>, stderr: Vec<u8>) -> Self {
        let stderr = String::from_utf8(stderr)
            .unwrap_or_else(|error| panic!("standard error of {command} is no UTF-8: {error}"));
        Self {
            command: command.to_owned(),
            status,
            stdout,
            stderr,
        }
    }

    /// Standard output as text.
    #[must_use]
    pub fn text(&self) -> &str {
        str::from_utf8(&self.stdout).unwrap_or_else(|error| {
            panic!("standard output of {} is no UTF-8: {error}", self.command)
        })
    }

    /// The lines of droprec's table that are of an interface: drops, …, interface, what it means.
    pub fn rows<'a>(&'a self, label: &'a str) -> impl Iterator<Item = &'a str> {
        let is_of = move |line: &&str| {
            let mut words = line.split_whitespace();
            words.next().is_some_and(|word| word.parse::<u64>().is_ok())
                && words.any(|word| word == label)
        };
        self.stderr.lines().filter(is_of)
    }

    /// How many drops were lost in this way, by the lines that tell of it: `lost 5: the ring was full; …`.
    #[must_use]
    pub fn lost(&self, how: &str) -> u64 {
        let counts = self.stderr.lines().filter_map(|line| {
            let (count, rest) = line.strip_prefix("lost ")?.split_once(": ")?;
            rest.starts_with(how).then(|| {
                count
                    .parse::<u64>()
                    .unwrap_or_else(|error| panic!("{line}: {error}"))
            })
        });
        counts.sum()
    }

    /// How many were lost while others were being recorded. They may be anybody's: no filter saw them.
    #[must_use]
    pub fn lost_in_the_midst(&self) -> u64 {
        self.lost("the processor was in the midst")
    }

    /// Demands the status of success.
    #[must_use]
    pub fn succeeded(self) -> Self {
        assert!(
            self.status.success(),
            "{}: {}\nstandard error: {}",
            self.command,
            self.status,
            self.stderr
        );
        self
    }

    /// Where every drop went, by the last line that says so.
    #[must_use]
    pub fn accounting(&self) -> Accounting {
        Accounting::last_of(&self.stderr)
    }
}
