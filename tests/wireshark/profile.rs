//! The profile: columns, colours and buttons, with the plugin and without.

use std::{collections::BTreeSet, fs};

use droprec_testbed::Capture;

use crate::{home::Home, sample};

/// The buttons' names and filters, as Wireshark reads them.
fn buttons(home: &Home) -> Vec<(String, String)> {
    let text = fs::read_to_string(home.profile().join("dfilter_buttons")).expect("it is installed");
    let of = |line: &str| {
        let fields: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        let [_, name, filter, _] = fields[..] else {
            panic!("no button: {line}");
        };
        let filter = filter.replace("\\x22", "\"").replace("\\x5c", "\\");
        (name.to_owned(), filter)
    };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(of).collect()
}

/// The rule that colours each packet, and its reason.
fn colours(home: &Home, kernel: &str) -> Vec<(String, String)> {
    let file = sample(kernel);
    let packets = Capture::read(&file).packets;
    let arguments = ["-C", "droprec", "--color"];
    let rules = home.fields(&arguments, &["frame.coloring_rule.name"], &file);
    assert_eq!(rules.len(), packets.len());
    let rules = rules.into_iter().map(|rule| rule.concat());
    let reasons = packets.iter().map(|packet| packet.get("reason").to_owned());
    rules.zip(reasons).collect()
}

#[test]
fn packets_are_coloured_by_the_group_of_their_reason_with_the_plugin_and_without() {
    let with = Home::installed();
    let colours_of = colours(&with, "6.18");
    assert_eq!(colours_of, colours(&Home::without_plugin(), "6.18"));
    for (reason, expected) in [
        ("NETFILTER_DROP", "Firewall or filter"),
        ("SOCKET_RCVBUFF", "No room"),
        ("QDISC_DROP", "No room"),
        ("TCP_CSUM", "Damaged or malformed"),
        ("IP_RPFILTER", "No way to go"),
        ("NO_SOCKET", "Nobody takes it"),
        ("NOT_SPECIFIED", "No reason given"),
    ] {
        let rules: Vec<&str> = colours_of
            .iter()
            .filter(|(_, of)| of == reason)
            .map(|(rule, _)| rule.as_str())
            .collect();
        assert!(!rules.is_empty(), "no {reason} in the sample");
        assert!(
            rules.iter().all(|rule| *rule == expected),
            "{reason}: {rules:?}"
        );
    }
    for (rule, _) in colours(&with, "5.10") {
        assert_eq!(rule, "No reason given");
    }
}

#[test]
fn each_button_finds_the_packets_of_its_colour_with_the_plugin_and_without() {
    let homes = [Home::installed(), Home::without_plugin()];
    let buttons = buttons(&homes[0]);
    assert!(buttons.len() > 5, "{buttons:?}");
    for kernel in ["5.10", "6.18", "7.2"] {
        let colours = colours(&homes[0], kernel);
        let mut all = BTreeSet::new();
        for (name, filter) in &buttons {
            let [with, without] = homes.each_ref().map(|home| {
                let found = home.fields(&["-Y", filter], &["frame.number"], &sample(kernel));
                found
                    .concat()
                    .iter()
                    .map(|number| number.parse().expect("a number"))
                    .collect::<Vec<usize>>()
            });
            assert_eq!(with, without, "{name}");
            for (index, (rule, _)) in colours.iter().enumerate() {
                assert!(
                    rule != name || with.contains(&(index + 1)),
                    "{name} leaves out {index}"
                );
            }
            all.extend(with);
        }
        assert_eq!(all.len(), colours.len(), "on {kernel} some have no button");
    }
}

#[test]
fn the_columns_say_where_and_why_a_packet_was_dropped() {
    let file = sample("6.18");
    let packets = Capture::read(&file).packets;
    let file = file.to_str().expect("a path of letters and digits");
    let printed = Home::installed().tshark(&["-n", "-C", "droprec", "-r", file]);
    assert_eq!(printed.lines().count(), packets.len());
    for (line, packet) in printed.lines().zip(&packets) {
        let reason = packet.get("reason");
        let function = packet
            .get("loc")
            .split(['+', '.'])
            .next()
            .unwrap_or_default();
        let columns = format!(" {} {reason} {function} ", packet.interface);
        let words: Vec<&str> = line.split_whitespace().collect();
        let line = words.join(" ");
        assert!(line.contains(&columns), "no {columns} in {line}");
        assert!(
            line.contains(&packet.sentence),
            "no {} in {line}",
            packet.sentence
        );
    }
    // Without the plugin two columns are empty, and nothing is amiss.
    let printed = Home::without_plugin().tshark(&["-n", "-C", "droprec", "-r", file]);
    assert!(printed.contains(&packets[0].sentence), "{printed}");
    assert!(!printed.contains(" ip_rcv_core "), "{printed}");
}
