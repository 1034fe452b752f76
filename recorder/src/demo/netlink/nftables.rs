//! `nf_tables` requests: a base chain that drops all it sees.

use anyhow::Result;
use rustix::net::netlink::NETFILTER;

use crate::netlink::message::{CREATE, Message};
use crate::netlink::transaction::transact;

// include/uapi/linux/netfilter/nfnetlink.h (v6.18).
const NFNL_MSG_BATCH_BEGIN: u16 = 16;
const NFNL_MSG_BATCH_END: u16 = 17;
const NFNL_SUBSYS_NFTABLES: u16 = 10;

// include/uapi/linux/netfilter/nf_tables.h (v6.18).
const NFT_MSG_NEWTABLE: u16 = NFNL_SUBSYS_NFTABLES << 8;
const NFT_MSG_NEWCHAIN: u16 = NFNL_SUBSYS_NFTABLES << 8 | 3;
const NFTA_TABLE_NAME: u16 = 1;
const NFTA_CHAIN_TABLE: u16 = 1;
const NFTA_CHAIN_NAME: u16 = 3;
const NFTA_CHAIN_HOOK: u16 = 4;
const NFTA_CHAIN_POLICY: u16 = 5;
const NFTA_CHAIN_TYPE: u16 = 7;
const NFTA_HOOK_HOOKNUM: u16 = 1;
const NFTA_HOOK_PRIORITY: u16 = 2;

// include/uapi/linux/netfilter.h (v6.18).
const NFPROTO_UNSPEC: u8 = 0;
const NFPROTO_IPV4: u8 = 2;
const NF_DROP: u32 = 0;

const TABLE: &str = "droprec-demo";

/// Where in a packet's way through IPv4 a chain is called: `enum nf_inet_hooks`.
#[derive(Clone, Copy)]
pub(crate) enum Hook {
    /// `NF_INET_LOCAL_IN`: a packet for this host.
    Input = 1,
    /// `NF_INET_LOCAL_OUT`: a packet from this host.
    Output = 3,
}

impl Hook {
    /// A name for the chain.
    fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
        }
    }
}

/// Makes a chain at each of `hooks` of the calling thread's namespace that drops every IPv4 packet.
pub(crate) fn drop_all_at(hooks: &[Hook]) -> Result<()> {
    transact(Some(NETFILTER), &batch(hooks))
}

/// A batch takes effect as a whole or not at all.
fn batch(hooks: &[Hook]) -> Vec<Message> {
    let mut messages = vec![
        Message::unacknowledged("NFNL_MSG_BATCH_BEGIN (nf_tables)", NFNL_MSG_BATCH_BEGIN)
            .fixed(&generic_header(NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES)),
        Message::request("NFT_MSG_NEWTABLE", NFT_MSG_NEWTABLE, CREATE)
            .fixed(&generic_header(NFPROTO_IPV4, 0))
            .text(NFTA_TABLE_NAME, TABLE),
    ];
    messages.extend(hooks.iter().map(|&hook| drop_chain(hook)));
    messages.push(
        Message::unacknowledged("NFNL_MSG_BATCH_END (nf_tables)", NFNL_MSG_BATCH_END)
            .fixed(&generic_header(NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES)),
    );
    messages
}

/// A base chain without rules, so that its policy decides.
fn drop_chain(hook: Hook) -> Message {
    Message::request("NFT_MSG_NEWCHAIN", NFT_MSG_NEWCHAIN, CREATE)
        .fixed(&generic_header(NFPROTO_IPV4, 0))
        .text(NFTA_CHAIN_TABLE, TABLE)
        .text(NFTA_CHAIN_NAME, hook.name())
        .nested(NFTA_CHAIN_HOOK, |chain| {
            chain
                .attribute(NFTA_HOOK_HOOKNUM, &(hook as u32).to_be_bytes())
                .attribute(NFTA_HOOK_PRIORITY, &0_u32.to_be_bytes())
        })
        .attribute(NFTA_CHAIN_POLICY, &NF_DROP.to_be_bytes())
        .text(NFTA_CHAIN_TYPE, "filter")
}

/// `struct nfgenmsg`: the family, the version 0, and which subsystem a batch is for, in network byte order.
fn generic_header(family: u8, subsystem: u16) -> [u8; 4] {
    let [high, low] = subsystem.to_be_bytes();
    [family, 0, high, low]
}

#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    use super::*;

    /// Headers are in this machine's byte order, what is nfnetlink's own in the network's.
    #[test]
    fn a_batch_byte_for_byte() {
        let bytes: Vec<u8> = batch(&[Hook::Input])
            .iter()
            .zip(1..)
            .flat_map(|(message, sequence)| message.to_bytes(sequence))
            .collect();
        assert_eq!(
            bytes,
            [
                // The batch begins, for subsystem 10.
                &[20, 0, 0, 0, 16, 0, 0x01, 0, 1, 0, 0, 0, 0, 0, 0, 0][..],
                &[0, 0, 0, 10],
                // The table.
                &[40, 0, 0, 0, 0, 10, 0x05, 0x04, 2, 0, 0, 0, 0, 0, 0, 0],
                &[2, 0, 0, 0],
                &[17, 0, 1, 0],
                b"droprec-demo\0\0\0\0",
                // The chain, at hook 1 with priority 0 and policy 0.
                &[92, 0, 0, 0, 3, 10, 0x05, 0x04, 3, 0, 0, 0, 0, 0, 0, 0],
                &[2, 0, 0, 0],
                &[17, 0, 1, 0],
                b"droprec-demo\0\0\0\0",
                &[10, 0, 3, 0, b'i', b'n', b'p', b'u', b't', 0, 0, 0],
                &[20, 0, 4, 0x80],
                &[8, 0, 1, 0, 0, 0, 0, 1],
                &[8, 0, 2, 0, 0, 0, 0, 0],
                &[8, 0, 5, 0, 0, 0, 0, 0],
                &[11, 0, 7, 0, b'f', b'i', b'l', b't', b'e', b'r', 0, 0],
                // The batch ends.
                &[20, 0, 0, 0, 17, 0, 0x01, 0, 4, 0, 0, 0, 0, 0, 0, 0],
                &[0, 0, 0, 10],
            ]
            .concat()
        );
    }
}
