//! Counters as others read them.

use std::fs;

use droprec_testbed::{Namespace, run};

/// A counter of `/proc/net/snmp` or `/proc/net/netstat` by the name that `nstat` gives it, such as `UdpNoPorts`; of
/// `/proc/net/snmp6` by its own.
pub(super) fn protocol(namespace: &Namespace, file: &str, name: &str) -> u64 {
    let path = format!("/proc/thread-self/net/{file}");
    let text = namespace
        .enter(|| fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")));
    let found = if file == "snmp6" {
        let mut lines = text.lines().map(str::split_whitespace);
        lines.find_map(|mut words| (words.next()? == name).then(|| words.next())?)
    } else {
        let lines: Vec<&str> = text.lines().collect();
        lines.chunks(2).find_map(|pair| {
            let (protocol, names) = pair[0].split_once(':')?;
            let (_, values) = pair.get(1)?.split_once(':')?;
            let rest = name.strip_prefix(protocol)?;
            let at = names.split_whitespace().position(|one| one == rest)?;
            values.split_whitespace().nth(at)
        })
    };
    let value = found.unwrap_or_else(|| panic!("no {name} in {path}: {text}"));
    let value = value.parse();
    value.unwrap_or_else(|error| panic!("{name} of {path}: {error}"))
}

/// What `tc -s qdisc` says that the queueing disciplines of an interface dropped.
pub(super) fn qdisc_drops(namespace: &Namespace, interface: &str) -> u64 {
    let arguments = [
        "-n",
        namespace.name(),
        "-s",
        "qdisc",
        "show",
        "dev",
        interface,
    ];
    let text = run("tc", &arguments);
    // `Sent 1234 bytes 5 pkt (dropped 45, overlimits 0 requeues 0)`
    let drops = text.split("(dropped ").skip(1).map(|rest| {
        let number = rest.split(',').next().unwrap_or_default();
        number
            .parse::<u64>()
            .unwrap_or_else(|error| panic!("{text}: {error}"))
    });
    drops.sum()
}

/// What all processors' backlogs dropped.
pub(super) fn backlog_drops() -> u64 {
    let path = "/proc/net/softnet_stat";
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let drops = text.lines().map(|line| {
        let column = line.split_whitespace().nth(1).unwrap_or_default();
        u64::from_str_radix(column, 16).unwrap_or_else(|error| panic!("{path}: {line}: {error}"))
    });
    drops.sum()
}
