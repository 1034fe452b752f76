//! What `droprec explain` takes, and what it says.

mod pasted;

use super::{asked::Asked, card::Kind, here::Here};
use crate::{
    filter::noise::members,
    kernel::{btf::builder::Builder, reasons::Reasons},
};

const KALLSYMS: &str = "\
ffffffff81000000 T _stext
ffffffff81000100 t ip_rcv_core.isra.0
ffffffff81000200 T a_function_of_its_own
ffffffff81000300 T _etext
ffffffffc0000000 t its_module\t[its]
";

/// What a kernel says in which `NO_SOCKET` is 3 and a reason of tomorrow 4, and Open vSwitch's are of the second subsystem.
fn here() -> Here {
    let mut kernel = Builder::new();
    kernel.enumeration(
        "skb_drop_reason",
        &[
            ("SKB_DROP_REASON_NO_SOCKET", 3),
            ("SKB_DROP_REASON_OF_TOMORROW", 4),
        ],
    );
    kernel.enumeration(
        "skb_drop_reason_subsys",
        &[("SKB_DROP_REASON_SUBSYS_OPENVSWITCH", 2)],
    );
    kernel.enumeration("ovs_drop_reason", &[("OVS_DROP_METER", 0x2_0005)]);
    Here::with(Some(Reasons::new(&kernel.btf())), KALLSYMS)
}

fn ask(arguments: &[&str]) -> Asked {
    let arguments: Vec<String> = arguments.iter().map(|&text| text.to_owned()).collect();
    Asked::of(&arguments, &here())
}

/// The names of what is found.
fn names(arguments: &[&str]) -> Vec<String> {
    let asked = ask(arguments);
    assert_eq!(asked.unknown, [], "{arguments:?}");
    asked.cards.into_iter().map(|card| card.name).collect()
}

/// Why nothing is found.
fn refusal(argument: &str) -> String {
    let asked = ask(&[argument]);
    assert_eq!(asked.cards, [], "{argument}");
    asked.unknown.iter().map(ToString::to_string).collect()
}

#[test]
fn a_reason_is_found_however_it_is_written() {
    for written in [
        "NO_SOCKET",
        "no_socket",
        "SKB_DROP_REASON_NO_SOCKET",
        "skb_drop_reason_no_socket",
        "reason=NO_SOCKET",
        "\"reason=NO_SOCKET\"",
        "NO_SOCKET,",
        "3",
        "reason=3",
        "reason=0x3",
    ] {
        assert_eq!(names(&[written]), ["NO_SOCKET"], "{written}");
    }
    assert_eq!(names(&["___RX_DROP_U_DUP"]), ["RX_DROP_U_DUP"]);
    assert_eq!(names(&["0x20005"]), ["OVS_DROP_METER"]);
    assert_eq!(names(&["131077"]), ["OVS_DROP_METER"]);
}

#[test]
fn a_place_is_found_however_it_is_written() {
    for written in [
        "__netif_receive_skb_core",
        "__netif_receive_skb_core+3d2",
        "__netif_receive_skb_core+0x3d2/0xc80",
        "__netif_receive_skb_core.constprop.0+0x144 [mod]",
        "loc=__netif_receive_skb_core+0x144",
    ] {
        assert_eq!(names(&[written]), ["__netif_receive_skb_core"], "{written}");
    }
}

#[test]
fn an_address_is_a_place_only_where_the_kernel_shows_its_own() {
    for written in [
        "0xffffffff81000142",
        "ffffffff81000142",
        "1 drops at location 0xffffffff81000142",
    ] {
        assert_eq!(names(&[written]), ["ip_rcv_core"], "{written}");
    }
    assert!(refusal("0xffffffff81000242").contains("a_function_of_its_own+0x42"));
    assert!(refusal("0xffffffff91000242").contains("other"));
}

#[test]
fn the_trap_is_told_of_every_form_of_its_number() {
    for written in ["0x0400", "0400", "400", "0x400"] {
        let asked = ask(&[written]);
        let text = asked.cards[0].text(100);
        assert_eq!(asked.cards[0].kind, Kind::Protocol, "{written}");
        assert!(text.contains("0x0004") && text.contains("ntohs"), "{text}");
        assert!(text.contains("1024 bytes of data"), "{text}");
    }
    assert_eq!(names(&["0x0004"]), ["0x0004"]);
    assert_eq!(names(&["0004"]), ["0x0004"]);
    assert_eq!(names(&["0100"]), ["0x0100"]);
    // It may be a reason as well.
    let asked = ask(&["1"]);
    assert_eq!(asked.cards[0].name, "0x0001");
}

