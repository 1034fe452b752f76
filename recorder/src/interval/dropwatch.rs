//! The tables as dropwatch prints them with `-l kas`: a line a location, `15 drops at ip_rcv+cf (0xffffffff815ca47f) [software]`,
//! or one of the hardware's traps.
//!
//! The form is dropwatch 1.5.4's. The address, which droprec writes nowhere else, is part of it.

use std::{collections::HashMap, io::Write as _};

use anyhow::Result;

use droprec_ebpf::record::is_trap;

use super::{Interval, Line, View, counts::Count};

/// Writes the lines.
#[derive(Debug, Default)]
pub struct Dropwatch;

impl View for Dropwatch {
    fn show(&mut self, out: &mut Vec<u8>, interval: &Interval<'_>) -> Result<()> {
        let mut places: Vec<Line<'_>> = Vec::new();
        let mut indices = HashMap::new();
        for line in interval.active() {
            let index = *indices.entry(line.address).or_insert(places.len());
            match places.get_mut(index) {
                Some(place) => place.drops += line.drops,
                None => places.push(*line),
            }
        }
        interval.order.sort(&mut places);
        let (shown, left_out) = places.split_at(places.len().min(interval.most));
        for Line {
            address,
            place,
            drops: Count { now: drops, .. },
            ..
        } in shown
        {
            if is_trap(*address) {
                let trap = place.reason.as_deref().unwrap_or("an unknown trap");
                writeln!(out, "{drops} drops at {trap} [hardware]")?;
                continue;
            }
            match symbol(&place.location) {
                Some((name, offset)) => writeln!(
                    out,
                    "{drops} drops at {name}+{offset} ({address:#x}) [software]"
                )?,
                None => writeln!(out, "{drops} drops at location {address:#x} [software]")?,
            }
        }
        let others: u64 = left_out.iter().map(|line| line.drops.now).sum();
        let unknown = interval.nested.now + interval.uncounted.now;
        let more = format!("{} more locations", left_out.len());
        for (drops, at) in [(others, more.as_str()), (unknown, "unknown locations")] {
            if drops > 0 {
                writeln!(out, "{drops} drops at {at} [software]")?;
            }
        }
        Ok(())
    }
}

/// The name and the offset of `function+0x12 [module]`. None: the kernel does not name the address.
fn symbol(location: &str) -> Option<(&str, &str)> {
    let of_function = location.split(' ').next()?;
    let (name, offset) = of_function.rsplit_once("+0x")?;
    (name != "_stext").then_some((name, offset))
}
