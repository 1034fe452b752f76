//! What a file keeps of the counters: a comment for each that rose, in the statistics of its interface.

use crate::{
    counters::{Rise, Source, pairs::pairs},
    encode::Statistics,
    enrich::devices::Device,
};

use super::is_loss;

/// Comments that an interface has at most.
const MAX_COMMENTS: usize = 64;

/// Puts the rises into the statistics of their interfaces; those of namespaces, of the host, and of interfaces that dropped
/// nothing, into the first ones. Of what drivers and protocols count, only losses are kept: the rest is hundreds.
pub fn comments(rises: &[Rise], devices: &[Device], statistics: &mut [Statistics]) {
    let mut told = vec![0; statistics.len()];
    let is_kept =
        |rise: &&Rise| matches!(rise.source, Source::Link | Source::Qdisc) || is_loss(rise);
    // With little room left, losses come before what is healthy.
    let (losses, others): (Vec<&Rise>, Vec<&Rise>) =
        rises.iter().filter(is_kept).partition(|rise| is_loss(rise));
    for rise in losses.into_iter().chain(others) {
        let is_of = |device: &Device| {
            (device.netns.inode, device.ifindex) == (rise.netns, rise.ifindex)
                && device.label == rise.label
        };
        let index = match rise.ifindex {
            0 => 0,
            _ => devices.iter().position(is_of).unwrap_or(0),
        };
        let limit = if index == 0 {
            MAX_COMMENTS * 4
        } else {
            MAX_COMMENTS
        };
        if told[index] < limit {
            told[index] += 1;
            statistics[index].comments.push(pairs(rise));
        }
    }
}
