//! Frames of protocols that nothing on the host handles: who sends them, and what makes the kernel take them.
//!
//! `__netif_receive_skb_core` (`net/core/dev.c`) looks for a `packet_type` of the frame's protocol and drops what has none;
//! whatever registers one ends it: a module of the protocol, or a program with a packet socket bound to it.

/// A kind of frame.
#[derive(Debug, PartialEq, Eq)]
pub struct Unhandled {
    /// What the frame's description begins with, behind its VLAN tags.
    pub kind: &'static str,
    /// Who sends it, and to what end: a sentence.
    pub sender: &'static str,
    /// What ends the drops: a sentence.
    pub remedy: &'static str,
}

const fn frame(kind: &'static str, sender: &'static str, remedy: &'static str) -> Unhandled {
    Unhandled {
        kind,
        sender,
        remedy,
    }
}

const SPANNING_TREE: &str = "A bridge or a switch tells its neighbours of the spanning tree; a host without a bridge has no use for it.";
const MODPROBE_STP: &str = "`modprobe stp` ends it: the kernel then knows the frames, and discards them without counting those that no bridge here \
     wants. Or keep the switch from sending them on this port (Cisco: spanning-tree bpdufilter).";
const CISCO: &str = "A Cisco switch, or one that does as they do, tells its neighbours of itself; a host has no use for it.";
const MODPROBE_PSNAP: &str = "`modprobe psnap` ends it: the kernel then knows SNAP frames, and discards the unknown ones without counting them. Or \
     switch the protocol off on the switch's port.";
const OLD: &str = "An old device or program speaks a protocol that Linux no longer has.";
const AT_THE_SENDER: &str =
    "Nothing in this kernel takes it: find the sender by its source address in the recording.";

/// In the order that they are looked at: the first whose `kind` the description begins with.
const FRAMES: &[Unhandled] = &[
    frame("STP", SPANNING_TREE, MODPROBE_STP),
    frame("RSTP", SPANNING_TREE, MODPROBE_STP),
    frame("MSTP", SPANNING_TREE, MODPROBE_STP),
    frame("SPT", SPANNING_TREE, MODPROBE_STP),
    frame("PVST+", SPANNING_TREE, MODPROBE_PSNAP),
    frame("Rapid PVST+", SPANNING_TREE, MODPROBE_PSNAP),
    frame("CDP", CISCO, MODPROBE_PSNAP),
    frame("VTP", CISCO, MODPROBE_PSNAP),
    frame("DTP", CISCO, MODPROBE_PSNAP),
    frame("UDLD", CISCO, MODPROBE_PSNAP),
    frame("PAgP", CISCO, MODPROBE_PSNAP),
    frame(
        "SNAP",
        "An 802.3 frame with a SNAP header, of a protocol that nothing here handles.",
        MODPROBE_PSNAP,
    ),
    frame(
        "LLDP",
        "A switch or a neighbour tells who it is and which port this is.",
        "A program that listens, such as lldpd, ends it; or LLDP switched off on the switch's port.",
    ),
    frame(
        "LACP",
        "The switch offers to bundle its port with others (802.3ad).",
        "A bond in mode 802.3ad over this interface takes it; or LACP switched off on the switch's port.",
    ),
    frame(
        "EAPOL",
        "802.1X: a switch or an access point asks who is there (EAP request), or a client logs in or out (start, EAP response, \
         logoff); keys and announcements belong to it as well.",
        "wpa_supplicant takes it where this host is to log in, hostapd where it lets others in; or 802.1X switched off at the \
         sender.",
    ),
    frame(
        "PTP",
        "A clock sends the precise time (IEEE 1588).",
        "ptp4l takes it; or keep it off this port.",
    ),
    frame(
        "PROFINET",
        "An industrial controller or one of its devices.",
        AT_THE_SENDER,
    ),
    frame(
        "EtherCAT",
        "An EtherCAT master: its frames belong on a line of their own.",
        AT_THE_SENDER,
    ),
    frame(
        "HomePlug",
        "A powerline adapter looks for others of its kind.",
        "It is harmless; the adapter's own settings may end it.",
    ),
    frame(
        "Multicast MPLS",
        "A router sends labelled packets to several receivers, or with labels of its own choice (RFC 5332).",
        "No part of Linux takes them, mpls_router neither: find the sender by its source address in the recording.",
    ),
    frame(
        "MPLS",
        "A router sends labelled packets.",
        "`modprobe mpls_router` and net.mpls.conf.INTERFACE.input=1, if this host is to switch labels; else it is the router's mistake.",
    ),
    frame(
        "PPPoE",
        "A modem, an access concentrator or a client of it.",
        "`modprobe pppoe` and pppd, if this host is to take part.",
    ),
    frame(
        "Wake-on-LAN",
        "Somebody wakes a machine; the frame is for the network card, which has no say once the machine runs.",
        "It is harmless.",
    ),
    frame(
        "AoE",
        "ATA over Ethernet: a disk on the network, or who looks for one.",
        "`modprobe aoe`, if this host is to use it.",
    ),
    frame(
        "FCoE",
        "Fibre Channel over Ethernet: a storage network.",
        "`modprobe fcoe` and fcoemon, if this host is to use it.",
    ),
    frame(
        "IPv6",
        "An ordinary IPv6 packet: this kernel has IPv6 switched off (ipv6.disable=1), or its module is not loaded.",
        "`modprobe ipv6`, or boot without ipv6.disable=1; it does no harm where IPv6 is not wanted.",
    ),
    frame(
        "Ethernet loopback",
        "A switch tests its port: it sends a frame to itself.",
        "`no keepalive` on a Cisco switch's port ends it.",
    ),
    frame("IPX", OLD, AT_THE_SENDER),
    frame("Novell", OLD, AT_THE_SENDER),
    frame("AppleTalk", OLD, AT_THE_SENDER),
    frame("DECnet", OLD, AT_THE_SENDER),
    frame("XNS", OLD, AT_THE_SENDER),
    frame(
        "LLC",
        "An 802.3 frame with an LLC header, of a protocol that nothing here handles.",
        "`modprobe llc` ends it: the kernel then knows LLC frames, and discards the unknown ones without counting them.",
    ),
    frame(
        "802.3 frame",
        "An 802.3 frame: what stands where others have an EtherType is its length.",
        "`modprobe llc` ends it: the kernel then knows LLC frames, and discards the unknown ones without counting them.",
    ),
];

