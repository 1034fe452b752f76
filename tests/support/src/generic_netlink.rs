//! Asks a generic-netlink family of the kernel for something (`include/uapi/linux/genetlink.h`).

use rustix::{
    fd::OwnedFd,
    io::Errno,
    net::{
        AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType,
        netlink::{GENERIC, SocketAddrNetlink},
        recv, sendto, socket_with,
    },
};

const NLM_F_REQUEST: u16 = 1;
const NLM_F_ACK: u16 = 4;
const NLMSG_ERROR: u16 = 2;
const HEADER: usize = 16;
const GENERIC_HEADER: usize = 4;

const GENL_ID_CTRL: u16 = 16;
const CTRL_CMD_GETFAMILY: u8 = 3;
const CTRL_ATTR_FAMILY_ID: u16 = 1;
const CTRL_ATTR_FAMILY_NAME: u16 = 2;

/// A socket to the families of the namespace that it was made in.
#[derive(Debug)]
pub(crate) struct GenericNetlink {
    socket: OwnedFd,
}

/// An attribute: its length, its kind, its value, and padding to four bytes.
pub(crate) fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let len = (value.len() + 4) as u16;
    let mut attribute = [&len.to_ne_bytes(), &kind.to_ne_bytes(), value].concat();
    attribute.resize(attribute.len().next_multiple_of(4), 0);
    attribute
}

impl GenericNetlink {
    /// A socket of the calling thread's namespace.
    pub(crate) fn here() -> Self {
        let socket = socket_with(
            AddressFamily::NETLINK,
            SocketType::RAW,
            SocketFlags::CLOEXEC,
            Some(GENERIC),
        );
        let socket = socket.unwrap_or_else(|error| panic!("no generic netlink: {error}"));
        Self { socket }
    }

    /// The number of a family.
    pub(crate) fn family(&self, name: &str) -> u16 {
        let name_attribute = attribute(CTRL_ATTR_FAMILY_NAME, &[name.as_bytes(), &[0]].concat());
        let reply = self.ask(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, &name_attribute);
        let reply = reply.unwrap_or_else(|error| panic!("no netlink family {name}: {error}"));
        let mut rest = &reply[..];
        while let [l0, l1, k0, k1, value @ ..] = rest {
            if u16::from_ne_bytes([*k0, *k1]) == CTRL_ATTR_FAMILY_ID {
                return u16::from_ne_bytes([value[0], value[1]]);
            }
            let len = u16::from_ne_bytes([*l0, *l1]) as usize;
            rest = rest.get(len.next_multiple_of(4)..).unwrap_or_default();
        }
        panic!("the family {name} has no number: {reply:?}")
    }

    /// Sends a command and waits until it is acknowledged; what the kernel says before, without headers.
    pub(crate) fn ask(&self, family: u16, command: u8, body: &[u8]) -> Result<Vec<u8>, Errno> {
        let len = (HEADER + GENERIC_HEADER + body.len()) as u32;
        let message = [
            &len.to_ne_bytes()[..],
            &family.to_ne_bytes(),
            &(NLM_F_REQUEST | NLM_F_ACK).to_ne_bytes(),
            // Sequence and port.
            &[0; 8],
            &[command, 1, 0, 0],
            body,
        ]
        .concat();
        let kernel = SocketAddrNetlink::new(0, 0);
        sendto(&self.socket, &message, SendFlags::empty(), &kernel)?;
        let mut said = Vec::new();
        let mut datagram = vec![0; 8192];
        loop {
            let (_, received) = recv(&self.socket, &mut datagram[..], RecvFlags::empty())?;
            let mut rest = &datagram[..received];
            while rest.len() >= HEADER {
                let len = u32::from_ne_bytes([rest[0], rest[1], rest[2], rest[3]]) as usize;
                let (message, after) = rest.split_at(len);
                rest = after;
                if u16::from_ne_bytes([message[4], message[5]]) != NLMSG_ERROR {
                    said.extend_from_slice(&message[HEADER + GENERIC_HEADER..]);
                    continue;
                }
                let error = [message[16], message[17], message[18], message[19]];
                return match i32::from_ne_bytes(error) {
                    0 => Ok(said),
                    error => Err(Errno::from_raw_os_error(-error)),
                };
            }
        }
    }
}
