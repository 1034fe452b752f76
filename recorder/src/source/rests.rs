//! The perf buffers: bytes that records have no place for, by processor and number.

use std::{collections::HashMap, ops::ControlFlow};

use aya::{
    maps::{
        MapData, PerfEventArray,
        perf::{PerfBufferError, PerfEvent, PerfEventArrayBuffer},
    },
    util::online_cpus,
};
use droprec_ebpf::record::{MAX_REST, Record};
use rustix::param::page_size;

/// Bytes for all processors' buffers together, as far as each then has enough.
const ALL: usize = 8 << 20;
/// Bytes for one: room for the longest sample at least.
const LEAST: usize = 128 << 10;
const MOST: usize = 4 << 20;
/// What every user may lock for one (`kernel.perf_event_mlock_kb`, less a page); more takes `CAP_IPC_LOCK`.
const ANYBODYS: usize = 512 << 10;

/// Bytes of a sample's number.
const NUMBER: usize = size_of::<u64>();

/// A buffer for each processor that was there at the beginning. What happens on another has no rest.
#[derive(Default)]
pub struct Rests {
    buffers: HashMap<u16, PerfEventArrayBuffer<MapData>>,
    /// The sample that was looked for last.
    sample: Vec<u8>,
    /// Why there is none.
    pub lacks: Option<String>,
}

impl Rests {
    /// Opens the buffers. A recording can do without.
    #[must_use]
    pub fn open(mut array: PerfEventArray<MapData>) -> Self {
        let mut rests = Self::default();
        let opened = online_cpus()
            .map_err(|(file, error)| format!("{file}: {error}"))
            .and_then(|cpus| {
                let size = (ALL / cpus.len().max(1)).clamp(LEAST, MOST);
                rests
                    .open_each(&mut array, &cpus, size)
                    .or_else(|_| rests.open_each(&mut array, &cpus, size.min(ANYBODYS)))
                    .map_err(|error| error.to_string())
            });
        rests.lacks = opened.err();
        rests
    }

    fn open_each(
        &mut self,
        array: &mut PerfEventArray<MapData>,
        cpus: &[u32],
        size: usize,
    ) -> Result<(), PerfBufferError> {
        self.buffers.clear();
        let pages = 1 << (size / page_size()).max(1).ilog2();
        for cpu in cpus {
            let buffer = array.open(*cpu, Some(pages))?;
            self.buffers.insert(*cpu as u16, buffer);
        }
        Ok(())
    }

    /// The bytes from `skb->data` on of a record that has not all; what came before them belongs to records that were lost.
    pub fn of(&mut self, record: &Record) -> Option<&[u8]> {
        if record.rest == 0 {
            return None;
        }
        let buffer = self.buffers.get_mut(&record.cpu)?;
        let sample = &mut self.sample;
        let found = buffer.try_fold((), |(), event| {
            let PerfEvent::Sample { head, tail } = event else {
                return ControlFlow::Continue(());
            };
            sample.clear();
            sample.extend_from_slice(head);
            sample.extend_from_slice(tail);
            match sample.first_chunk() {
                Some(number) if u64::from_ne_bytes(*number) == record.rest => {
                    ControlFlow::Break(())
                }
                _ => ControlFlow::Continue(()),
            }
        });
        if found.is_continue() {
            return None;
        }
        // A sample is padded; the packet may be shorter.
        let rest = self.sample.get(NUMBER..)?;
        let left = i64::from(record.len) - i64::from(record.data);
        let len = usize::try_from(left).unwrap_or(0).min(MAX_REST as usize);
        Some(&rest[..rest.len().min(len)])
    }
}
