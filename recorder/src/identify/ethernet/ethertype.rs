//! The names of the `EtherType`s.

/// Where `EtherType`s begin; a smaller value is a length (`ETH_P_802_3_MIN`, IEEE 802.3, 3.2.6).
pub(crate) const MIN: u16 = 0x0600;

pub(crate) const IPV4: u16 = 0x0800;
pub(crate) const ARP: u16 = 0x0806;
pub(crate) const WAKE_ON_LAN: u16 = 0x0842;
pub(crate) const ERSPAN_3: u16 = 0x22eb;
pub(crate) const TRILL: u16 = 0x22f3;
pub(crate) const L2_ISIS: u16 = 0x22f4;
pub(crate) const BATMAN: u16 = 0x4305;
pub(crate) const RARP: u16 = 0x8035;
pub(crate) const APPLETALK: u16 = 0x809b;
pub(crate) const C_TAG: u16 = 0x8100;
pub(crate) const IPX: u16 = 0x8137;
pub(crate) const IPV6: u16 = 0x86dd;
pub(crate) const MAC_CONTROL: u16 = 0x8808;
pub(crate) const SLOW: u16 = 0x8809;
pub(crate) const MPLS: u16 = 0x8847;
pub(crate) const MPLS_MULTICAST: u16 = 0x8848;
pub(crate) const PPPOE_DISCOVERY: u16 = 0x8863;
pub(crate) const PPPOE_SESSION: u16 = 0x8864;
pub(crate) const HOMEPLUG: u16 = 0x887b;
pub(crate) const EAPOL: u16 = 0x888e;
pub(crate) const PROFINET: u16 = 0x8892;
pub(crate) const AOE: u16 = 0x88a2;
pub(crate) const ETHERCAT: u16 = 0x88a4;
pub(crate) const S_TAG: u16 = 0x88a8;
pub(crate) const POWERLINK: u16 = 0x88ab;
pub(crate) const EXPERIMENTAL_1: u16 = 0x88b5;
pub(crate) const EXPERIMENTAL_2: u16 = 0x88b6;
pub(crate) const OUI_EXTENDED: u16 = 0x88b7;
pub(crate) const GOOSE: u16 = 0x88b8;
pub(crate) const GSE_MANAGEMENT: u16 = 0x88b9;
pub(crate) const SAMPLED_VALUES: u16 = 0x88ba;
pub(crate) const ERSPAN_2: u16 = 0x88be;
pub(crate) const PREAUTHENTICATION: u16 = 0x88c7;
pub(crate) const LLDP: u16 = 0x88cc;
pub(crate) const HOMEPLUG_AV: u16 = 0x88e1;
pub(crate) const MACSEC: u16 = 0x88e5;
pub(crate) const I_TAG: u16 = 0x88e7;
pub(crate) const PTP: u16 = 0x88f7;
pub(crate) const CFM: u16 = 0x8902;
pub(crate) const FCOE: u16 = 0x8906;
pub(crate) const CISCO_METADATA: u16 = 0x8909;
pub(crate) const FIP: u16 = 0x8914;
pub(crate) const ROCE: u16 = 0x8915;
pub(crate) const VN_TAG: u16 = 0x8926;
pub(crate) const HSR: u16 = 0x892f;
pub(crate) const E_TAG: u16 = 0x893f;
pub(crate) const NSH: u16 = 0x894f;
pub(crate) const LOOPBACK_TEST: u16 = 0x9000;
pub(crate) const QINQ_1: u16 = 0x9100;
pub(crate) const QINQ_2: u16 = 0x9200;
pub(crate) const QINQ_3: u16 = 0x9300;
pub(crate) const R_TAG: u16 = 0xf1c1;

