//! A device of netdevsim: software with the traps of a switch's hardware. While its port is up, each trap that is to trap reports
//! a packet of its own making ten times a second (drivers/net/netdevsim/dev.c: `nsim_dev_trap_report_work`, v5.10).

use std::{fs, path::Path};

use serde_json::Value;

use crate::{run, unique, until};

const BUS: &str = "/sys/bus/netdevsim";

/// The device. Removed when dropped.
#[derive(Debug)]
pub struct Netdevsim {
    number: u32,
    /// Its port, an interface of the test's own namespace.
    port: String,
}

/// A trap, as devlink tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trap {
    /// `blackhole_route`
    pub name: String,
    /// `l3_drops`
    pub group: String,
    /// `drop`, `exception` or `control`
    pub kind: String,
    /// How many packets it has reported.
    pub packets: u64,
}

impl Netdevsim {
    /// One with a port, which is down.
    #[must_use]
    pub fn new() -> Self {
        let (process, call) = unique();
        let number = process % 10_000 * 100 + u32::from(call) % 100;
        write("new_device", &format!("{number} 1"));
        let ports = format!("{BUS}/devices/netdevsim{number}/net");
        // It is called otherwise once udev has seen it.
        let port = until(|| {
            let mut ports = fs::read_dir(&ports).ok()?;
            let port = ports.next()?.ok()?.file_name();
            Some(port.to_string_lossy().into_owned())
        });
        let port = port.unwrap_or_else(|| panic!("no port in {ports}"));
        Self { number, port }
    }

    /// The interface.
    #[must_use]
    pub fn port(&self) -> &str {
        &self.port
    }

    fn name(&self) -> String {
        format!("netdevsim/netdevsim{}", self.number)
    }

    /// Has all traps report what the hardware would else drop unseen.
    pub fn trap(&self) {
        for trap in self.traps() {
            if trap.kind == "drop" {
                let name = self.name();
                run(
                    "devlink",
                    &["trap", "set", &name, "trap", &trap.name, "action", "trap"],
                );
            }
        }
    }

    /// Has the port up or down.
    pub fn set(&self, state: &str) {
        run("ip", &["link", "set", &self.port, state]);
    }

    /// All of its traps.
    #[must_use]
    pub fn traps(&self) -> Vec<Trap> {
        let shown = run("devlink", &["-j", "-s", "trap", "show"]);
        let shown: Value = serde_json::from_str(&shown)
            .unwrap_or_else(|error| panic!("devlink prints no JSON: {error}: {shown}"));
        let traps = shown["trap"][self.name()].as_array();
        let traps = traps.unwrap_or_else(|| panic!("no traps of {}: {shown}", self.name()));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        traps
            .iter()
            .map(|trap| Trap {
                name: text(&trap["name"]),
                group: text(&trap["group"]),
                kind: text(&trap["type"]),
                packets: trap["stats"]["rx"]["packets"].as_u64().unwrap_or(0),
            })
            .collect()
    }
}

impl Default for Netdevsim {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Netdevsim {
    fn drop(&mut self) {
        write("del_device", &self.number.to_string());
    }
}

fn write(file: &str, value: &str) {
    let file = Path::new(BUS).join(file);
    fs::write(&file, value)
        .unwrap_or_else(|error| panic!("{} does not take {value}: {error}", file.display()));
}
