use super::*;

fn all(typed: &str) -> All {
    typed
        .parse()
        .unwrap_or_else(|error| panic!("{typed}: {error}"))
}

/// Whether a drop with this comment meets what was typed.
fn meets(comment: &str, typed: &[&str]) -> bool {
    let condition = Condition::any(typed.iter().map(|typed| all(typed)).collect());
    let pairs = logfmt::pairs(comment).unwrap();
    let kind = &comment[..comment.len() - pairs.from_len().text().len()];
    let verdict = condition.of_kind(&logfmt::pairs(kind).unwrap());
    condition.is_met(&verdict, &pairs.from_len())
}

const DROP: &str = "droprec v=1 reason=NO_SOCKET loc=__udp4_lib_rcv.constprop.0+0x8cf dev=eth0 ifindex=2 netns=4026531840 \
    netns_name=\"a b\" dir=in proto=0x0800 l2=mac len=60 mark=0x10 cpu=1 uid=1000 pid=42 comm=nc what=\"UDP 10.0.0.1:1 > 10.0.0.2:7\"";

#[test]
fn all_pairs_of_one_must_be_there_and_one_of_several_is_enough() {
    assert!(meets(DROP, &["reason=NO_SOCKET"]));
    assert!(meets(DROP, &["reason=NO_SOCKET dev=eth0 uid=1000 comm=nc"]));
    assert!(!meets(DROP, &["reason=NO_SOCKET dev=eth1"]));
    assert!(!meets(DROP, &["reason=NO_SOCKET comm=ncat"]));
    assert!(meets(DROP, &["dev=eth1", "reason=NO_SOCKET", "comm=x"]));
    assert!(meets(
        DROP,
        &["dev=eth1", "reason=NO_SOCKET comm=x", "uid=1000"]
    ));
    assert!(!meets(DROP, &["dev=eth1", "reason=NO_SOCKET comm=x"]));
    assert!(!meets(DROP, &[]));
}

#[test]
fn what_a_drop_does_not_tell_is_not_met_whatever_was_typed() {
    let silent = "droprec v=1 dev=eth0 len=60 cpu=1 what=x";
    for typed in ["reason=*", "pid=*", "uid=0", "loc=*"] {
        assert!(
            meets(DROP, &["pid=*"]) && !meets(silent, &[typed]),
            "{typed}"
        );
    }
}

#[test]
fn a_value_may_have_wildcards_spaces_and_another_base() {
    for typed in [
        "netns_name=\"a b\"",
        "what=\"UDP 10.0.0.?:*\"",
        "what=*:7",
        "comm=n?",
        "proto=0x800",
        "proto=2048",
        "mark=16",
        "cpu=0x1",
        " dev=e* ",
    ] {
        assert!(meets(DROP, &[typed]), "{typed}");
    }
    for typed in [
        "comm=n",
        "comm=?",
        "dev=ETH0",
        "mark=10",
        "what=UDP",
        "proto=800",
    ] {
        assert!(!meets(DROP, &[typed]), "{typed}");
    }
}

#[test]
fn a_place_is_its_function_with_and_without_what_stands_behind_it() {
    for typed in [
        "loc=__udp4_lib_rcv",
        "loc=__udp4_lib_rcv.constprop.0",
        "loc=__udp4_lib_rcv.constprop.0+0x8cf",
        "loc=__udp4_*",
        "loc=__udp4_lib_rcv*+0x8cf",
        "loc=__udp4_lib_rcv+0x8cf",
        "loc=__udp4_lib_rcv+8cf",
        "loc=__udp4_lib_rcv+0x8CF",
        "loc=__udp4_lib_rcv.constprop.0+0x08cf",
    ] {
        assert!(meets(DROP, &[typed]), "{typed}");
    }
    for typed in [
        "loc=udp4_lib_rcv",
        "loc=__udp4_lib_rcv+0x8c",
        "loc=__udp4_lib_rcv+0x8cf0",
        "loc=__udp4",
        "loc=[udp]",
    ] {
        assert!(!meets(DROP, &[typed]), "{typed}");
    }
    for location in [
        "\"ip_rcv+0xcf [ip]\"",
        "ip_rcv.isra.0+0x1",
        "ip_rcv.part.0+0x1",
    ] {
        let comment = format!("droprec v=1 loc={location} len=1");
        assert!(meets(&comment, &["loc=ip_rcv"]), "{location}");
        // What `explain` takes it for: the function that compilers put into it.
        assert!(meets(&comment, &["loc=ip_rcv_core"]), "{location}");
    }
    for typed in [
        "loc=a+0x1",
        "loc=[m]",
        "loc=a[m]",
        "loc=\"a [m]\"",
        "loc=\"a+1 [m]\"",
    ] {
        let comment = "droprec v=1 loc=\"a.part.0+0x1 [m]\" len=1";
        assert!(meets(comment, &[typed]), "{typed}");
    }
}

