//! What droprec's live tests stand on. Whatever goes wrong here panics with all that is known: no test skips or guesses.
//!
//! - [`Namespace`], [`connect`], [`Pair`], [`Chain`]: network namespaces, and veth pairs between them. They go when dropped.
//! - [`OwnPort`]: an interface in the test's own namespace; [`Tun`]: one that a process writes to.
//! - [`FrameSocket`], [`frame`]: frames, sent as they are; [`PacketSocket`]: received, and not read.
//! - [`VnetSocket`], [`send_file`] and the like: packets whose bytes are in pages, and those of several segments;
//!   [`Sniffer`], [`Shapes`]: what others see of packets that the kernel has built.
//! - [`Datapath`]: an Open vSwitch; [`Module`]: what is loaded and taken away; [`enumerator`]: what a module calls a number.
//! - [`variety()`](variety::variety): frames of all kinds that a filter may look into; [`Ingress`]: what drops them all.
//! - [`broken`]: frames that no parser expects.
//! - [`Netdevsim`]: hardware that drops, made of software.
//! - [`flood()`](flood::flood): frames by the million; [`Xdp`]: a program that drops them in the driver; [`classify`]: a BPF
//!   program tried on a frame.
//! - [`Droprec`], [`Recording`], [`Accounting`]: a droprec that runs, what it said and wrote, where every drop went.
//! - [`Metrics`]: what `--metrics` writes.
//! - [`Terminal`]: what droprec draws on.
//! - [`Capture`], [`Packet`]: a file as the strict reader sees it; [`tshark`], [`tcpdump`]: as others do.
//! - [`Trace`], [`Stacks`]: what the kernel's own tracing says of the same drops.
//! - [`threads`], [`children`], [`memory`] …: what procfs says of a process; [`may_be_shaken`]: whether the machine is the
//!   tests' own.
//! - [`feature`]: what a kernel may lack, and how a test says so.
//! - [`on_this_processor`], [`on_each_processor`]: where what is sent is received in its order.
//! - [`until`], [`pause`]: waiting for something, with an end; [`Over`]: the end of what goes on beside.

#![expect(
    clippy::missing_panics_doc,
    reason = "a harness panics wherever a test cannot go on"
)]

mod accounting;
pub mod broken;
mod capture;
mod chain;
mod command;
mod deadline;
mod droprec;
mod ended;
mod enumerator;
pub mod feature;
pub mod flood;
pub mod frame;
mod frame_socket;
mod generic_netlink;
mod guest;
mod half_readable;
mod heir;
mod idle;
mod ingress;
pub mod item;
mod logfmt;
mod metrics;
mod module;
mod namespace;
mod netconsole;
mod netdevsim;
mod openvswitch;
mod output;
mod over;
mod own_port;
mod packet_socket;
mod paged;
mod pair;
mod processor;
mod readers;
mod recording;
mod reports;
mod samples;
mod shapes;
mod share;
mod sniffer;
mod stacks;
mod status;
mod terminal;
mod test_run;
mod trace;
mod tracing;
mod tun;
mod unique;
mod unseen;
pub mod variety;
mod veth;
mod vnet;
mod xdp;

pub use accounting::Accounting;
pub use capture::{Capture, Interface, Packet};
pub use chain::Chain;
pub use command::run;
pub use deadline::{patiently, pause, until};
pub use droprec::Droprec;
pub use ended::Ended;
pub use enumerator::enumerator;
pub use frame_socket::FrameSocket;
pub use guest::may_be_shaken;
pub use half_readable::send_half_readable;
pub use idle::Idle;
pub use ingress::Ingress;
pub use logfmt::pairs;
pub use metrics::{Metrics, Sample};
pub use module::Module;
pub use namespace::Namespace;
pub use netconsole::NetConsole;
pub use netdevsim::{Netdevsim, Trap};
pub use openvswitch::{Action, Datapath};
pub use output::Output;
pub use over::Over;
pub use own_port::OwnPort;
pub use packet_socket::PacketSocket;
pub use paged::{send_file, send_segmented, send_spliced, send_uncopied};
pub use pair::Pair;
pub use processor::{on_each_processor, on_this_processor};
pub use readers::{fields, must_be_readable, selected, tcpdump, tshark};
pub use recording::{Recorded, Recording};
pub use reports::send_and_ignore_reports;
pub use samples::samples;
pub use shapes::{Shape, Shapes};
pub use share::share;
pub use sniffer::Sniffer;
pub use stacks::Stacks;
pub use status::{Status, children, descriptors, memory, processor_seconds, threads};
pub use terminal::Terminal;
pub use test_run::classify;
pub use trace::{Site, Trace};
pub use tun::Tun;
pub use unique::unique;
pub use unseen::again_if_unseen;
pub use veth::{Port, connect};
pub use vnet::{Vnet, VnetSocket};
pub use xdp::Xdp;
