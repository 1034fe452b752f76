//! `--interval --stack`: tables by the ways that drops came by, which are those that the kernel's own tracing has.

use std::{collections::BTreeMap, fs::File, io::Write as _, net::UdpSocket, os::fd::OwnedFd};

use droprec_testbed::{Droprec, Pair, Stacks};
use serde_json::Value;

use super::{Tables, number, parsed, rows};
use crate::{DROPREC, stack::functions};

/// Datagrams of each system call.
const SENT: u64 = 20;
const WRITTEN: u64 = 30;

/// How many drops came by a way, and the way, its innermost frame first.
type Way = (u64, Vec<String>);

/// Has the sender's firewall drop datagrams of two system calls.
fn drop_by_two_ways(pair: &Pair) {
    pair.sender.nft("output", "udp dport 7777 drop");
    let socket = pair.sender.enter(|| UdpSocket::bind("0.0.0.0:0"));
    let socket = socket.expect("a port is free");
    let connected = socket.connect((Pair::RECEIVER, 7777));
    connected.expect("there is a route");
    for _ in 0..SENT {
        let sent = socket.send(b"sent");
        assert!(sent.is_err(), "the firewall let a packet pass");
    }
    let mut file = File::from(OwnedFd::from(socket));
    for _ in 0..WRITTEN {
        let written = file.write(b"written");
        assert!(written.is_err(), "the firewall let a packet pass");
    }
}

/// The ways to a place that tracing has of them.
fn traced(stacks: &Stacks, location: &str) -> Vec<Way> {
    let mut counts = BTreeMap::<Vec<String>, u64>::new();
    let is_sent = |frame: &String| frame.starts_with("udp_sendmsg+");
    for stack in stacks.from(location) {
        // Others' packets may be dropped there while this thread is interrupted.
        if stack.iter().any(is_sent) {
            *counts.entry(stack).or_default() += 1;
        }
    }
    let mut ways: Vec<Way> = counts
        .into_iter()
        .map(|(stack, count)| (count, stack))
        .collect();
    ways.sort_unstable();
    ways
}

/// The ways of rows of JSON.
fn of_objects(rows: &[Value]) -> Vec<Way> {
    let way = |row: &Value| {
        let stack = serde_json::from_value(row["stack"].clone());
        let stack: Vec<String> = stack.expect("an array of strings");
        (number(row, "count"), functions(&stack))
    };
    let mut ways: Vec<Way> = rows.iter().map(way).collect();
    ways.sort_unstable();
    ways
}

/// The ways of lines of text, each below its line.
fn of_lines(text: &str) -> Vec<Way> {
    let mut ways = Vec::<(&str, Vec<String>)>::new();
    for line in text.lines() {
        match (line.strip_prefix('\t'), ways.last_mut()) {
            (Some(frame), Some((_, frames))) => frames.push(frame.to_owned()),
            _ => ways.push((line, Vec::new())),
        }
    }
    // Above them is the header, and the sum below.
    ways.retain(|(_, frames)| !frames.is_empty());
    let count = |line: &str| line.split_whitespace().nth(1)?.parse().ok();
    let way =
        |(line, frames): (&str, Vec<String>)| (count(line).expect("a number"), functions(&frames));
    let mut ways: Vec<Way> = ways.into_iter().map(way).collect();
    ways.sort_unstable();
    ways
}

#[test]
fn two_ways_to_one_place_are_two_rows_with_as_many_drops_as_came_by_each() {
    let pair = Pair::new();
    let label = pair.sender.label("eth0");
    // A table at the end.
    let arguments = ["--interval", "1h", "--stack", "-i", &label];
    let objects = Tables::start(&arguments);
    let lines = Droprec::start(DROPREC, &arguments);
    let stacks = Stacks::of_this_thread();
    drop_by_two_ways(&pair);
    let objects = objects.0.stop().succeeded();
    let lines = lines.stop().succeeded();

    let tables = parsed(objects.text());
    let rows = rows(&tables[0]);
    let location = rows[0]["loc"].as_str().expect("a location");
    let traced = traced(&stacks, location);
    let counts: Vec<u64> = traced.iter().map(|(count, _)| *count).collect();
    assert_eq!(counts, [SENT, WRITTEN], "{traced:#?}");
    assert_eq!(of_objects(rows), traced, "{rows:#?}");
    assert_eq!(of_lines(lines.text()), traced, "{}", lines.text());
    // In the summary they are one.
    for ended in [objects, lines] {
        let books = ended.accounting();
        books.must_balance();
        assert_eq!(books.written, SENT + WRITTEN, "{}", ended.stderr);
        assert_eq!(ended.rows(&label).count(), 1, "{}", ended.stderr);
    }
}
