//! Routers among themselves, and protocols of IP without ports.

use crate::{
    bytes::{ipv4, ipv6},
    case::{Case, case},
};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("OSPFv2 hello", &ipv4(89, "02 01 002c 01010101 00000000 0000 0000 0000000000000000 ffffff00 000a 02 01 00000028 00000000 00000000"))
            .means("ospf.msg", "1", "hello")
            .means("ospf.srcrouter", "1.1.1.1", "router 1.1.1.1"),
        case("OSPFv3 hello", &ipv6(89, "03 01 0024 01010101 00000001 0000 00 00 00000001 01 000013 000a 0028 00000000 00000000"))
            .means("ospf.version", "3", "version 3 hello")
            .means("ospf.area_id", "0.0.0.1", "area 0.0.0.1"),
        case("EIGRP hello", &ipv4(88, "02 05 0000 00000000 00000000 00000000 0000 0064"))
            .means("eigrp.opcode", "5", "hello")
            .means("eigrp.as", "100", "AS 100"),
        case("PIM hello", &ipv4(103, "20 00 0000 0001 0002 0069")).means("pim.type", "0", "version 2 hello"),
        case("VRRPv2", &ipv4(112, "21 07 64 01 00 01 0000 0a0000fe 0000000000000000"))
            .means("vrrp.version", "2", "version 2")
            .means("vrrp.virt_rtr_id", "7", "VRID 7")
            .means("vrrp.prio", "100", "priority 100"),
        case("CARP", &ipv4(112, &format!("21 01 64 07 02 01 abcd 1111222233334444 {}", "aa".repeat(20))))
            .differs("tshark takes the length of CARP's counter and digest for a count of addresses; VRRP with seven of them would be longer"),
        case("RSVP", &ipv4(46, "10 01 0000 ff 00 0008")).means("rsvp.msg", "1", "RSVP"),
        case("IPComp", &ipv4(108, "04 00 0001 00")).means("ipcomp.cpi", "0x0001", "IPComp"),
        case("protocol of nobody", &ipv4(253, "00")).means("ip.proto", "253", "IPv4 protocol 253"),
    ]
}
