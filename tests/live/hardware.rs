//! What hardware drops, as its driver reports it through devlink: a device of netdevsim has the traps of a switch.

use std::collections::BTreeMap;

use droprec_pcapng::{Direction, Flags};
use droprec_testbed::{Droprec, Netdevsim, Packet, Recording, feature, pause};

use crate::DROPREC;

/// Reports of each trap that are waited for.
const COUNT: usize = 20;

/// What netdevsim reports (`nsim_dev_trap_skb_build`, drivers/net/netdevsim/dev.c, v5.10): bytes of a frame, and what it is but
/// for its addresses of Ethernet and its ports, which are chosen at random.
const LEN: usize = 142;
const IP: [u8; 8] = [192, 0, 2, 1, 198, 51, 100, 1];

fn is_netdevsims(packet: &Packet) -> bool {
    let data = &packet.data;
    data.len() == LEN && data[12..14] == [8, 0] && data[23] == 17 && data[26..34] == IP
}

#[test]
fn what_the_hardware_drops_has_its_trap_for_a_reason_and_is_counted_as_devlink_counts() {
    if !feature::module("netdevsim") {
        return;
    }
    let device = Netdevsim::new();
    let port = device.port();
    let recording = Recording::at(DROPREC, &[port]);
    let lines = Droprec::start(DROPREC, &["-i", port]);
    let tables = Droprec::start(DROPREC, &["-i", port, "--interval", "1h", "--json"]);
    let peers = ["--interval", "1h", "--style", "dropwatch"];
    let peers = Droprec::start(DROPREC, &[&["-i", port], &peers[..]].concat());
    device.trap();
    device.set("up");
    recording.wait_for(COUNT, |packet| packet.get("reason") == "blackhole_route");
    device.set("down");
    // It may be at it, and it is so every 100 ms.
    pause(std::time::Duration::from_millis(300));
    let traps = device.traps();
    let recorded = recording.finish();
    let printed = lines.stop().succeeded();
    let tables = tables.stop().succeeded();
    let peers = peers.stop().succeeded();

    let mut expected = BTreeMap::new();
    for trap in &traps {
        assert!(trap.packets >= COUNT as u64 - 1, "{traps:?}");
        if trap.kind != "control" {
            let key = [&trap.name, &trap.kind, &trap.group].map(String::clone);
            expected.insert(key, trap.packets);
        }
    }
    // The kernel drops at the port too what it sends there itself.
    let packets = recorded
        .capture
        .packets_where(|packet| packet.pairs.contains_key("hw"));
    let mut counts = BTreeMap::new();
    for packet in packets {
        let key = ["reason", "hw", "trap_group"].map(|key| packet.get(key).to_owned());
        *counts.entry(key).or_insert(0) += 1;
        assert_eq!((packet.interface.as_str(), packet.get("dev")), (port, port));
        assert_eq!((packet.get("loc"), packet.get("l2")), ("", "mac"));
        assert!(is_netdevsims(packet), "{packet:?}");
        let direction = packet.flags.and_then(Flags::direction);
        assert_eq!(direction, Some(Direction::Inbound), "{packet:?}");
    }
    assert_eq!(counts, expected);

    assert_eq!(recorded.ended.accounting().lost, 0);
    assert_eq!(printed.accounting().lost, 0);
    let file = recorded.file.to_string_lossy();
    let summary = Droprec::run(DROPREC, &["-r", &file, "--summary"]).succeeded();
    let text = printed.text();
    for ([trap, kind, group], count) in expected {
        let row = format!("{count} {trap} hardware ({group}) {port}");
        for table in [summary.text(), &recorded.ended.stderr] {
            let mut rows = table.lines();
            let is_it = |line: &str| {
                let words: Vec<&str> = line.split_whitespace().collect();
                words.join(" ").starts_with(&row)
            };
            assert!(rows.any(is_it), "{row} in\n{table}");
        }
        let cells = format!("\"reason\":\"{trap}\",\"loc\":\"hardware ({group})\"");
        let mut cells = tables
            .text()
            .split("{\"count\":")
            .filter(|row| row.contains(&cells));
        let in_table = cells
            .next()
            .and_then(|row| row.split(',').next()?.parse().ok());
        assert_eq!(in_table, Some(count), "{trap} in\n{}", tables.text());
        let line = format!("{count} drops at {trap} [hardware]");
        assert!(
            peers.text().lines().any(|of| of == line),
            "{line} in\n{}",
            peers.text()
        );
        let did = if kind == "drop" {
            " dropped by hardware"
        } else {
            " not forwarded by hardware"
        };
        let named = format!(": trap {trap} (group {group}) ({port} in), length {LEN}");
        let lines = text.lines();
        let lines = lines.filter(|line| line.contains(did) && line.ends_with(&named));
        assert_eq!(lines.count() as u64, count, "{trap} in\n{text}");
    }
}
