//! The story that droprec was made for: a counter rises by one every two seconds, and nobody knows why. Takes root.
//!
//! On a kernel with llc and stp as modules they must not be in use: these tests come before all others that need a bridge.

mod kernel;
mod switch;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use droprec_testbed::{Droprec, Ended, OwnPort, fields, run};

use self::{kernel::Llc, switch::Switch};

/// The program under test.
const DROPREC: &str = env!("CARGO_BIN_EXE_droprec");

/// How often a switch sends a BPDU (IEEE 802.1D-2004, 17.14: the hello time).
const HELLO: Duration = Duration::from_secs(2);
const HELLOS: u64 = 5;

/// Modules are the whole machine's.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What came of ten seconds with a switch that sends a frame every two.
struct Told {
    /// What droprec printed at its end.
    summary: String,
    /// By how much the interface's own counter rose.
    rise: u64,
    /// What tshark says of the frames in the file: of each, these fields.
    frames: Vec<String>,
    /// The interface.
    port: String,
}

impl Told {
    /// Records while the switch sends `frame`; after the second frame `meanwhile` happens.
    fn of(llc: Llc, frame: &[u8], shown: &[&str], meanwhile: impl FnOnce()) -> Self {
        let port = OwnPort::new();
        let socket = port.frames();
        let directory = tempfile::tempdir().expect("there is room for a directory");
        let file = directory.path().join("drops.pcapng");
        let path = file.to_string_lossy().into_owned();
        let mut arguments = vec!["-w", &path, "--duration", "10"];
        // A machine that has it built in is not a guest of these tests' own: others drop packets there too.
        if llc == Llc::There {
            arguments.extend(["-i", port.name()]);
        }
        let before = port.rx_dropped();
        let droprec = Droprec::start(DROPREC, &arguments);
        let mut meanwhile = Some(meanwhile);
        let mut next = Instant::now();
        for hello in 0..HELLOS {
            socket.send_all(&[frame.to_vec()]);
            if hello == 1 {
                meanwhile.take().expect("it is the second once")();
            }
            next += HELLO;
            if hello < HELLOS - 1 {
                thread::sleep(next.saturating_duration_since(Instant::now()));
            }
        }
        let Ended { stderr, .. } = droprec.wait().succeeded();
        let rise = port.rx_dropped() - before;
        let of = format!("frame.interface_name == \"{}\"", port.name());
        Self {
            summary: stderr,
            rise,
            frames: fields(&of, shown, &file),
            port: port.name().to_owned(),
        }
    }

    /// Demands that droprec says all of this, on one line or on several.
    fn must_say(&self, parts: &[&str]) {
        let text = self
            .summary
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        for part in parts {
            assert!(
                text.contains(part),
                "{part:?} is not said in\n{}",
                self.summary
            );
        }
    }

    /// Demands that droprec says none of this.
    fn must_not_say(&self, parts: &[&str]) {
        for part in parts {
            assert!(
                !self.summary.contains(part),
                "{part:?} is said in\n{}",
                self.summary
            );
        }
    }
}

const STP_FIELDS: [&str; 4] = ["stp.root.hw", "stp.bridge.hw", "stp.root.cost", "stp.port"];

/// What tshark says of a BPDU of the switch.
fn bpdus(switch: &Switch) -> Vec<String> {
    let bpdu = ["02:00:00:00:00:99", &switch.mac(), "4", "0x8003"].join("\t");
    vec![bpdu; HELLOS as usize]
}

#[test]
fn where_llc_is_a_module_that_is_not_loaded_one_command_tells_the_story_of_the_counter_and_its_end()
{
    let _alone = alone();
    let llc = Llc::unloaded();
    if llc == Llc::There {
        return;
    }
    let switch = Switch::new();
    let told = Told::of(llc, &switch.bpdu(), &STP_FIELDS, || ());
    assert_eq!(told.rise, HELLOS, "{}", told.summary);
    assert_eq!(told.frames, bpdus(&switch));
    let port = &told.port;
    told.must_say(&[
        // What it is, from which bridge and port.
        "5 × STP BPDU, root 4096/02:00:00:00:00:99",
        &format!("bridge 32768/{}", switch.mac()),
        "port 0x8003",
        // Why it is dropped; without a reason, the place alone tells.
        "no handler for its protocol",
        // That it is harmless, and how to end it.
        "harmless",
        "`modprobe stp` ends it",
        // The trap.
        "often seen as 0x0400 when printed without ntohs",
        // That it is all of the counter.
        &format!("rx_dropped of {port} rose by 5: 5 "),
        &format!("{port}: all 5 of rx_dropped are the kernel's"),
    ]);

    let after = Told::of(llc, &switch.bpdu(), &STP_FIELDS, || {
        drop(run("modprobe", &["stp"]));
    });
    assert_eq!(after.rise, 2, "{}", after.summary);
    after.must_say(&[
        "modules loaded meanwhile: llc, stp",
        // What changed.
        "in __netif_receive_skb_core until",
        "in llc_rcv [llc] since",
        "2 × STP BPDU",
        "3 × STP BPDU",
    ]);

    let stands_still = Told::of(llc, &switch.bpdu(), &STP_FIELDS, || ());
    assert_eq!(stands_still.rise, 0, "{}", stands_still.summary);
    assert_eq!(stands_still.frames, bpdus(&switch));
    // llc takes the frames; stp waits for a bridge before it asks llc for them.
    knows_spanning_trees(&stands_still, "llc_rcv");
    let _ = Llc::unloaded();
}

/// The other truth: the kernel knows the frames, and nothing wants them.
fn knows_spanning_trees(told: &Told, location: &str) {
    assert_eq!(told.rise, 0, "{}", told.summary);
    told.must_say(&["5 × STP BPDU", location, "harmless"]);
    told.must_not_say(&["modprobe stp", "rx_dropped rose"]);
}

#[test]
fn where_the_kernel_knows_spanning_trees_one_command_tells_that_no_bridge_wants_the_frames_and_no_counter_rises()
 {
    let _alone = alone();
    let switch = Switch::new();
    let told = Told::of(Llc::with_bridge(), &switch.bpdu(), &STP_FIELDS, || ());
    assert_eq!(told.frames, bpdus(&switch));
    knows_spanning_trees(&told, "stp_pdu_rcv");
    let _ = Llc::unloaded();
}

#[test]
fn a_real_0x0400_in_the_type_length_field_is_told_to_be_a_length() {
    let _alone = alone();
    let llc = Llc::unloaded();
    let switch = Switch::new();
    let told = Told::of(llc, &switch.length_0x0400(), &["eth.len", "eth.src"], || ());
    let frame = format!("1024\t{}", switch.mac());
    assert_eq!(told.frames, vec![frame; HELLOS as usize]);
    told.must_say(&["5 × 802.3 frame, length 1024", "0x0400"]);
    match llc {
        Llc::Modules => {
            assert_eq!(told.rise, HELLOS, "{}", told.summary);
            told.must_say(&[
                "`modprobe llc` ends it",
                &format!("rx_dropped of {} rose by 5: 5 ", told.port),
            ]);
        }
        Llc::There => {
            assert_eq!(told.rise, 0, "{}", told.summary);
            told.must_say(&["llc_rcv"]);
        }
    }
}