#[test]
fn a_reason_is_known_by_its_whole_name_and_in_small_letters_too() {
    for typed in [
        "reason=SKB_DROP_REASON_NO_SOCKET",
        "reason=no_socket",
        "reason=no_*",
    ] {
        assert!(meets(DROP, &[typed]), "{typed}");
    }
}

#[test]
fn between_two_pairs_is_any_white_space_and_in_quotes_it_is_the_values() {
    for typed in [
        "reason=NO_SOCKET  dir=in",
        "\treason=NO_SOCKET\n\tdir=in\n",
        "netns_name=\"a b\"   what=\"UDP 10.0.0.1:1 > 10.0.0.2:7\"",
    ] {
        assert!(meets(DROP, &[typed]), "{typed}");
    }
    for typed in ["netns_name=\"a  b\"", "netns_name=\"a\tb\""] {
        assert!(!meets(DROP, &[typed]), "{typed}");
    }
    let odd = "droprec v=1 dev=eth0 len=60 comm=\"a \\\"  b\" what=x";
    assert!(meets(odd, &["comm=\"a \\\"  b\"  len=60"]));
}

#[test]
fn pairs_that_no_drop_has_together_are_refused() {
    for typed in [
        "reason=NO_SOCKET reason=TCP_RESET",
        "dev=eth0 len=1 dev=eth1",
        "dev=eth0@web dev=eth1@web",
        "len=60 len=61",
        "netns=web netns=db",
        "loc=ip_rcv loc=tcp_v4_rcv",
        "loc=ip_rcv+0x1 loc=ip_rcv+0x2",
    ] {
        let error = typed.parse::<All>().unwrap_err();
        assert!(error.contains("no drop has both "), "{typed}: {error}");
    }
    for typed in [
        "reason=NO_SOCKET reason=no_socket",
        "reason=3 reason=NO_SOCKET",
        "what=*10.0.0.1* what=*10.0.0.2*",
        "len=60 len=0x3c",
        "dev=eth0 dev=eth0@web",
        "netns=web netns=4026532000",
        "loc=ip_rcv loc=ip_rcv.isra.0 loc=ip_rcv+cf loc=ip_*",
        "dev=eth0 indev=eth1",
    ] {
        assert!(typed.parse::<All>().is_ok(), "{typed}");
    }
}

#[test]
fn what_is_no_pair_of_a_drop_is_refused_with_what_is_wrong() {
    for (typed, said) in [
        ("", "KEY=VALUE"),
        ("NO_SOCKET", "KEY=VALUE"),
        ("dev=\"eth0", "KEY=VALUE"),
        ("reasn=X", "reason perhaps?"),
        ("zzz=1", "deferred"),
        ("v=1", "no key"),
        ("dev=", "dev=*"),
        ("dev=eth0,cpu=1", "put a space"),
        ("dev\x1b=1", "no key"),
        ("dev=eth0 len=abc", "no drop has len=abc: len is a number"),
        ("dir=side\x1bways", "in or out"),
    ] {
        let error = typed.parse::<All>().unwrap_err();
        assert!(error.contains(said), "{typed}: {error}");
        assert!(!error.contains('\x1b'), "{error:?}");
    }
}

#[test]
fn an_interface_is_meant_as_lines_name_it_too_and_a_namespace_by_its_name() {
    let drop = "droprec v=1 dev=acc2va ifindex=2 indev=br0 iif=3 netns=4026532000 netns_name=acc2-a len=60 what=x";
    for typed in [
        "dev=acc2va@acc2-a",
        "dev=acc2va@4026532000",
        "dev=*@acc2-a",
        "dev=acc2va",
        "indev=br0@acc2-a",
        "netns=acc2-a",
        "netns=acc2-*",
        "netns=4026532000",
    ] {
        assert!(meets(drop, &[typed]), "{typed}");
    }
    for typed in [
        "dev=acc2va@acc2-b",
        "dev=acc2vb@acc2-a",
        "dev=acc2va@",
        "dev=@acc2-a",
        "netns=acc2-b",
        "netns=4026532001",
    ] {
        assert!(!meets(drop, &[typed]), "{typed}");
    }
    let nameless = "droprec v=1 dev=eth0 netns=4026532000 len=60 what=x";
    assert!(meets(nameless, &["dev=eth0@4026532000"]));
    let hostile = "droprec v=1 dev=a@b netns=4026532000 len=60 what=x";
    assert!(meets(hostile, &["dev=a@b"]));
}
