//! An Open vSwitch datapath without its daemon: the kernel's half alone, told what to do over generic netlink
//! (`include/uapi/linux/openvswitch.h`, v6.6).

use crate::{
    Namespace,
    generic_netlink::{GenericNetlink, attribute},
};

/// The command that makes one, of each family.
const NEW: u8 = 1;

const OVS_DP_ATTR_NAME: u16 = 1;
const OVS_DP_ATTR_UPCALL_PID: u16 = 2;

const OVS_VPORT_ATTR_TYPE: u16 = 2;
const OVS_VPORT_ATTR_NAME: u16 = 3;
const OVS_VPORT_ATTR_UPCALL_PID: u16 = 5;
const OVS_VPORT_TYPE_NETDEV: u32 = 1;

const OVS_FLOW_ATTR_KEY: u16 = 1;
const OVS_FLOW_ATTR_ACTIONS: u16 = 2;
const OVS_KEY_ATTR_IN_PORT: u16 = 3;
const OVS_KEY_ATTR_ETHERNET: u16 = 4;
const OVS_KEY_ATTR_ETHERTYPE: u16 = 6;
const OVS_ACTION_ATTR_DROP: u16 = 24;

/// What it is called in its namespace.
const NAME: &str = "ovs0";
/// The first port that is added to it.
const PORT: u32 = 1;

/// What a flow does with its packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing: they end there.
    None,
    /// Drops them, and calls it an error if the number is not 0.
    Drop(u32),
}

/// A datapath with one port. It goes with its namespace.
#[derive(Debug)]
pub struct Datapath {
    netlink: GenericNetlink,
    /// Its index, which every request begins with.
    header: [u8; 4],
}

/// A name as netlink has it.
fn name(name: &str) -> Vec<u8> {
    [name.as_bytes(), &[0]].concat()
}

impl Datapath {
    /// A datapath that receives what `interface` receives. Nobody listens to what it has no flow for.
    #[must_use]
    pub fn new(namespace: &Namespace, interface: &str) -> Self {
        let netlink = namespace.enter(GenericNetlink::here);
        let nobody = 0u32.to_ne_bytes();
        let body = [
            &[0; 4][..],
            &attribute(OVS_DP_ATTR_NAME, &name(NAME)),
            &attribute(OVS_DP_ATTR_UPCALL_PID, &nobody),
        ]
        .concat();
        let made = netlink.ask(netlink.family("ovs_datapath"), NEW, &body);
        made.unwrap_or_else(|error| panic!("no datapath: {error}"));
        let datapath = Self {
            netlink,
            header: (namespace.index(NAME) as u32).to_ne_bytes(),
        };
        let kind = OVS_VPORT_TYPE_NETDEV.to_ne_bytes();
        datapath.make(
            "ovs_vport",
            &[
                attribute(OVS_VPORT_ATTR_TYPE, &kind),
                attribute(OVS_VPORT_ATTR_NAME, &name(interface)),
                attribute(OVS_VPORT_ATTR_UPCALL_PID, &nobody),
            ],
        );
        datapath
    }

    fn make(&self, family: &str, attributes: &[Vec<u8>]) {
        let body = [&self.header[..], &attributes.concat()].concat();
        let made = self.netlink.ask(self.netlink.family(family), NEW, &body);
        made.unwrap_or_else(|error| panic!("{family} makes none: {error}"));
    }

    /// Adds a flow for frames with the addresses and the `EtherType` of this one, which must not be IP.
    pub fn add_flow(&self, frame: &[u8], action: Action) {
        let (destination, source) = frame[..12].split_at(6);
        let key = [
            attribute(OVS_KEY_ATTR_IN_PORT, &PORT.to_ne_bytes()),
            attribute(OVS_KEY_ATTR_ETHERNET, &[source, destination].concat()),
            attribute(OVS_KEY_ATTR_ETHERTYPE, &frame[12..14]),
        ];
        let actions = match action {
            Action::None => Vec::new(),
            Action::Drop(error) => attribute(OVS_ACTION_ATTR_DROP, &error.to_ne_bytes()),
        };
        self.make(
            "ovs_flow",
            &[
                attribute(OVS_FLOW_ATTR_KEY, &key.concat()),
                attribute(OVS_FLOW_ATTR_ACTIONS, &actions),
            ],
        );
    }
}
