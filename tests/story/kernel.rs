//! What this kernel has of LLC and of the spanning tree.

use std::{fs, process::Command, time::Duration};

use droprec_testbed::{feature::answer, pause};

const FEATURE: &str = "llc, a module that is not loaded";

/// How often it is tried to take them away.
const TRIES: u32 = 10;

/// How the kernel has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Llc {
    /// In use: built in, or held by something that is not these tests' own.
    There,
    /// As modules, that are not loaded now.
    Modules,
}

impl Llc {
    /// Takes the modules away, unless something else uses them.
    pub(crate) fn unloaded() -> Self {
        // What uses them may be on its way out.
        for _ in 0..TRIES {
            modprobe(&["-r", "bridge", "stp", "llc"]);
            if !symbol("llc_rcv").is_some_and(|line| line.ends_with(']')) {
                break;
            }
            pause(Duration::from_millis(100));
        }
        match symbol("llc_rcv") {
            Some(line) if line.ends_with(']') => Self::there("something else uses it"),
            Some(_) => Self::there("it is built in"),
            None => {
                let _ = answer(FEATURE, true, "");
                Self::Modules
            }
        }
    }

    /// Loads the bridge, where it is a module: with it stp asks llc for BPDUs.
    pub(crate) fn with_bridge() -> Self {
        modprobe(&["bridge"]);
        Self::There
    }

    fn there(why: &str) -> Self {
        let _ = answer(FEATURE, false, why);
        Self::There
    }
}

/// What it did is seen in the kernel; where there are no modules, it may be missing too.
fn modprobe(arguments: &[&str]) {
    let _ = Command::new("modprobe").arg("-q").args(arguments).status();
}

/// The line of a function in the kernel's table of symbols.
fn symbol(name: &str) -> Option<String> {
    let symbols = fs::read_to_string("/proc/kallsyms").expect("the kernel has symbols");
    let mut lines = symbols.lines();
    lines
        .find(|line| line.split_whitespace().nth(2) == Some(name))
        .map(str::to_owned)
}
