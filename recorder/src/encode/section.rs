//! What is known of a capture file while it is written: which interface has which blocks.

use std::mem;

use anyhow::Result;
use droprec_pcapng::write;

use crate::enrich::devices::Device;

/// What an interface's statistics take without comments, and as much again as that may grow.
const STATISTICS: usize = 128;

/// A file.
#[derive(Debug)]
pub(super) struct Section {
    /// By the index of the interface.
    interfaces: Vec<Interface>,
    /// How many interface blocks it has.
    blocks: u32,
    /// How many of these did not get there. They are the last ones.
    pub(super) missing: u32,
    /// What the last of them says.
    pub(super) link_type: u16,
}

/// An interface in a file.
#[derive(Debug, Default)]
pub(super) struct Interface {
    /// Link type and number of each of its blocks. The first one has its statistics.
    pub(super) blocks: Vec<(u16, u32)>,
    /// How many of its lost drops are told of, here or in a file before.
    pub(super) told: u64,
}

impl Section {
    /// Without any block. What was lost before is not told of in it.
    pub(super) fn new(devices: &[Device], link_type: u16) -> Self {
        let interfaces = devices.iter().map(|device| Interface {
            told: device.absent.lost,
            ..Interface::default()
        });
        Self {
            interfaces: interfaces.collect(),
            blocks: 0,
            missing: 0,
            link_type,
        }
    }

    /// Takes the blocks for not there that are not.
    pub(super) fn forget_missing(&mut self) {
        self.blocks -= mem::take(&mut self.missing);
        for interface in &mut self.interfaces {
            interface.blocks.retain(|(_, number)| *number < self.blocks);
        }
        let left = self.interfaces.iter().flat_map(|of| &of.blocks);
        if let Some((link_type, _)) = left.max_by_key(|(_, number)| *number) {
            self.link_type = *link_type;
        }
    }

    /// About as many bytes as the statistics of its interfaces take at most, without comments.
    pub(super) fn end_len(&self) -> usize {
        self.blocks as usize * STATISTICS
    }

    /// An interface, which may be new.
    pub(super) fn interface(&mut self, index: usize) -> &mut Interface {
        if index >= self.interfaces.len() {
            self.interfaces.resize_with(index + 1, Interface::default);
        }
        &mut self.interfaces[index]
    }

    /// The number of an interface's block for packets of this link type, which is written if there is none yet.
    pub(super) fn block(
        &mut self,
        out: &mut Vec<u8>,
        device: &Device,
        index: usize,
        link_type: u16,
    ) -> Result<u32> {
        let number = self.blocks;
        let blocks = &mut self.interface(index).blocks;
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
        blocks.push((link_type, number));
        self.blocks += 1;
        self.link_type = link_type;
        Ok(number)
    }

    /// The index and the link type of the interface whose block has this number.
    pub(super) fn which(&self, number: u32) -> Option<(usize, u16)> {
        let interfaces = self.interfaces.iter().enumerate();
        interfaces
            .flat_map(|(index, interface)| interface.blocks.iter().map(move |block| (index, block)))
            .find_map(|(index, (link_type, of))| (*of == number).then_some((index, *link_type)))
    }
}
