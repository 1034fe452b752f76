//! Turns findings into bytes. A format opens nothing and writes nothing; what it gives goes to a sink.

pub mod json;
pub mod lines;
pub mod link;
pub mod local_time;
pub mod pcapng;
mod section;

use anyhow::Result;

use crate::enrich::{Finding, devices::Device};

/// What became of an interface's drops.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Seen.
    pub received: u64,
    /// Of these, neither filtered nor suppressed.
    pub accepted: u64,
    /// Of these, written.
    pub delivered: u64,
    /// Of these, lost.
    pub dropped: u64,
    /// Of the lost, those that the ring had no room for.
    pub os_dropped: u64,
    /// What else there is to say of it, in logfmt.
    pub comments: Vec<String>,
}

/// A form of output.
pub trait Format {
    /// Appends what a file begins with; it may come before the end of the one before. `devices`: the interfaces that are known
    /// already.
    fn begin(&mut self, out: &mut Vec<u8>, about: &str, devices: &[Device]) -> Result<()>;

    /// Appends a finding. `devices`: the interfaces that are known by now.
    fn finding(
        &mut self,
        out: &mut Vec<u8>,
        finding: &Finding<'_>,
        devices: &[Device],
    ) -> Result<()>;

    /// Appends what a file ends with; files end in the order that they began. `devices`: of these the first ones have
    /// `statistics`. `period`: its beginning and end, nanoseconds since 1970 UTC.
    fn end(
        &mut self,
        out: &mut Vec<u8>,
        devices: &[Device],
        statistics: &[Statistics],
        period: (u64, u64),
    ) -> Result<()>;

    /// About as many bytes as the file's end takes at most that findings go to, without its comments.
    fn end_len(&self) -> usize {
        0
    }

    /// Has a piece of output that is whole be of the file that was begun last and no longer of the one that is the next to end:
    /// appends to `out` what it needs there, and says how many bytes of the piece are left. `is_told`: the other one tells of
    /// what was lost before these findings. A form that makes no second file has nothing to do.
    fn carry(
        &mut self,
        _out: &mut Vec<u8>,
        findings: &mut [u8],
        _devices: &[Device],
        _is_told: bool,
    ) -> Result<usize> {
        Ok(findings.len())
    }

    /// This piece of output is not in the file that is the next to end, and neither is anything behind it but the end.
    fn unwritten(&mut self, _findings: &[u8]) {}

    /// How much of the output, cut anywhere, is whole.
    fn whole(&self) -> fn(&[u8]) -> usize;

    /// How many findings are in a piece of the output that is whole.
    fn findings(&self, output: &[u8]) -> usize;
}
