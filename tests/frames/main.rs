//! What droprec says of a frame, beside what tshark says of it. `docs/frames.md` has the table. Takes tshark, and no rights.
//!
//! The files that both read stay in `target/tmp/frames`, to look at.

mod access;
mod bridge;
mod bytes;
mod case;
mod document;
mod ethernet;
mod icmp;
mod industrial;
mod ip;
mod judge;
mod lan;
mod links;
mod mutations;
mod names;
mod published;
mod readers;
mod routing;
mod services;
mod tags;
mod transport;
mod tunnels;
mod udp_tunnels;
mod words;

/// The program under test.
const DROPREC: &str = env!("CARGO_BIN_EXE_droprec");

/// Every kind of frame, by the heading that it stands under.
fn groups() -> Vec<(&'static str, Vec<case::Case>)> {
    vec![
        ("Types and lengths, LLC, SNAP", ethernet::cases()),
        ("Tags", tags::cases()),
        ("Bridges and switches", bridge::cases()),
        ("802.1X and PPPoE", access::cases()),
        ("Clocks and machines", industrial::cases()),
        ("Storage, meshes, older networks", lan::cases()),
        ("ARP and IP", ip::cases()),
        ("TCP, UDP and their like", transport::cases()),
        ("ICMP, ICMPv6, IGMP", icmp::cases()),
        ("Routers", routing::cases()),
        ("Services over UDP", services::cases()),
        ("Tunnels", tunnels::cases()),
        ("Tunnels over UDP", udp_tunnels::cases()),
        ("Published captures", published::cases()),
        ("Other link types", links::cases()),
    ]
}
