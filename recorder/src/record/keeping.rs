//! What is kept for a file that is not begun yet: what a flight recorder has in memory, and what comes back without having been
//! written.

use anyhow::Result;
use droprec_pcapng::blocks;

use super::{now, running::Recording};
use crate::sink::writer::Batch;

impl Recording<'_> {
    /// Bytes in memory, and how many seconds they reach back.
    pub(super) fn kept(&self) -> Option<(u64, u64)> {
        let memory = self.memory.as_ref()?;
        let nanoseconds = memory.oldest().map_or(0, |time| now().saturating_sub(time));
        Some((memory.kept() as u64, nanoseconds / 1_000_000_000))
    }

    /// Puts what is in the batch into memory.
    pub(super) fn keep(&mut self) {
        let Some((memory, batch)) = self.memory.as_mut().zip(self.batch.as_mut()) else {
            return;
        };
        let device = batch.devices.pop().unwrap_or_default();
        memory.keep(&batch.bytes, device, |device| {
            self.fates.overwritten += 1;
            self.enricher.devices.get_mut(device).overwritten += 1;
        });
        batch.bytes.clear();
    }

    /// What a file could not be written of goes to the next one, unless there will be none.
    pub(super) fn has_next(&self) -> bool {
        self.memory.is_some() && self.files.closing.is_some() && !self.files.is_last
    }

    /// Keeps the rest of a batch of which so many bytes and packets were written: all that is in it becomes the next file's.
    pub(super) fn keep_again(&mut self, mut batch: Batch, written: (usize, usize)) -> Result<()> {
        let Some(closing) = &mut self.files.closing else {
            return Ok(());
        };
        let rest = &batch.devices[written.1..];
        for device in rest {
            closing.books.put_back(*device);
        }
        closing.kept += rest.len() as u64;
        let head = match &mut self.memory {
            Some(memory) => &mut memory.head,
            None => &mut self.files.head,
        };
        let bytes = &mut batch.bytes[written.0..];
        let devices = self.enricher.devices.all();
        let left = self.format.carry(head, bytes, devices, closing.is_begun)?;
        if let Some(memory) = &mut self.memory {
            memory.hold(batch, written);
            return Ok(());
        }
        batch.bytes.truncate(written.0 + left);
        batch.bytes.skip(written.0);
        batch.devices.drain(..written.1);
        let time = blocks(&batch.bytes).find_map(|block| block.timestamp);
        closing.kept_since = closing.kept_since.or(time);
        self.files.carried.push(batch);
        Ok(())
    }
}
