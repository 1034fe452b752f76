//! The perf buffers: bytes that records have no place for, by processor and number.

use std::ops::ControlFlow;

use aya::{
    maps::{
        MapData, PerfEventArray,
        perf::{PerfBufferError, PerfEvent, PerfEventArrayBuffer},
    },
    util::online_cpus,
};
use droprec_ebpf::record::{HAS_REST, MAX_REST, PROGRAMS, REST_WAKE, Record, program_of, sample};
use rustix::param::page_size;

/// Bytes for all processors' buffers together, as far as each then has enough.
const ALL: usize = 8 << 20;
/// Bytes for one: room for the longest sample at least.
const LEAST: usize = 4 * REST_WAKE as usize;
const MOST: usize = 4 << 20;
/// What every user may lock for one (`kernel.perf_event_mlock_kb`, less a page); more takes `CAP_IPC_LOCK`.
const ANYBODYS: usize = 512 << 10;

/// Bytes of a sample's number.
const NUMBER: usize = size_of::<u64>();

/// A buffer for each processor that was there at the beginning. What happens on another has no rest.
#[derive(Default)]
pub struct Rests {
    /// By processor.
    buffers: Vec<Option<Buffer>>,
    /// Why there is none.
    pub lacks: Option<String>,
}

/// A processor's.
struct Buffer {
    samples: PerfEventArrayBuffer<MapData>,
    /// The last one of each program that was taken out. While a program stands still between its sample and the record, the
    /// others' go past it.
    taken: [Sample; PROGRAMS as usize],
}

struct Sample {
    number: u64,
    /// As they came, the number among them.
    bytes: Vec<u8>,
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
            let samples = array.open(*cpu, Some(pages))?;
            let index = *cpu as usize;
            if self.buffers.len() <= index {
                self.buffers.resize_with(index + 1, || None);
            }
            let taken = std::array::from_fn(|program| Sample {
                number: sample(program as u32, 0),
                bytes: Vec::new(),
            });
            self.buffers[index] = Some(Buffer { samples, taken });
        }
        Ok(())
    }

    /// The bytes from `skb->data` on of a record that has not all. Samples of records that were lost are thrown away, also
    /// where the record has none itself: a buffer that is full of them takes no other.
    pub fn of(&mut self, record: &Record) -> Option<&[u8]> {
        let Buffer { samples, taken } = self.buffers.get_mut(usize::from(record.cpu))?.as_mut()?;
        let of_record = program_of(record.rest) as usize;
        // Nothing but a record that is read out of its order has an earlier one, and that takes away nobody else's.
        if taken.get(of_record)?.number < record.rest {
            let _ = samples.try_fold((), |(), event| {
                let PerfEvent::Sample { head, tail } = event else {
                    return ControlFlow::Continue(());
                };
                let number = number(head, tail);
                let Some(sample) = taken.get_mut(program_of(number) as usize) else {
                    return ControlFlow::Continue(());
                };
                sample.number = number;
                sample.bytes.clear();
                sample.bytes.extend_from_slice(head);
                sample.bytes.extend_from_slice(tail);
                if number == record.rest {
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            });
        }
        let sample = &taken[of_record];
        if sample.number != record.rest || record.flags & HAS_REST == 0 {
            return None;
        }
        // A sample is padded; the packet may be shorter.
        let rest = sample.bytes.get(NUMBER..)?;
        let left = i64::from(record.len) - i64::from(record.data);
        let len = usize::try_from(left).unwrap_or(0).min(MAX_REST as usize);
        Some(&rest[..rest.len().min(len)])
    }
}

/// What a sample begins with, which may be in two pieces.
fn number(head: &[u8], tail: &[u8]) -> u64 {
    let mut number = [0; NUMBER];
    for (to, from) in number.iter_mut().zip(head.iter().chain(tail)) {
        *to = *from;
    }
    u64::from_ne_bytes(number)
}