#[test]
fn a_number_of_a_protocol_has_its_name_in_either_byte_order() {
    let text = |number| ask(&[number]).cards[0].text(100);
    assert!(text("0x88cc").contains("LLDP") && text("0x88cc").contains("lldpd"));
    assert!(text("0xcc88").contains("0x88cc: LLDP"));
    assert!(text("88cc").contains("LLDP"));
    assert!(text("0008").contains("0x0800: IPv4"));
    assert!(text("protocol=2048").contains("0x0800: IPv4"));
    assert!(text("2048").contains("0x0800: IPv4"));
    assert!(text("0x05f0").contains("nor the length"));
    assert!(text("0x000c").contains("a mark of the kernel's own"));
    assert!(!text("0x00c8").contains("a mark of the kernel's own"));
}

#[test]
fn a_frame_is_known_by_its_kind_in_any_case() {
    for written in [
        "STP",
        "stp",
        "what=STP",
        "STP BPDU",
        "[STP]",
        "5 × STP BPDU, root 1",
    ] {
        assert_eq!(names(&[written]), ["STP"], "{written}");
    }
    assert_eq!(names(&["wake-on-lan"]), ["Wake-on-LAN"]);
    assert_eq!(names(&["spanning tree"]), ["STP"]);
    assert_eq!(names(&["spanning", "tree"]), ["STP"]);
    for written in ["01:80:C2:00:00:0e", "01-80-c2-00-00-0E", "0180.c200.000e"] {
        assert_eq!(names(&[written]), ["LLDP", "PTP"], "{written}");
    }
    let of_cisco = "CDP, VTP, DTP, UDLD, PAgP";
    assert_eq!(names(&["01:00:0c:cc:cc:cc"]), [of_cisco]);
}

#[test]
fn of_a_frame_that_the_running_kernel_takes_it_says_so() {
    let stp = ["STP".to_owned()];
    let text = |ptype| Asked::of(&stp, &Here::receiving(ptype)).cards[0].text(200);
    let taken =
        text("Type Device      Function\n0800          ip_rcv\n0004          llc_rcv [llc]\n");
    assert!(taken.contains("This kernel gives"), "{taken}");
    assert!(!text("Type Device      Function\n0800          ip_rcv\n").contains("This kernel"));
}

#[test]
fn a_counter_has_the_drops_that_raise_it_or_says_why_none_are_recorded() {
    let cards = ask(&["UdpRcvbufErrors"]).cards;
    let first = &cards[0].raised_by[0];
    assert_eq!((first.name, first.is_certain), ("SOCKET_RCVBUFF", true));
    assert_eq!(
        names(&["RcvbufErrors"]),
        [
            "UdpLiteRcvbufErrors",
            "UdpRcvbufErrors",
            "Udp6RcvbufErrors",
            "UdpLite6RcvbufErrors"
        ]
    );
    for printed in [
        "UdpInCsumErrors        12        0.0",
        "UdpInCsumErrors: 12",
    ] {
        assert_eq!(names(&[printed]), ["UdpInCsumErrors"]);
    }
    assert!(names(&["InCsumErrors"]).contains(&"TcpInCsumErrors".to_owned()));
    let missed = ask(&["rx_missed_errors"]).cards[0].text(200);
    assert!(missed.contains("ethtool -G"), "{missed}");
    let own = ask(&["rx_no_buffer_count"]).cards[0].text(200);
    assert!(own.contains("ethtool -S"), "{own}");
    let passed_on = ask(&["rx_csum_offload_errors"]).cards[0].text(200);
    assert!(passed_on.contains("no drop yet"), "{passed_on}");
    assert_eq!(names(&["[0]: rx_discards: 4"]), ["rx_discards"]);
    assert_eq!(
        names(&["RX errors 0  dropped 0  overruns 0  frame 7"])[0],
        "rx_frame_errors"
    );
    for no_name in ["rx_drop; rm -rf /", "tx error on eth0", "rx-"] {
        assert!(refusal(no_name).contains("is no reason"), "{no_name}");
    }
    let overflows = ask(&["ListenOverflows"]).cards[0].text(200);
    assert!(overflows.contains("somaxconn"), "{overflows}");
}

