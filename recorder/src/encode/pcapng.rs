//! Findings as a capture file: one packet block each, with what is known of the drop in its comments.

use anyhow::Result;
use droprec_ebpf::record::{HAS_CSUM, HAS_PKT_TYPE, INCOMING, OUTGOING, Record, TCP_SEGMENTS};
use droprec_pcapng::{Flags, Reception, block_type, blocks, write};
use rustix::system::uname;

use super::{Format, Statistics, link::Framing};
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

/// `CHECKSUM_*` of `include/linux/skbuff.h`: the frame's was found right, or is still to be filled in.
const CHECKSUM_UNNECESSARY: u16 = 1;
const CHECKSUM_PARTIAL: u16 = 3;

/// Writes one section, with an interface block just before the interface's first packet, and another one before its first
/// packet of another link type: a block says which one its packets have.
#[derive(Debug)]
pub struct Pcapng {
    framing: Framing,
    /// Those that have a block.
    interfaces: Vec<Interface>,
    /// For each block in the file, the index of its interface.
    owners: Vec<u32>,
    packets: u64,
    sentence: String,
    pairs: String,
}

/// An interface in the file.
#[derive(Debug, Default)]
struct Interface {
    /// Link type and number of each of its blocks. The first one has its statistics.
    blocks: Vec<(u16, u32)>,
    /// How many of its lost drops the file tells of.
    told: u64,
}

impl Pcapng {
    /// Packets are framed so.
    #[must_use]
    pub fn new(framing: Framing) -> Self {
        Self {
            framing,
            interfaces: Vec::new(),
            owners: Vec::new(),
            packets: 0,
            sentence: String::new(),
            pairs: String::new(),
        }
    }

    /// The blocks of interfaces that have none yet: of this link type, so that a file has no other than its packets have.
    fn describe(&mut self, out: &mut Vec<u8>, devices: &[Device], link_type: u16) -> Result<()> {
        while let Some(device) = devices.get(self.interfaces.len()) {
            self.interfaces.push(Interface::default());
            self.block(out, device, self.interfaces.len() - 1, link_type)?;
        }
        Ok(())
    }

