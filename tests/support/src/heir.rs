//! A namespace with the number of one that is gone: the kernel gives the lowest number that is free.

use std::{thread, time::Duration};

use crate::{Namespace, Pair, Port, connect};

/// How often to look whether the number is free, and what lies between: namespaces go in the background.
const TRIES: usize = 100;
const BETWEEN: Duration = Duration::from_millis(50);

impl Namespace {
    /// Makes namespaces until one has this inode number, and connects its `eth0` to the sender's `eth1` as that of a
    /// [`Pair`]'s receiver is. `None`: somebody else's has the number.
    #[must_use]
    pub fn heir_of(inode: u64, sender: &Self) -> Option<Self> {
        let heir = Self::with_inode(inode)?;
        let [from, to] = [(sender, "eth1"), (&heir, "eth0")].map(|(namespace, interface)| Port {
            namespace,
            interface,
            mac: Pair::RECEIVER_MAC,
            ipv4: Pair::RECEIVER,
            ipv6: None,
        });
        connect(&to, &from);
        sender.wait_for_carrier("eth1");
        Some(heir)
    }

    fn with_inode(inode: u64) -> Option<Self> {
        let mut lower = Vec::new();
        for _ in 0..TRIES {
            let made = Self::new("heir");
            let has = made.inode();
            if has == inode {
                return Some(made);
            }
            if has < inode {
                lower.push(made);
            } else {
                drop(made);
                thread::sleep(BETWEEN);
            }
        }
        None
    }
}
