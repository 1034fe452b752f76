//! The names of the `EtherType`s.

/// Where `EtherType`s begin; a smaller value is a length (`ETH_P_802_3_MIN`, IEEE 802.3, 3.2.6).
pub(super) const MIN: u16 = 0x0600;

pub(super) const IPV4: u16 = 0x0800;
pub(super) const ARP: u16 = 0x0806;
pub(super) const RARP: u16 = 0x8035;
pub(super) const C_TAG: u16 = 0x8100;
pub(super) const IPV6: u16 = 0x86dd;
pub(super) const MAC_CONTROL: u16 = 0x8808;
pub(super) const SLOW: u16 = 0x8809;
pub(super) const PPPOE_DISCOVERY: u16 = 0x8863;
pub(super) const EAPOL: u16 = 0x888e;
pub(super) const S_TAG: u16 = 0x88a8;
pub(super) const EXPERIMENTAL_1: u16 = 0x88b5;
pub(super) const EXPERIMENTAL_2: u16 = 0x88b6;
pub(super) const PTP: u16 = 0x88f7;
pub(super) const QINQ: u16 = 0x9100;

/// The protocol of `ether_type`, as Wireshark or the protocol's users call it.
pub(super) fn name(ether_type: u16) -> Option<&'static str> {
    kernel(ether_type).or_else(|| registered(ether_type))
}

/// Those that the kernel has a number for (`linux/if_ether.h`), whether or not it has a handler.
fn kernel(ether_type: u16) -> Option<&'static str> {
    Some(match ether_type {
        IPV4 => "IPv4",
        0x0805 => "X.25",
        ARP => "ARP",
        0x08ff => "AX.25 (BPQ)",
        0x0a00 => "Xerox PUP",
        0x0a01 => "Xerox PUP address translation",
        0x22eb => "ERSPAN type III",
        0x22f0 => "AVTP",
        0x4305 => "B.A.T.M.A.N. Advanced",
        0x6000 => "DEC unassigned",
        0x6001 => "DEC MOP dump/load",
        0x6002 => "DEC MOP remote console",
        0x6003 => "DECnet Phase IV routing",
        0x6004 => "DEC LAT",
        0x6005 => "DEC diagnostics",
        0x6006 => "DEC customer protocol",
        0x6007 => "DEC LAVC/SCA",
        0x6558 => "Transparent Ethernet Bridging",
        RARP => "RARP",
        0x809b => "AppleTalk",
        0x80f3 => "AppleTalk ARP",
        C_TAG => "802.1Q VLAN",
        0x8137 => "IPX",
        IPV6 => "IPv6",
        MAC_CONTROL => "MAC control",
        SLOW => "slow protocol",
        0x883e => "WCCP",
        0x8847 => "MPLS",
        0x8848 => "MPLS multicast",
        0x884c => "MPOA",
        PPPOE_DISCOVERY => "PPPoE discovery",
        0x8864 => "PPPoE session",
        0x886c => "HomePNA link control",
        0x8884 => "frame-based ATM transport",
        EAPOL => "EAPOL",
        0x8892 => "PROFINET",
        0x8899 => "Realtek layer 2 protocol",
        0x88a2 => "ATA over Ethernet",
        0x88a4 => "EtherCAT",
        S_TAG => "802.1ad VLAN",
        0x88be => "ERSPAN type II",
        0x88c7 => "802.11 pre-authentication",
        0x88ca => "TIPC",
        0x88cc => "LLDP",
        0x88e3 => "Media Redundancy Protocol",
        0x88e5 => "MACsec",
        0x88e7 => "802.1ah backbone service tag",
        0x88f5 => "MVRP",
        PTP => "PTP",
        0x88f8 => "NC-SI",
        0x88fb => "PRP",
        0x8902 => "CFM",
        0x8906 => "FCoE",
        0x890d => "802.11 TDLS",
        0x8914 => "FIP",
        0x8915 => "RoCE",
        0x8917 => "802.21 media independent handover",
        0x892f => "HSR",
        0x894f => "NSH",
        0x9000 => "Ethernet loopback test",
        QINQ | 0x9200 | 0x9300 => "QinQ VLAN",
        0xdada => "EtherType DSA",
        0xdadb => "DSA 802.1Q",
        0xe001 => "DSA A5PSW",
        0xed3e => "ForCES inter-FE",
        0xfbfb => "IBM AF_IUCV",
        _ => return None,
    })
}