/// The protocol of `ether_type`, as Wireshark or the protocol's users call it.
pub(crate) fn name(ether_type: u16) -> Option<&'static str> {
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
        ERSPAN_3 => "ERSPAN type III",
        0x22f0 => "AVTP",
        BATMAN => "B.A.T.M.A.N. Advanced",
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
        APPLETALK => "AppleTalk",
        0x80f3 => "AppleTalk ARP",
        C_TAG => "802.1Q VLAN",
        IPX => "IPX",
        IPV6 => "IPv6",
        MAC_CONTROL => "MAC control",
        SLOW => "slow protocol",
        0x883e => "WCCP",
        MPLS => "MPLS",
        MPLS_MULTICAST => "Multicast MPLS",
        0x884c => "MPOA",
        PPPOE_DISCOVERY => "PPPoE discovery",
        PPPOE_SESSION => "PPPoE session",
        0x886c => "HomePNA link control",
        0x8884 => "frame-based ATM transport",
        EAPOL => "EAPOL",
        PROFINET => "PROFINET",
        0x8899 => "Realtek layer 2 protocol",
        AOE => "ATA over Ethernet",
        ETHERCAT => "EtherCAT",
        S_TAG => "802.1ad VLAN",
        ERSPAN_2 => "ERSPAN type II",
        0x88c3 => "MaxLinear GSW DSA", // since 6.19
        PREAUTHENTICATION => "802.11 pre-authentication",
        0x88ca => "TIPC",
        LLDP => "LLDP",
        0x88e3 => "Media Redundancy Protocol",
        MACSEC => "MACsec",
        I_TAG => "802.1ah backbone service tag",
        0x88f5 => "MVRP",
        PTP => "PTP",
        0x88f8 => "NC-SI",
        0x88fb => "PRP",
        CFM => "CFM",
        FCOE => "FCoE",
        0x890d => "802.11 TDLS",
        FIP => "FIP",
        ROCE => "RoCE",
        0x8917 => "802.21 media independent handover",
        HSR => "HSR",
        NSH => "NSH",
        LOOPBACK_TEST => "Ethernet loopback test",
        QINQ_1 | QINQ_2 | QINQ_3 => "QinQ VLAN",
        0x9988 => "Motorcomm YT921x DSA", // since 6.18
        0xdada => "Marvell EDSA",
        0xdadb => "DSA 802.1Q",
        0xe001 => "DSA A5PSW",
        0xed3e => "ForCES inter-FE",
        0xfbfb => "IBM AF_IUCV",
        _ => return None,
    })
}

