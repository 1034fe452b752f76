//! The kernel half's rooms, in the order that a drop walks through them.

pub(crate) mod bytes;
pub(crate) mod config;
pub(crate) mod count;
pub(crate) mod device;
pub(crate) mod emit;
pub(crate) mod expression;
pub(crate) mod fair;
pub(crate) mod filter;
pub(crate) mod headers;
pub(crate) mod lane;
pub(crate) mod limit;
pub(crate) mod owner;
pub(crate) mod private;
pub(crate) mod rest;
pub(crate) mod skb;
pub(crate) mod spare;
pub(crate) mod stack;
pub(crate) mod trap;
pub(crate) mod vlan;
