//! The ground truth: each recorded byte of packets whose every byte is known, of every kind of interface, protocol, place
//! and shape that could be had. `docs/ground-truth.md` lists them. Takes root, and a kernel to attach to.

mod at;
mod bond;
mod bridge;
mod case;
mod document;
mod dummy;
mod ethernet;
mod frag_lists;
mod frags;
mod frames;
mod gso;
mod ipv4;
mod ipv6;
mod judge;
mod loopback;
mod macvlan;
mod needs;
mod output;
mod receiver;
mod router;
mod rules;
mod same_numbers;
mod snaplen;
mod sockets;
mod tap;
mod tun;
mod tunnels;
mod vlan;
mod vxlan;
mod wide;

/// The program under test.
const DROPREC: &str = env!("CARGO_BIN_EXE_droprec");
