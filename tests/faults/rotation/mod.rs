//! Many files in place of one: `-C`, `-G`, `-W`, `-z`, compressed ones, and disks that are full or stuck.

mod command;
pub(crate) mod files;
mod flood;
mod full;
mod kill;
mod named;
mod stuck;