    /// The number of an interface's block for packets of this link type, which is written if there is none yet.
    fn block(
        &mut self,
        out: &mut Vec<u8>,
        device: &Device,
        index: usize,
        link_type: u16,
    ) -> Result<u32> {
        let blocks = &mut self.interfaces[index].blocks;
        if let Some((_, number)) = blocks.iter().find(|(of, _)| *of == link_type) {
            return Ok(*number);
        }
        let description = if device.ifindex == 0 {
            "drops without an interface".to_owned()
        } else {
            format!("netns {}, ifindex {}", device.netns.inode, device.ifindex)
        };
        let block = write::Interface {
            link_type,
            name: Some(&device.label),
            description: Some(&description),
            comment: None,
        };
        write::interface(out, &block)?;
        let number = self.owners.len() as u32;
        blocks.push((link_type, number));
        self.owners.push(index as u32);
        Ok(number)
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
        // tcpdump takes a file without an interface for a damaged one.
        self.describe(out, devices, self.framing.usual())
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
        self.describe(out, devices, framed.link_type)?;
        let interface = self.block(out, &devices[device], device, framed.link_type)?;
        self.sentence.clear();
        sentence(&mut self.sentence, finding);
        self.pairs.clear();
        pairs(&mut self.pairs, finding);
        let lost = devices[device].lost;
        let told = std::mem::replace(&mut self.interfaces[device].told, lost);
        let comments = [
            &self.sentence,
            &self.pairs,
            finding.stack.unwrap_or_default(),
        ];
        let packet = write::Packet {
            interface,
            timestamp: event.time,
            original_len: framed.len,
            frame: &framed.pieces(),
            flags: flags(&event.record),
            dropcount: (lost > told).then(|| lost - told),
            packetid: Some(self.packets),
            queue: queue(&event.record),
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
        let had = self.interfaces.last().and_then(|last| last.blocks.last());
        let link_type = had.map_or(self.framing.usual(), |(link_type, _)| *link_type);
        self.describe(out, devices, link_type)?;
        for (interface, statistics) in self.interfaces.iter().zip(statistics) {
            let comments: Vec<&str> = statistics.comments.iter().map(String::as_str).collect();
            let block = write::Statistics {
                interface: interface.blocks[0].1,
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
            let number = block.interface.unwrap_or(0) as usize;
            each(self.owners.get(number).copied().unwrap_or(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use droprec_pcapng::{
        link_type::{ETHERNET, LINUX_SLL2, RAW},
        read::{Block, Reader},
    };

    use super::*;

    fn devices() -> [Device; 3] {
        [0, 1, 2].map(|ifindex| Device {
            label: format!("eth{ifindex}"),
            ifindex,
            ..Device::default()
        })
    }

    /// A section whose interface 1 has a block for bare IP too, before the block of interface 2.
    fn section() -> (Pcapng, Vec<u8>) {
        let (mut format, mut out) = (Pcapng::new(Framing::Native), Vec::new());
        let devices = devices();
        format.begin(&mut out, "", &devices[..1]).unwrap();
        format.describe(&mut out, &devices[..2], ETHERNET).unwrap();
        let numbers =
            [(0, ETHERNET), (1, ETHERNET), (1, RAW), (1, ETHERNET)].map(|(index, link_type)| {
                let block = format.block(&mut out, &devices[index], index, link_type);
                block.unwrap()
            });
        assert_eq!(numbers, [0, 1, 2, 1]);
        format.describe(&mut out, &devices, LINUX_SLL2).unwrap();
        (format, out)
    }

    #[test]
    fn a_packet_that_was_not_written_is_its_interfaces_whichever_block_it_names() {
        let (format, _) = section();
        let mut out = Vec::new();
        for interface in 0..4 {
            let packet = write::Packet {
                interface,
                ..write::Packet::default()
            };
            write::packet(&mut out, &packet).unwrap();
        }
        let mut found = Vec::new();
        format.findings(&out, &mut |device| found.push(device));
        assert_eq!(found, [0, 1, 1, 2]);
    }

    #[test]
    fn an_interface_has_one_block_for_each_link_type_and_its_statistics_in_the_first() {
        let (mut format, mut out) = section();
        let statistics = [10, 11, 12].map(|received| Statistics {
            received,
            ..Statistics::default()
        });
        format
            .end(&mut out, &devices(), &statistics, (0, 0))
            .unwrap();
        let (mut interfaces, mut told) = (Vec::new(), Vec::new());
        let mut reader = Reader::strict(&out[..]);
        while let Some(block) = reader.next_block().unwrap() {
            match block {
                Block::Interface(interface) => {
                    let name = interface.name.unwrap_or_default().into_owned();
                    interfaces.push((name, interface.link_type));
                }
                Block::Statistics(block, _) => told.push((block.interface, block.received)),
                _ => {}
            }
        }
        let expected = [
            ("eth0", ETHERNET),
            ("eth1", ETHERNET),
            ("eth1", RAW),
            ("eth2", LINUX_SLL2),
        ];
        assert_eq!(
            interfaces,
            expected.map(|(name, of)| (name.to_owned(), of.into()))
        );
        assert_eq!(told, [(0, Some(10)), (1, Some(11)), (3, Some(12))]);
    }

    #[test]
    fn a_file_begins_with_an_interface_of_the_link_type_that_was_asked_for() {
        for (framing, link_type) in [
            (Framing::Ethernet, ETHERNET),
            (Framing::Native, ETHERNET),
            (Framing::Sll2, LINUX_SLL2),
        ] {
            let (mut format, mut out) = (Pcapng::new(framing), Vec::new());
            format.begin(&mut out, "", &devices()[..1]).unwrap();
            let mut reader = Reader::strict(&out[..]);
            assert!(matches!(reader.next_block(), Ok(Some(Block::Section(_)))));
            let Ok(Some(Block::Interface(interface))) = reader.next_block() else {
                panic!("no interface");
            };
            assert_eq!(interface.link_type, u32::from(link_type));
        }
    }
}
