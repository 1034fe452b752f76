//! Droprec on the kernel of this machine: real drops in namespaces of the tests' own, and the file read back. Takes root.

mod batch;
mod bridge;
mod compare;
mod cut_short;
mod deferred;
mod deleted_with_packets;
mod demo;
mod doctor;
mod explain;
mod expressions;
mod filters;
mod forwarded;
mod hardware;
mod hostile_names;
mod internet;
mod interval;
mod kinds;
mod lines;
mod link;
mod linktype;
mod local_output;
mod module_locations;
mod moving_interfaces;
mod namespaces;
mod netfilter;
mod noise;
mod openvswitch;
mod own_namespace;
mod packet_sockets;
mod postrouting;
mod preempted;
mod private;
mod read_back;
mod reconcile;
mod reused_namespace;
mod rx_dropped;
mod shortest;
mod side_by_side;
mod socket_owners;
mod stack;
mod tun;
mod unsent;
mod until;
mod variety;

/// The program under test.
const DROPREC: &str = env!("CARGO_BIN_EXE_droprec");
