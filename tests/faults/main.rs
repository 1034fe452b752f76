//! Droprec at its worst moments: floods, kills, full disks, readers that are gone, rights that are missing.

mod appended;
mod arguments;
mod attached;
mod closed_pipe;
mod ending;
mod file_mode;
mod file_name;
mod flood;
mod full_disk;
mod full_disk_end;
mod kill;
mod latency;
mod live_readers;
mod lost;
mod mount;
mod no_recording;
mod no_stderr;
mod nonblocking;
mod quiet;
mod refusal;
mod rights;
mod same_file;
mod stage;
mod stalled_reader;
mod stopped;
mod tally;
