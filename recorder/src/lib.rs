//! droprec records the packets that Linux drops: the first bytes of each, where in the kernel it was dropped, and why.
//!
//! A drop walks through the rooms in one direction: [`kernel`] loads the kernel half and knows the running kernel,
//! [`source`] reads the ring, [`decode`] makes events of its records, [`enrich`] puts them into words, [`encode`] into
//! bytes, and [`sink`] writes these. [`record`] leads it through; [`report`] shows what became of all.

// They panic when nobody takes what they print.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod cli;
pub mod condition;
pub mod counters;
pub mod decode;
pub mod demo;
pub mod doctor;
pub mod encode;
pub mod enrich;
pub mod explain;
pub mod expression;
pub mod extcap;
pub mod filter;
pub mod identify;
pub mod interval;
pub mod kernel;
pub mod logfmt;
mod netlink;
pub mod plan;
pub mod privileges;
pub mod read;
pub mod record;
pub mod report;
pub mod signals;
pub mod sink;
pub mod source;
pub mod stack;
pub mod text;
pub mod wireshark;