/// What people call a kind besides its name; and the groups that some are sent to (IEEE 802.1Q-2022, tables 8-1 to 8-3;
/// IEEE 802.1AB-2016, 7.1; IEEE 1588-2019, annex E; Cisco's own).
const ALIASES: &[(&str, &[&str])] = &[
    ("BPDU", &["STP"]),
    ("spanning tree", &["STP"]),
    ("spanning-tree", &["STP"]),
    ("802.1D", &["STP"]),
    ("802.1w", &["RSTP"]),
    ("802.1s", &["MSTP"]),
    ("01:80:c2:00:00:00", &["STP", "RSTP", "MSTP"]),
    ("01:80:c2:00:00:02", &["LACP"]),
    ("01:80:c2:00:00:03", &["EAPOL"]),
    ("01:80:c2:00:00:0e", &["LLDP", "PTP"]),
    ("01:00:0c:cc:cc:cc", &["CDP", "VTP", "DTP", "UDLD", "PAgP"]),
    ("01:00:0c:cc:cc:cd", &["PVST+", "Rapid PVST+"]),
    ("01:1b:19:00:00:00", &["PTP"]),
    ("PVST", &["PVST+", "Rapid PVST+"]),
    ("802.1AB", &["LLDP"]),
    ("802.3ad", &["LACP"]),
    ("802.1X", &["EAPOL"]),
    ("IEEE 1588", &["PTP"]),
    ("WoL", &["Wake-on-LAN"]),
];

/// The modules that remedies load, and what is then given such frames. FCoE's is given those of its interfaces alone.
const HANDLERS: [(&str, &str); 8] = [
    ("stp", "llc_rcv"),
    ("psnap", "llc_rcv"),
    ("llc", "llc_rcv"),
    ("mpls_router", "mpls_forward"),
    ("pppoe", "pppoe_rcv"),
    ("aoe", "aoenet_rcv"),
    ("fcoe", "fcoe_rcv"),
    ("ipv6", "ipv6_rcv"),
];

impl Unhandled {
    /// The kernel's function that takes such frames, once the module of the remedy is there.
    #[must_use]
    pub fn handler(&self) -> Option<&'static str> {
        let rest = self.remedy.strip_prefix("`modprobe ")?;
        let module = rest.split('`').next()?;
        let named = HANDLERS.iter().find(|(name, _)| *name == module)?;
        Some(named.1)
    }
}

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Unhandled> {
    FRAMES.iter()
}

/// The kinds of that name, in whatever case, or that are sent to that group. None: it is no such name.
#[must_use]
pub fn named(name: &str) -> Vec<&'static Unhandled> {
    let group = group(name);
    let name = group.as_deref().unwrap_or(name);
    let alias = ALIASES
        .iter()
        .find(|(alias, _)| alias.eq_ignore_ascii_case(name));
    let itself = [name];
    let kinds = alias.map_or(&itself[..], |(_, kinds)| kinds);
    let is_one = |frame: &&Unhandled| {
        kinds
            .iter()
            .any(|kind| frame.kind.eq_ignore_ascii_case(kind))
    };
    all().filter(is_one).collect()
}

