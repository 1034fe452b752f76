//! Findings as a capture file: one packet block each, with what is known of the drop in its comments.

use anyhow::Result;
use droprec_ebpf::record::{HAS_PKT_TYPE, INCOMING, OUTGOING, Record};
use droprec_pcapng::{Flags, Reception, block_type, blocks, write};
use rustix::system::uname;

use super::{Format, Statistics};
use crate::enrich::{
    Finding,
    devices::Device,
    pairs::{self, pairs},
    sentence,
};

/// `PACKET_*` of `include/uapi/linux/if_packet.h`.
const PACKET_HOST: u16 = 0;
const PACKET_BROADCAST: u16 = 1;
const PACKET_MULTICAST: u16 = 2;
const PACKET_OTHERHOST: u16 = 3;

/// Writes one section, with an interface block just before the interface's first packet.
#[derive(Debug, Default)]
pub struct Pcapng {
    /// For each interface that has its block, how many of its lost drops the file tells of.
    told: Vec<u64>,
    packets: u64,
    sentence: String,
    pairs: String,
}

impl Pcapng {
    /// The blocks of interfaces that have none yet.
    fn describe(&mut self, out: &mut Vec<u8>, devices: &[Device]) -> Result<()> {
        for device in &devices[self.told.len()..] {
            let description = if device.ifindex == 0 {
                "drops without an interface".to_owned()
            } else {
                format!("netns {}, ifindex {}", device.netns.inode, device.ifindex)
            };
            let block = write::Interface {
                name: Some(&device.label),
                description: Some(&description),
                comment: None,
            };
            write::interface(out, &block)?;
            self.told.push(0);
        }
        Ok(())
    }
}

/// Direction and reception type, as far as they are known.
fn flags(record: &Record) -> Option<Flags> {
    if record.flags & OUTGOING != 0 {
        return Some(Flags::outbound());
    }
    if record.flags & (INCOMING | HAS_PKT_TYPE) != INCOMING | HAS_PKT_TYPE {
        return None;
    }
    match record.pkt_type {
        PACKET_HOST => Some(Flags::inbound(Reception::Unicast)),
        PACKET_BROADCAST => Some(Flags::inbound(Reception::Broadcast)),
        PACKET_MULTICAST => Some(Flags::inbound(Reception::Multicast)),
        PACKET_OTHERHOST => Some(Flags::inbound(Reception::Promiscuous)),
        _ => None,
    }
}

/// The queue that a packet was received by.
fn queue(record: &Record) -> Option<u32> {
    let received = record.flags & INCOMING != 0;
    received
        .then(|| pairs::queue(record).map(u32::from))
        .flatten()
}

impl Format for Pcapng {
    fn begin(&mut self, out: &mut Vec<u8>, about: &str) -> Result<()> {
        let uname = uname();
        let text = |part: &std::ffi::CStr| part.to_string_lossy().into_owned();
        let os = [uname.sysname(), uname.release(), uname.version()]
            .map(text)
            .join(" ");
        let section = write::Section {
            hardware: Some(&text(uname.machine())),
            os: Some(&os),
            application: Some(concat!("droprec ", env!("CARGO_PKG_VERSION"))),
            comment: Some(about),
        };
        write::section_header(out, &section)?;
        Ok(())
    }

    fn finding(
        &mut self,
        out: &mut Vec<u8>,
        finding: &Finding<'_>,
        devices: &[Device],
    ) -> Result<()> {
        self.describe(out, devices)?;
        self.sentence.clear();
        sentence(&mut self.sentence, finding);
        self.pairs.clear();
        pairs(&mut self.pairs, finding);
        let event = finding.event;
        let device = finding.kind.device as usize;
        let lost = devices[device].lost;
        let told = std::mem::replace(&mut self.told[device], lost);
        let packet = write::Packet {
            interface: finding.kind.device,
            timestamp: event.time,
            original_len: event.frame_len(),
            frame: &[event.frame],
            flags: flags(&event.record),
            dropcount: (lost > told).then(|| lost - told),
            packetid: Some(self.packets),
            queue: queue(&event.record),
            comments: &[&self.sentence, &self.pairs],
        };
        write::packet(out, &packet)?;
        self.packets += 1;
        Ok(())
    }

    fn end(
        &mut self,
        out: &mut Vec<u8>,
        devices: &[Device],
        statistics: &[Statistics],
        period: (u64, u64),
    ) -> Result<()> {
        self.describe(out, devices)?;
        for (interface, statistics) in (0..).zip(statistics) {
            let block = write::Statistics {
                interface,
                timestamp: period.1,
                start: period.0,
                end: period.1,
                received: statistics.received,
                dropped: statistics.dropped,
                accepted: statistics.accepted,
                os_dropped: statistics.os_dropped,
                delivered: statistics.delivered,
            };
            write::statistics(out, &block)?;
        }
        Ok(())
    }

    fn whole(&self) -> fn(&[u8]) -> usize {
        |bytes| {
            let mut blocks = blocks(bytes);
            blocks.by_ref().for_each(drop);
            blocks.whole()
        }
    }

    fn findings(&self, output: &[u8], each: &mut dyn FnMut(u32)) {
        for block in blocks(output).filter(|block| block.block_type == block_type::ENHANCED_PACKET)
        {
            each(block.interface.unwrap_or(0));
        }
    }
}
