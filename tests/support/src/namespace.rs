//! A network namespace that `ip netns` knows by a name of this test's own.

use std::{fs, os::unix::fs::MetadataExt as _, panic, path::PathBuf, process::Command, thread};

use rustix::{
    fd::AsFd as _,
    thread::{LinkNameSpaceType, move_into_link_name_space},
};

use serde_json::Value;

use crate::{run, unique, until};

/// A network namespace; removed when dropped, with all that is in it.
#[derive(Debug)]
pub struct Namespace {
    name: String,
}

impl Namespace {
    /// Makes a namespace whose name ends in `role`. Interfaces that are made in it have no IPv6, and so none of its noise.
    #[must_use]
    pub fn new(role: &str) -> Self {
        let (process, call) = unique();
        let name = format!("dr{process}-{call}-{role}");
        let namespace = Self { name };
        namespace.make();
        namespace
    }

    /// Removes it, with all that is in it; [`Namespace::make`] has to follow.
    pub fn remove(&self) {
        run("ip", &["netns", "delete", &self.name]);
    }

    /// Makes it, or another one of its name.
    pub fn make(&self) {
        run("ip", &["netns", "add", &self.name]);
        self.sysctl("net/ipv6/conf/default/disable_ipv6", "1");
    }

    /// What `ip netns` calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What droprec calls an interface in it.
    #[must_use]
    pub fn label(&self, interface: &str) -> String {
        format!("{interface}@{}", self.name)
    }

    fn path(&self) -> PathBuf {
        PathBuf::from("/run/netns").join(&self.name)
    }

    /// What the kernel calls it: the inode number of its file.
    #[must_use]
    pub fn inode(&self) -> u64 {
        let path = self.path();
        fs::metadata(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
            .ino()
    }

    /// Runs `ip -n NAMESPACE ARGUMENTS`. No argument may contain a space.
    pub fn ip(&self, arguments: &str) {
        let all: Vec<&str> = ["-n", &self.name]
            .into_iter()
            .chain(arguments.split_whitespace())
            .collect();
        run("ip", &all);
    }

    /// Makes a firewall rule for IPv4, such as `udp dport 7777 drop` on the hook `input`.
    pub fn nft(&self, hook: &str, rule: &str) {
        let chain = format!("type filter hook {hook} priority 0; {rule};");
        let table = format!("table ip test {{ chain {hook} {{ {chain} }}; }}");
        run("ip", &["netns", "exec", &self.name, "nft", &table]);
    }

    /// How many packets the counters of its firewall's rules have counted.
    #[must_use]
    pub fn nft_counted(&self) -> u64 {
        let list = ["netns", "exec", &self.name, "nft", "-j", "list", "ruleset"];
        let listed: Value = serde_json::from_str(&run("ip", &list))
            .unwrap_or_else(|error| panic!("nft prints no JSON: {error}"));
        let objects = listed["nftables"].as_array().into_iter().flatten();
        let parts = objects.filter_map(|object| object["rule"]["expr"].as_array());
        let counts = parts.flatten().map(|part| &part["counter"]["packets"]);
        counts.filter_map(Value::as_u64).sum()
    }

    /// Writes to a file below `/proc/sys`, such as `net/ipv4/ip_forward`.
    pub fn sysctl(&self, file: &str, value: &str) {
        self.enter(|| {
            fs::write(format!("/proc/sys/{file}"), value)
                .unwrap_or_else(|error| panic!("/proc/sys/{file} does not take {value}: {error}"));
        });
    }

    /// A counter of `ip -s link` for an interface in it: `rx_dropped`, `rx_packets` …, by its file below
    /// `/sys/class/net/…/statistics`.
    #[must_use]
    pub fn statistic(&self, interface: &str, counter: &str) -> u64 {
        self.number(&format!("/sys/class/net/{interface}/statistics/{counter}"))
    }

    /// The index of an interface in it.
    #[must_use]
    pub fn index(&self, interface: &str) -> u64 {
        self.number(&format!("/sys/class/net/{interface}/ifindex"))
    }

    /// Waits until an interface sends again, after the other end of its cable was down.
    pub fn wait_for_carrier(&self, interface: &str) {
        let file = format!("/sys/class/net/{interface}/operstate");
        let arguments = ["netns", "exec", &self.name, "cat", &file];
        let is_up = until(|| (run("ip", &arguments).trim() == "up").then_some(()));
        assert!(is_up.is_some(), "{} stays down", self.label(interface));
        // The kernel says so a little before it is, under the lock that this takes (`linkwatch_do_dev` in
        // `net/core/link_watch.c`).
        self.ip(&format!("link set {interface} up"));
    }

    /// A number in a file, as the namespace sees it.
    fn number(&self, file: &str) -> u64 {
        let text = run("ip", &["netns", "exec", &self.name, "cat", file]);
        text.trim()
            .parse()
            .unwrap_or_else(|error| panic!("{file} says {text:?}: {error}"))
    }

    /// Runs `work` on a thread in the namespace. Sockets that it opens stay there wherever they are used.
    pub fn enter<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let path = self.path();
        let file = fs::File::open(&path)
            .unwrap_or_else(|error| panic!("{} does not open: {error}", path.display()));
        let inside = || {
            move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))
                .unwrap_or_else(|error| panic!("{} cannot be entered: {error}", path.display()));
            work()
        };
        thread::scope(|scope| scope.spawn(inside).join())
            .unwrap_or_else(|panicked| panic::resume_unwind(panicked))
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // A second panic would hide the first.
        let removed = Command::new("ip")
            .args(["netns", "del", &self.name])
            .output();
        if !removed.is_ok_and(|output| output.status.success()) {
            eprintln!(
                "namespace {} is still there: ip netns del failed",
                self.name
            );
        }
    }
}