/// An address with colons, where it is one without: `01-80-C2-00-00-00`, and `0180.c200.0000` as Cisco writes it.
fn group(name: &str) -> Option<String> {
    let digits: String = name.split(['-', '.']).collect();
    let is_address = digits.len() == 12
        && name.len() > digits.len()
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let bytes = || (0..12).step_by(2).map(|at| &digits[at..at + 2]);
    is_address.then(|| bytes().collect::<Vec<_>>().join(":"))
}

/// What there is to say of an unhandled frame. `what`: its description, as [`crate::identify`] makes it.
#[must_use]
pub fn of(what: &str) -> Option<&'static Unhandled> {
    let untagged = what
        .strip_prefix("VLAN ")
        .and_then(|tagged| Some(tagged.split_once(", ")?.1));
    let what = untagged.unwrap_or(what);
    FRAMES.iter().find(|frame| {
        let rest = what.strip_prefix(frame.kind);
        rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
    })
}

/// A number of the kernel's own that is in `skb->protocol` where no `EtherType` is (`include/uapi/linux/if_ether.h`).
struct Mark {
    protocol: u16,
    /// In a few words.
    words: &'static str,
    /// How it is misread: a paragraph.
    trap: &'static str,
}

/// Those of frames with a length field, which are misread most often: `ETH_P_802_3`, `ETH_P_802_2`.
const MARKS: [Mark; 2] = [
    Mark {
        protocol: 0x0001,
        words: "802.3 without LLC, often seen as 0x0100 when printed without ntohs",
        trap: "skb->protocol is 0x0001, the kernel's mark for 802.3 without LLC; often seen as 0x0100 when printed without ntohs. It is no EtherType.",
    },
    Mark {
        protocol: 0x0004,
        words: "802.2 (LLC), often seen as 0x0400 when printed without ntohs",
        trap: "skb->protocol is 0x0004, the kernel's mark for 802.2 (LLC); often seen as 0x0400 when printed without ntohs. It is no EtherType.",
    },
];

/// What `skb->protocol`, in host byte order, is where it holds a mark in place of an `EtherType`.
#[must_use]
pub fn mark(protocol: u16) -> Option<&'static str> {
    let mark = MARKS.iter().find(|mark| mark.protocol == protocol)?;
    Some(mark.words)
}

/// How such a mark is misread.
#[must_use]
pub fn trap(protocol: u16) -> Option<&'static str> {
    let mark = MARKS.iter().find(|mark| mark.protocol == protocol)?;
    Some(mark.trap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_known_by_the_first_words_of_what_it_is() {
        let kind = |what| of(what).map(|frame| frame.kind);
        assert_eq!(kind("STP BPDU, root 1/02:00:00:00:00:01"), Some("STP"));
        assert_eq!(kind("VLAN 5.7, RSTP BPDU"), Some("RSTP"));
        assert_eq!(kind("LLDP"), Some("LLDP"));
        assert_eq!(kind("LLC DSAP 0x12 SSAP 0x34"), Some("LLC"));
        assert_eq!(kind("STPX"), None);
        assert_eq!(kind("EtherType 0x88b5"), None);
    }

    #[test]
    fn no_kind_hides_behind_another() {
        for frame in FRAMES {
            assert_eq!(of(frame.kind), Some(frame));
        }
    }

    #[test]
    fn a_frame_is_known_by_what_people_call_it_and_by_its_group() {
        let kinds = |name| -> Vec<&str> { named(name).iter().map(|frame| frame.kind).collect() };
        assert_eq!(kinds("stp"), ["STP"]);
        assert_eq!(kinds("Spanning Tree"), ["STP"]);
        assert_eq!(kinds("01-80-C2-00-00-0E"), ["LLDP", "PTP"]);
        assert!(kinds("01:80:c2:00:00:55").is_empty());
        for (alias, expected) in ALIASES {
            assert_eq!(kinds(alias), *expected);
        }
    }

    #[test]
    fn of_a_login_it_is_said_who_sends_and_who_takes_either_side() {
        for what in ["EAPOL start", "EAPOL EAP request, id 7", "EAPOL logoff"] {
            let known = of(what).expect("it is known");
            assert!(known.sender.contains("client") && known.sender.contains("access point"));
            assert!(known.remedy.contains("wpa_supplicant") && known.remedy.contains("hostapd"));
        }
    }

    #[test]
    fn each_module_that_is_to_be_loaded_has_a_function_that_takes_the_frames() {
        for frame in FRAMES {
            let loads = frame.remedy.starts_with("`modprobe ");
            assert_eq!(frame.handler().is_some(), loads, "{frame:?}");
        }
    }

    #[test]
    fn only_the_kernels_own_marks_are_a_trap() {
        assert!(trap(0x0004).is_some_and(|text| text.contains("0x0400")));
        assert!(trap(0x0001).is_some_and(|text| text.contains("0x0100")));
        assert_eq!(trap(0x0400), None);
        assert_eq!(trap(0x0800), None);
    }
}
