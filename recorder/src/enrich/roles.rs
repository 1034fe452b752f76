//! Whose the socket of a packet is: that of who sent it, or of who is to have it.
//!
//! A packet that comes in may have its sender's still, as it went from one namespace to another, or its receiver's already.
//! The function that gives its memory back to the socket tells.

use std::collections::HashMap;

use droprec_ebpf::record::{INCOMING, Owner, Record};

use super::names::Names;

/// What a socket is to a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It was sent by it.
    Sender,
    /// It is for it.
    Receiver,
}

/// What is known of destructors, by their addresses.
#[derive(Debug, Default)]
pub struct Roles(HashMap<u64, Option<Destructor>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Destructor {
    Is(Role),
    /// Found by early demultiplexing, or given to a copy for a timestamp.
    Either,
}

impl Roles {
    /// Forgets them: the addresses have other names now.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// `None`: nothing tells.
    pub fn of(&mut self, names: &Names, owner: &Owner, record: &Record) -> Option<Role> {
        if owner.is_receiver != 0 {
            return Some(Role::Receiver);
        }
        let destructor = self
            .0
            .entry(owner.destructor)
            .or_insert_with(|| by_name(&names.function(owner.destructor)?));
        match destructor {
            Some(Destructor::Is(role)) => Some(*role),
            Some(Destructor::Either) if record.flags & INCOMING != 0 => Some(Role::Receiver),
            _ => None,
        }
    }
}

/// Destructors of `net/core/sock.c`, `net/ipv4/tcp_output.c`, `net/sctp`, `net/packet/af_packet.c` and `net/xdp/xsk.c`
/// (v6.18), at their first instruction.
fn by_name(location: &str) -> Option<Destructor> {
    let (name, offset) = location.split_once('+')?;
    if !offset.starts_with("0x0") {
        return None;
    }
    Some(match name {
        "sock_wfree"
        | "__sock_wfree"
        | "tcp_wfree"
        | "sctp_wfree"
        | "tpacket_destruct_skb"
        | "xsk_destruct_skb" => Destructor::Is(Role::Sender),
        "sock_rfree" | "sock_edemux" | "sock_pfree" | "sctp_sock_rfree" => {
            Destructor::Is(Role::Receiver)
        }
        "sock_efree" => Destructor::Either,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{reasons::Reasons, symbols::Symbols};

    const KALLSYMS: &str = "\
ffffffff81000000 T _stext
ffffffff81000100 T sock_wfree
ffffffff81000200 T sock_efree
ffffffff81000300 T _etext
";

    #[test]
    fn the_destructor_tells_whose_the_socket_is() {
        let names = Names::new(Symbols::parse(KALLSYMS, ""), Reasons::default());
        let of = |destructor, flags| {
            let owner = Owner {
                destructor,
                ..Owner::default()
            };
            let record = Record {
                flags,
                ..Record::default()
            };
            Roles::default().of(&names, &owner, &record)
        };
        assert_eq!(of(0xffff_ffff_8100_0100, INCOMING), Some(Role::Sender));
        assert_eq!(of(0xffff_ffff_8100_0104, INCOMING), None);
        assert_eq!(of(0xffff_ffff_8100_0200, INCOMING), Some(Role::Receiver));
        assert_eq!(of(0xffff_ffff_8100_0200, 0), None);
        assert_eq!(of(0, INCOMING), None);
    }

    #[test]
    fn a_socket_that_was_being_delivered_to_is_the_receivers() {
        let owner = Owner {
            is_receiver: 1,
            ..Owner::default()
        };
        let names = Names::new(Symbols::default(), Reasons::default());
        let role = Roles::default().of(&names, &owner, &Record::default());
        assert_eq!(role, Some(Role::Receiver));
    }
}
