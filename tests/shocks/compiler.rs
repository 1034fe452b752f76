//! Programs are interpreted, as where the kernel has no compiler for its machine: nothing of them may lean on one.

use std::fs;

use droprec_testbed::{Pair, Recording, feature, frame::Origin, may_be_shaken};

use crate::{DROPREC, machine};

const COMPILER: &str = "/proc/sys/net/core/bpf_jit_enable";

/// The compiler, turned off until this is dropped.
struct Off {
    before: String,
}

impl Off {
    /// `None`: the kernel does not do without it (`CONFIG_BPF_JIT_ALWAYS_ON`).
    fn turn() -> Option<Self> {
        let before = fs::read_to_string(COMPILER).ok()?;
        let is_off = fs::write(COMPILER, "0").is_ok();
        let answer = feature::answer(
            "a JIT compiler that can be turned off",
            is_off,
            "CONFIG_BPF_JIT_ALWAYS_ON",
        );
        answer.then_some(Self { before })
    }
}

impl Drop for Off {
    fn drop(&mut self) {
        let _ = fs::write(COMPILER, &self.before);
    }
}

#[test]
fn without_a_jit_compiler_drops_are_recorded_as_ever() {
    let _machine = machine();
    if !may_be_shaken() {
        return;
    }
    let Some(_off) = Off::turn() else {
        return;
    };
    let pair = Pair::new();
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    let origin = Origin::new();
    let sent = origin.unhandled(20);
    let frames = pair.frames();
    for frame in &sent {
        frames.send(frame);
    }
    recording.wait_for(sent.len(), |packet| origin.sent(&packet.data));
    let capture = recording.finish().capture;
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    let recorded: Vec<_> = packets.iter().map(|packet| &packet.data).collect();
    assert_eq!(recorded, sent.iter().collect::<Vec<_>>());
}
