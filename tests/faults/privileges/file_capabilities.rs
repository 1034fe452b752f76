//! Droprec as an ordinary user, with the capabilities that the documentation names on its file.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::Path,
    process::{Child, Command, Stdio},
};

use droprec_testbed::{Capture, Droprec, Pair, flood, frame::UNHANDLED, threads, until};
use rustix::{
    fs::{XattrFlags, setxattr},
    process::Signal,
};

use super::process::must_have_no_rights;
use crate::rights::{NOBODY, UserStage, as_nobody};

/// `cap_bpf,cap_perfmon,cap_syslog,cap_sys_admin,cap_sys_ptrace` by their numbers in `include/uapi/linux/capability.h`.
const NAMED: [u32; 5] = [39, 38, 34, 21, 19];
/// `VFS_CAP_REVISION_2` and `VFS_CAP_FLAGS_EFFECTIVE`.
const REVISION: u32 = 0x0200_0000;
const EFFECTIVE: u32 = 1;

/// Does what `setcap …+ep` does.
fn setcap(program: &Path) {
    let permitted = NAMED.iter().fold(0_u64, |set, number| set | 1 << number);
    let (low, high) = (permitted as u32, (permitted >> 32) as u32);
    let words = [REVISION | EFFECTIVE, low, 0, high, 0];
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let set = setxattr(program, "security.capability", &bytes, XattrFlags::empty());
    set.expect("a file system that takes file capabilities");
}

/// A process of root's in a network namespace that has no name. Ended when dropped.
struct Nameless(Child);

impl Nameless {
    fn new() -> Self {
        let mut command = Command::new("unshare");
        command.args(["--net", "sleep", "1000"]);
        let child = command.stdin(Stdio::null()).spawn();
        Self(child.expect("this test needs unshare"))
    }

    /// The inode number of its namespace, as soon as it is in it.
    fn netns(&self) -> String {
        let of = |process: &str| fs::read_link(format!("/proc/{process}/ns/net")).ok();
        let number = until(|| {
            let link =
                of(&self.0.id().to_string()).filter(|link| Some(link) != of("self").as_ref())?;
            let link = link.to_str()?;
            Some(link.strip_prefix("net:[")?.strip_suffix(']')?.to_owned())
        });
        number.expect("it is in a namespace of its own")
    }
}

impl Drop for Nameless {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn an_ordinary_user_with_the_named_capabilities_on_the_file_has_all_of_it_and_none_is_left_while_recording()
 {
    let user = UserStage::new();
    setcap(&user.program());
    let program = user.program();
    let program = program.to_str().expect("a path of letters and digits");
    let (label, nameless) = (user.stage.label(), Nameless::new());
    let mut command = as_nobody("", program);
    let elsewhere = format!("lo@{}", nameless.netns());
    command.args([
        "--stack",
        "--flight-recorder",
        "1M",
        "-i",
        &label,
        "-i",
        &elsewhere,
    ]);
    let netns = Pair::new();
    let later = netns.label();
    command.args(["-i", &later, "-w"]).arg(user.stage.file());
    let mut droprec = Droprec::spawn(command, Stdio::piped());
    droprec.wait_until_ready();
    must_have_no_rights(&droprec);
    for thread in threads(droprec.pid()) {
        assert_eq!(
            thread["Uid"].split('\t').next(),
            Some("65534"),
            "{thread:#?}"
        );
    }

    user.stage.cause(3);
    // The next one is in a file that is made now.
    droprec.signal(Signal::USR2);
    let is_written = || droprec.stderr().contains(" written to ").then_some(());
    assert!(until(is_written).is_some(), "{}", droprec.stderr());
    // And an interface is looked up in another namespace now.
    netns.cut();
    let is_gone = || {
        droprec
            .stderr()
            .contains("no interface is called so any more")
    };
    assert!(
        until(|| is_gone().then_some(())).is_some(),
        "{}",
        droprec.stderr()
    );
    netns.join();
    let is_back = || {
        droprec
            .stderr()
            .contains("one interface is called so again")
    };
    assert!(
        until(|| is_back().then_some(())).is_some(),
        "{}",
        droprec.stderr()
    );
    netns.receiver.enter(|| flood::flood("eth0", UNHANDLED, 2));
    let ended = droprec.stop().succeeded();

    let second = user.stage.directory().join("drops-2.pcapng");
    for (file, interface, count) in [(&user.stage.file(), &label, 3), (&second, &later, 2)] {
        let metadata = fs::metadata(file).expect("it was made");
        assert_eq!((metadata.uid(), metadata.mode() & 0o7777), (NOBODY, 0o600));
        let packets = Capture::read(file).packets;
        assert_eq!(packets.len(), count, "{packets:#?}");
        for packet in packets {
            assert_eq!(packet.interface, *interface);
            assert_eq!(packet.data, flood::frame(UNHANDLED));
            assert_eq!(packet.get("reason"), "UNHANDLED_PROTO");
            assert!(
                packet.get("loc").starts_with("__netif_receive_skb_core"),
                "{packet:#?}"
            );
            assert!(!packet.stack.is_empty(), "{packet:#?}");
        }
    }
    // Counters of another namespace, read before and after.
    let rose = format!("rx_dropped of {label} rose by 3");
    assert!(
        ended.stderr.contains(&rose),
        "no {rose:?}: {}",
        ended.stderr
    );
    assert!(!ended.stderr.contains("cannot"), "{}", ended.stderr);
}