#[test]
fn what_is_not_known_is_said_and_hides_nothing_else() {
    let asked = ask(&["NO_SOCKET", "NO_SOKET", "STP"]);
    assert_eq!(asked.cards.len(), 2);
    let said = asked.unknown[0].to_string();
    assert!(said.contains("NO_SOCKET"), "{said}");

    assert!(refusal("a_function_of_mine+0x12").contains("nor a function of this kernel"));
    for written in [
        "a_function_of_its_own+0x12",
        "a_function_of_its_own",
        "its_module",
    ] {
        let said = refusal(written);
        assert!(
            said.contains("is no place") && !said.contains("nor a"),
            "{said}"
        );
    }
    assert!(refusal("reason=77").contains("none of that number"));
    // The kernel has it, droprec does not.
    for written in ["OF_TOMORROW", "SKB_DROP_REASON_OF_TOMORROW"] {
        assert!(refusal(written).contains("is a reason of this kernel"));
    }
    assert!(refusal("5 drops at nowhere").contains("neither"));
    assert!(refusal("dev=eth0").contains("dev="));
    assert!(refusal("proto=ip").contains("no protocol"));
    refusal("");
}

#[test]
fn a_number_says_nothing_where_the_kernel_does_not_tell_its_own() {
    let asked = Asked::of(&["3".to_owned()], &Here::with(None, ""));
    let said = asked.unknown[0].to_string();
    assert!(said.contains("give the name"), "{said}");
    // The name is known nevertheless.
    let asked = Asked::of(&["NO_SOCKET".to_owned()], &Here::with(None, ""));
    assert_eq!(asked.cards[0].number, None);
}

#[test]
fn what_was_typed_never_reaches_a_terminal_as_it_is() {
    for written in [
        "a\x1b[31mb",
        "reason=\x1b]0;x\x07",
        "f\x1b+0x1 at ",
        "\u{202e}x",
    ] {
        let asked = ask(&[written]);
        for said in &asked.unknown {
            let said = said.to_string();
            assert!(!said.contains(crate::text::is_dangerous), "{said:?}");
        }
        assert!(!asked.unknown.is_empty(), "{written:?}");
    }
}

#[test]
fn whatever_is_typed_has_an_answer_or_a_refusal() {
    let parts = [
        "",
        " ",
        "+",
        "=",
        "[",
        "0x",
        "\u{1f980}",
        "\0",
        "reason=",
        " at ",
        "0400",
        "ip_rcv",
        "what=\"",
        "18:44:02.1",
        " dropped, ",
        "99999999999999999999",
    ];
    for first in parts {
        for second in parts {
            for third in ["", "+1"] {
                let text = format!("{first}{second}{third}");
                let asked = ask(&[&text]);
                let is_answered = !asked.cards.is_empty() || !asked.unknown.is_empty();
                assert!(is_answered, "{text:?}");
            }
        }
    }
}

#[test]
fn an_ether_type_is_found_however_it_is_written() {
    for written in [
        "0x8847",
        "8847",
        "EtherType 0x8847",
        "protocol=34887",
        "protocol 34887",
        "ethertype MPLS unicast (0x8847)",
    ] {
        assert_eq!(names(&[written]), ["0x8847"], "{written}");
    }
    assert_eq!(
        names(&["EtherType 0x88b5 (local experimental)"]),
        ["0x88b5"]
    );
    assert_eq!(names(&["skb->protocol=4"]), ["0x0004"]);
}

#[test]
fn who_asks_for_nothing_is_told_so() {
    for nothing in ["", " ", "\""] {
        assert!(refusal(nothing).starts_with("nothing was asked for"));
    }
}

#[test]
fn noise_is_listed_with_why_and_told_of_with_each_reason_and_place_of_it() {
    let listed = ask(&["noise"]).cards;
    assert_eq!(listed.len(), 1 + members().len());
    assert!(listed.iter().all(|card| card.kind == Kind::Noise));
    for (member, card) in members().iter().zip(&listed[1..]) {
        assert_eq!(
            (card.name.as_str(), card.meaning.as_str()),
            (member.name().as_str(), member.why)
        );
        for name in member.reason.iter().chain(member.functions) {
            let cards = ask(&[name]).cards;
            let told = cards[0].noise.as_deref().unwrap_or_default();
            assert!(
                told.contains(&member.name()) && told.ends_with(member.why),
                "{name}: {told:?}"
            );
        }
    }
    for name in [
        "UNHANDLED_PROTO",
        "OTHERHOST",
        "NOT_SPECIFIED",
        "tcp_v4_rcv",
    ] {
        assert_eq!(ask(&[name]).cards[0].noise, None, "{name}");
    }
}
