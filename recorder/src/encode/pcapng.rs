//! Findings as a capture file: one packet block each, with what is known of the drop in its comments.

use std::collections::{HashMap, VecDeque};

use anyhow::{Context as _, Result};
use droprec_ebpf::record::{HAS_CSUM, HAS_PKT_TYPE, INCOMING, OUTGOING, Record, TCP_SEGMENTS};
use droprec_pcapng::{Flags, Reception, Span, block_type, blocks, edit, write};
use rustix::system::uname;

use super::{Format, Statistics, link::Framing, section::Section};
use crate::enrich::{
    Finding,
    devices::Device,
    pairs::{self, own_pairs},
    sentence,
};

/// `PACKET_*` of `include/uapi/linux/if_packet.h`.
const PACKET_HOST: u16 = 0;
const PACKET_BROADCAST: u16 = 1;
const PACKET_MULTICAST: u16 = 2;
const PACKET_OTHERHOST: u16 = 3;

/// `CHECKSUM_*` of `include/linux/skbuff.h`: the frame's was found right, or is still to be filled in.
const CHECKSUM_UNNECESSARY: u16 = 1;
const CHECKSUM_PARTIAL: u16 = 3;

/// Writes a section a file, with an interface block just before the interface's first packet, and another one before its first
/// packet of another link type: a block says which one its packets have.
#[derive(Debug)]
pub struct Pcapng {
    framing: Framing,
    /// Of the files that have not ended. Packets go to the last one.
    sections: VecDeque<Section>,
    packets: u64,
    own_pairs: String,
}

impl Pcapng {
    /// Packets are framed so.
    #[must_use]
    pub fn new(framing: Framing) -> Self {
        Self {
            framing,
            sections: VecDeque::new(),
            packets: 0,
            own_pairs: String::new(),
        }
    }
}

/// What is known of direction, reception and checksum.
fn flags(record: &Record) -> Option<Flags> {
    let mut flags = travel(record).unwrap_or_default();
    if record.flags & HAS_CSUM != 0 {
        flags = match record.csum {
            CHECKSUM_UNNECESSARY => flags.with_checksum_valid(),
            CHECKSUM_PARTIAL => flags.with_checksum_not_ready(),
            _ => flags,
        };
    }
    if record.flags & TCP_SEGMENTS != 0 {
        flags = flags.with_tcp_segmentation_offloaded();
    }
    (flags.word() != 0).then_some(flags)
}

/// Direction and reception type, as far as they are known.
fn travel(record: &Record) -> Option<Flags> {
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
    fn begin(&mut self, out: &mut Vec<u8>, about: &str, devices: &[Device]) -> Result<()> {
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
        let link_type = self.framing.usual();
        let mut section = Section::new(devices, link_type);
        // tcpdump takes a file without an interface for a damaged one.
        if let Some(first) = devices.first() {
            section.block(out, first, 0, link_type)?;
        }
        self.sections.push_back(section);
        Ok(())
    }

    fn finding(
        &mut self,
        out: &mut Vec<u8>,
        finding: &Finding<'_>,
        devices: &[Device],
    ) -> Result<()> {
        let event = finding.event;
        let device = finding.kind.device as usize;
        let framed = self.framing.frame(event);
        let section = self.sections.back_mut().context("no file has begun")?;
        let interface = section.block(out, &devices[device], device, framed.link_type)?;
        self.own_pairs.clear();
        let own_pairs = own_pairs(&mut self.own_pairs, finding);
        let lost = devices[device].absent.lost;
        let told = std::mem::replace(&mut section.interface(device).told, lost);
        let comments: [&[&str]; 3] = [
            &sentence(finding),
            &[&finding.kind.logfmt, own_pairs],
            &[finding.stack.unwrap_or_default()],
        ];
        let packet = write::Packet {
            interface,
            timestamp: event.time,
            original_len: framed.len,
            frame: &framed.pieces(),
            flags: flags(event.record),
            dropcount: (lost > told).then(|| lost - told),
            packetid: Some(self.packets),
            queue: queue(event.record),
            comments: &comments[..2 + usize::from(finding.stack.is_some())],
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
        let mut section = self.sections.pop_front().context("no file has begun")?;
        section.forget_missing();
        for (index, (device, statistics)) in devices.iter().zip(statistics).enumerate() {
            let is_in_it = !section.interface(index).blocks.is_empty();
            if !is_in_it && *statistics == Statistics::default() {
                continue;
            }
            let interface = if is_in_it {
                section.interface(index).blocks[0].1
            } else {
                // A file has no other link types than its packets have.
                section.block(out, device, index, section.link_type)?
            };
            let comments: Vec<&str> = statistics.comments.iter().map(String::as_str).collect();
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
                comments: &comments,
            };
            write::statistics(out, &block)?;
        }
        Ok(())
    }

    fn end_len(&self) -> usize {
        self.sections.back().map_or(0, Section::end_len)
    }

    fn carry(
        &mut self,
        out: &mut Vec<u8>,
        findings: &mut [u8],
        devices: &[Device],
        is_told: bool,
    ) -> Result<usize> {
        self.unwritten(findings);
        let [from, .., to] = self.sections.make_contiguous() else {
            return Ok(findings.len());
        };
        let mut numbers = HashMap::new();
        let spans: Vec<Span> = blocks(findings).collect();
        let mut left = 0;
        for span in spans {
            // The blocks of interfaces are the other file's.
            let Some(old) = span.interface else { continue };
            let len = span.bytes.len();
            findings.copy_within(span.bytes, left);
            let block = &mut findings[left..left + len];
            left += len;
            let new = if let Some(new) = numbers.get(&old) {
                *new
            } else {
                let (index, link_type) = from.which(old).context("no such interface")?;
                let new = to.block(out, &devices[index], index, link_type)?;
                numbers.insert(old, new);
                new
            };
            edit::set_interface(block, new);
            if is_told {
                edit::clear_dropcount(block);
            }
        }
        Ok(left)
    }

    fn unwritten(&mut self, findings: &[u8]) {
        let is_interface = |block: &Span| block.block_type == block_type::INTERFACE_DESCRIPTION;
        if let Some(section) = self.sections.front_mut() {
            section.missing += blocks(findings).filter(is_interface).count() as u32;
        }
    }

    fn whole(&self) -> fn(&[u8]) -> usize {
        |bytes| {
            let mut blocks = blocks(bytes);
            blocks.by_ref().for_each(drop);
            blocks.whole()
        }
    }

    fn findings(&self, output: &[u8]) -> usize {
        let is_packet = |block: &Span| block.block_type == block_type::ENHANCED_PACKET;
        blocks(output).filter(is_packet).count()
    }
}

#[cfg(test)]
mod tests;