/// Others that are seen on networks: of the IEEE Registration Authority's list (<https://standards-oui.ieee.org/ethertype/eth.txt>)
/// and IANA's (*IEEE 802 Numbers*), named as Wireshark's `eth.type` or the protocol's users name them; marked so, some that
/// Wireshark knows and nobody registered for this.
fn registered(ether_type: u16) -> Option<&'static str> {
    Some(match ether_type {
        0x0600 => "XNS IDP",
        0x0804 => "Chaosnet",
        WAKE_ON_LAN => "Wake-on-LAN",
        0x08f0 => "WiMAX MAC-to-MAC",
        0x0bad => "VINES IP",
        0x0baf => "VINES echo",
        0x1984 => "Netmon Train",   // unregistered
        0x22e5 => "Gigamon header", // unregistered
        0x22ea => "MSRP",
        0x22f1 => "ROHC",
        TRILL => "TRILL",
        L2_ISIS => "L2 IS-IS",
        0x2452 => "802.11 (Centrino promiscuous)", // unregistered
        0x3c07 => "3Com NBP datagram",             // unregistered
        0x3e3f => "Ethernet POWERLINK V1",         // unregistered
        0x8038 => "DEC LANBridge",
        0x8041 => "DEC LAST",
        0x80d5 => "SNA over Ethernet",
        0x80e1 => "EtherNet/IP DLR",
        0x80ff => "Wellfleet compression",
        0x809a => "IEEE 802.15.4", // unregistered
        0x8102 | 0x8104 => "Simple Loop Protection Protocol", // unregistered
        0x8103 => "virtual LACP",  // unregistered
        0x8133 => "Juniper NSRP",
        0x814c => "SNMP over Ethernet",
        0x8181 => "Cabletron spanning tree", // unregistered
        0x81fd => "Cabletron interswitch message", // unregistered
        0x81ff => "Cabletron SFVLAN flood",  // unregistered
        0x8204 => "QNX Qnet",
        0x872d => "Cisco WLCCP",
        0x876c => "IP autonomous systems",
        0x8783 => "Motorola MiNT",
        0x880b => "PPP",
        0x880c => "GSMP",
        0x8819 => "CobraNet",
        0x8856 => "Axis Communications bootstrap",
        0x885a => "Foundry proprietary",
        0x8861 => "multicast channel allocation",
        0x886d => "Intel ANS probe",
        0x886f => "Microsoft NLB heartbeat",
        0x8870 => "jumbo LLC",
        0x8874 => "Broadcom tag",
        HOMEPLUG => "HomePlug 1.0",
        0x8881 => "CDMA2000 A10",
        0x889b => "CSM_ENCAPS",
        0x88a1 => "Telkonet powerline",
        POWERLINK => "Ethernet POWERLINK",
        0x88ad => "XiMeta",
        0x88b4 => "WAPI authentication",
        OUI_EXTENDED => "OUI extended EtherType",
        GOOSE => "IEC 61850 GOOSE",
        GSE_MANAGEMENT => "IEC 61850 GSE management",
        SAMPLED_VALUES => "IEC 61850 sampled values",
        0x88bb => "LWAPP",
        0x88bf => "MikroTik RoMON", // unregistered
        0x88cd => "SERCOS III",
        0x88d2 => "CDMA2000 A10 3GPP2",
        0x88d8 => "circuit emulation (MEF 8)",
        0x88d9 => "LLTD",
        0x88dc => "WAVE short message",
        0x88de => "VMware Lab Manager",
        HOMEPLUG_AV => "HomePlug AV",
        0x88ee => "E-LMI",
        0x88f6 => "MMRP",
        0x8901 => "Flow Layer Internal Protocol",
        0x8903 => "Cisco DCE",
        CISCO_METADATA => "Cisco metadata",
        0x8911 => "LINX IPC",
        0x891d => "TTEthernet",
        VN_TAG => "VN-Tag",
        0x8929 => "MIRP",
        0x892b => "SEL layer 2",
        0x892d => "bluecom",
        0x893a => "IEEE 1905.1",
        E_TAG => "802.1BR E-Tag",
        0x8940 => "ECP",
        0x8946 => "TRILL RBridge channel",
        0x8947 => "GeoNetworking",
        0x8988 => "Palo Alto HA backup", // unregistered
        0x9021 => "RTnet real-time MAC",
        0x9022 => "RTnet configuration",
        0x9104 => "eero broadcast", // unregistered
        0x99fe => "TECMP",
        0xa0ed => "6LoWPAN",
        0xaefe => "eCPRI",
        0xb4e3 => "CableLabs layer 3",
        0xb7ea => "GRE control channel",
        0xc0de => "XIP",
        0xc0df => "Neighborhood Watch Protocol",
        0xcafe => "Veritas LLT",  // unregistered
        0xd00d => "Digium TDMoE", // unregistered
        0xd28b => "Arista timestamp",
        0xe555 => "EXOS internal header", // unregistered
        R_TAG => "802.1CB R-Tag",
        0xfff2 => "Cisco ACI ARP gleaning", // unregistered
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
        (uapi::ETH_P_MPLS_MC, "Multicast MPLS"),
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
        (uapi::ETH_P_EDSA, "Marvell EDSA"),
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
        assert_eq!(u32::from(super::QINQ_1), uapi::ETH_P_QINQ1);
        assert_eq!(u32::from(super::QINQ_2), uapi::ETH_P_QINQ2);
        assert_eq!(u32::from(super::QINQ_3), uapi::ETH_P_QINQ3);
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