/// Others that are seen on networks: the IEEE Registration Authority's list, named as Wireshark names them, and,
/// marked so, some that nobody registered.
fn registered(ether_type: u16) -> Option<&'static str> {
    Some(match ether_type {
        0x0600 => "XNS IDP",
        0x0842 => "Wake-on-LAN",
        0x0bad => "VINES IP",
        0x22ea => "MSRP",
        0x22f3 => "TRILL",
        0x22f4 => "L2 IS-IS",
        0x80e1 => "EtherNet/IP DLR",
        0x8133 => "Juniper NSRP",
        0x8204 => "QNX Qnet",
        0x872d => "Cisco WLCCP",
        0x8819 => "CobraNet",
        0x886d => "Intel ANS probe",
        0x886f => "Microsoft NLB heartbeat",
        0x8870 => "jumbo LLC",
        0x8874 => "Broadcom tag",
        0x887b => "HomePlug",
        0x88ab => "Ethernet POWERLINK",
        0x88b7 => "OUI extended EtherType",
        0x88b8 => "IEC 61850 GOOSE",
        0x88b9 => "IEC 61850 GSE management",
        0x88ba => "IEC 61850 sampled values",
        0x88bb => "LWAPP",
        0x88bf => "MikroTik RoMON", // unregistered
        0x88cd => "SERCOS III",
        0x88d8 => "circuit emulation (MEF 8)",
        0x88d9 => "LLTD",
        0x88dc => "WAVE short message",
        0x88de => "VMware Lab Manager",
        0x88e1 => "HomePlug AV",
        0x88ee => "E-LMI",
        0x88f6 => "MMRP",
        0x8903 => "Cisco DCE",
        0x8909 => "Cisco metadata",
        0x891d => "TTEthernet",
        0x8926 => "VN-Tag",
        0x893a => "IEEE 1905.1",
        0x893f => "802.1BR E-Tag",
        0x8940 => "ECP",
        0x8947 => "GeoNetworking",
        0x99fe => "TECMP",
        0xa0ed => "6LoWPAN",
        0xaefe => "eCPRI",
        0xcafe => "Veritas LLT", // unregistered
        0xf1c1 => "802.1CB R-Tag",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use linux_raw_sys::if_ether as uapi;

    use super::name;

    /// Every `EtherType` of the kernel's header, but for `ETH_P_802_EX1`, which is a number in words.
    const KERNEL: &[(u32, &str)] = &[
        (uapi::ETH_P_IP, "IPv4"),
        (uapi::ETH_P_X25, "X.25"),
        (uapi::ETH_P_ARP, "ARP"),
        (uapi::ETH_P_BPQ, "AX.25 (BPQ)"),
        (uapi::ETH_P_IEEEPUP, "Xerox PUP"),
        (uapi::ETH_P_IEEEPUPAT, "Xerox PUP address translation"),
        (uapi::ETH_P_ERSPAN2, "ERSPAN type III"),
        (uapi::ETH_P_TSN, "AVTP"),
        (uapi::ETH_P_BATMAN, "B.A.T.M.A.N. Advanced"),
        (uapi::ETH_P_DEC, "DEC unassigned"),
        (uapi::ETH_P_DNA_DL, "DEC MOP dump/load"),
        (uapi::ETH_P_DNA_RC, "DEC MOP remote console"),
        (uapi::ETH_P_DNA_RT, "DECnet Phase IV routing"),
        (uapi::ETH_P_LAT, "DEC LAT"),
        (uapi::ETH_P_DIAG, "DEC diagnostics"),
        (uapi::ETH_P_CUST, "DEC customer protocol"),
        (uapi::ETH_P_SCA, "DEC LAVC/SCA"),
        (uapi::ETH_P_TEB, "Transparent Ethernet Bridging"),
        (uapi::ETH_P_RARP, "RARP"),
        (uapi::ETH_P_ATALK, "AppleTalk"),
        (uapi::ETH_P_AARP, "AppleTalk ARP"),
        (uapi::ETH_P_8021Q, "802.1Q VLAN"),
        (uapi::ETH_P_IPX, "IPX"),
        (uapi::ETH_P_IPV6, "IPv6"),
        (uapi::ETH_P_PAUSE, "MAC control"),
        (uapi::ETH_P_SLOW, "slow protocol"),
        (uapi::ETH_P_WCCP, "WCCP"),
        (uapi::ETH_P_MPLS_UC, "MPLS"),
        (uapi::ETH_P_MPLS_MC, "MPLS multicast"),
        (uapi::ETH_P_ATMMPOA, "MPOA"),
        (uapi::ETH_P_PPP_DISC, "PPPoE discovery"),
        (uapi::ETH_P_PPP_SES, "PPPoE session"),
        (uapi::ETH_P_LINK_CTL, "HomePNA link control"),
        (uapi::ETH_P_ATMFATE, "frame-based ATM transport"),
        (uapi::ETH_P_PAE, "EAPOL"),
        (uapi::ETH_P_PROFINET, "PROFINET"),
        (uapi::ETH_P_REALTEK, "Realtek layer 2 protocol"),
        (uapi::ETH_P_AOE, "ATA over Ethernet"),
        (uapi::ETH_P_ETHERCAT, "EtherCAT"),
        (uapi::ETH_P_8021AD, "802.1ad VLAN"),
        (uapi::ETH_P_ERSPAN, "ERSPAN type II"),
        (uapi::ETH_P_PREAUTH, "802.11 pre-authentication"),
        (uapi::ETH_P_TIPC, "TIPC"),
        (uapi::ETH_P_LLDP, "LLDP"),
        (uapi::ETH_P_MRP, "Media Redundancy Protocol"),
        (uapi::ETH_P_MACSEC, "MACsec"),
        (uapi::ETH_P_8021AH, "802.1ah backbone service tag"),
        (uapi::ETH_P_MVRP, "MVRP"),
        (uapi::ETH_P_1588, "PTP"),
        (uapi::ETH_P_NCSI, "NC-SI"),
        (uapi::ETH_P_PRP, "PRP"),
        (uapi::ETH_P_CFM, "CFM"),
        (uapi::ETH_P_FCOE, "FCoE"),
        (uapi::ETH_P_TDLS, "802.11 TDLS"),
        (uapi::ETH_P_FIP, "FIP"),
        (uapi::ETH_P_IBOE, "RoCE"),
        (uapi::ETH_P_80221, "802.21 media independent handover"),
        (uapi::ETH_P_HSR, "HSR"),
        (uapi::ETH_P_NSH, "NSH"),
        (uapi::ETH_P_LOOPBACK, "Ethernet loopback test"),
        (uapi::ETH_P_QINQ1, "QinQ VLAN"),
        (uapi::ETH_P_QINQ2, "QinQ VLAN"),
        (uapi::ETH_P_QINQ3, "QinQ VLAN"),
        (uapi::ETH_P_EDSA, "EtherType DSA"),
        (uapi::ETH_P_DSA_8021Q, "DSA 802.1Q"),
        (uapi::ETH_P_DSA_A5PSW, "DSA A5PSW"),
        (uapi::ETH_P_IFE, "ForCES inter-FE"),
        (uapi::ETH_P_AF_IUCV, "IBM AF_IUCV"),
    ];

    #[test]
    fn each_number_of_the_kernels_header_has_its_name() {
        for &(number, text) in KERNEL {
            let number = u16::try_from(number).expect("an EtherType has 16 bits");
            assert_eq!(name(number), Some(text), "{number:#06x}");
        }
    }

    #[test]
    fn the_named_numbers_are_the_kernels() {
        assert_eq!(u32::from(super::MIN), uapi::ETH_P_802_3_MIN);
        assert_eq!(u32::from(super::IPV4), uapi::ETH_P_IP);
        assert_eq!(u32::from(super::ARP), uapi::ETH_P_ARP);
        assert_eq!(u32::from(super::RARP), uapi::ETH_P_RARP);
        assert_eq!(u32::from(super::C_TAG), uapi::ETH_P_8021Q);
        assert_eq!(u32::from(super::IPV6), uapi::ETH_P_IPV6);
        assert_eq!(u32::from(super::MAC_CONTROL), uapi::ETH_P_PAUSE);
        assert_eq!(u32::from(super::SLOW), uapi::ETH_P_SLOW);
        assert_eq!(u32::from(super::PPPOE_DISCOVERY), uapi::ETH_P_PPP_DISC);
        assert_eq!(u32::from(super::EAPOL), uapi::ETH_P_PAE);
        assert_eq!(u32::from(super::S_TAG), uapi::ETH_P_8021AD);
        assert_eq!(u32::from(super::EXPERIMENTAL_1), uapi::ETH_P_802_EX1);
        assert_eq!(u32::from(super::PTP), uapi::ETH_P_1588);
        assert_eq!(u32::from(super::QINQ), uapi::ETH_P_QINQ1);
    }

    #[test]
    fn the_kernel_has_no_number_for_what_is_named_from_elsewhere() {
        for number in super::MIN..=u16::MAX {
            assert!(
                super::kernel(number).is_none() || super::registered(number).is_none(),
                "{number:#06x}"
            );
        }
    }

    #[test]
    fn no_name_has_a_character_that_would_need_quoting_twice() {
        for text in (0..=u16::MAX).filter_map(name) {
            assert!(
                text.chars().all(|c| c.is_ascii_graphic() || c == ' '),
                "{text}"
            );
            assert!(!text.contains(['"', '\\', '=']), "{text}");
        }
    }
}
