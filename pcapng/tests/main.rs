//! What the crate promises, seen from outside.

mod byte_literals;
mod cut;
mod damage;
mod foreign_readers;
mod pcap;
mod recording;
mod round_trip;
mod second_opinion;
