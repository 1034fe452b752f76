//! Droprec at its worst moments: floods, kills, full disks, readers that are gone, rights that are missing.

mod arguments;
mod attached;
mod closed_pipe;
mod ending;
mod file_mode;
mod flood;
mod full_disk;
mod immediacy;
mod kill;
mod live_readers;
mod lost;
mod mount;
mod no_recording;
mod quiet;
mod refusal;
mod rights;
mod stage;
mod stalled_reader;
mod tally;
