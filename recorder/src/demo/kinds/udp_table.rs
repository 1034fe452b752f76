//! How full a UDP socket's receive buffer is, from `/proc/net/udp` (`udp4_format_sock`, `net/ipv4/udp.c`, v6.18; `proc_pid_net(5)`).

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// It takes microseconds, unless received packets are left to `ksoftirqd` on a busy CPU.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a socket has received and not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Usage {
    /// Bytes of memory that queued packets take up.
    queued: u32,
    /// Packets that were dropped at the socket.
    pub(super) dropped: u32,
}

impl Usage {
    /// Of the one UDP socket in the calling thread's namespace.
    pub(super) fn of_only_socket() -> Result<Self> {
        let table = std::fs::read_to_string("/proc/thread-self/net/udp")
            .context("cannot read /proc/thread-self/net/udp: is /proc mounted?")?;
        Self::parse(&table).context("/proc/net/udp does not show the demo's UDP socket")
    }

    /// Waits until a packet was queued or dropped.
    pub(super) fn wait_for_change(self) -> Result<Self> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let now = Self::of_only_socket()?;
            if now != self {
                return Ok(now);
            }
            sleep(Duration::from_millis(1));
        }
        bail!(
            "a datagram did not arrive in the demo's receiver within {PATIENCE:?}: try again on a less busy machine"
        )
    }

    fn parse(table: &str) -> Option<Self> {
        let socket = table.lines().nth(1)?;
        let mut fields = socket.split_ascii_whitespace();
        // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode ref pointer drops
        let (_sent, queued) = fields.nth(4)?.split_once(':')?;
        Some(Self {
            queued: u32::from_str_radix(queued, 16).ok()?,
            dropped: fields.last()?.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of Linux 6.18, of a namespace in which two datagrams are queued and three were dropped.
    #[test]
    fn the_first_socket_of_a_table() {
        let table = concat!(
            "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            \n",
            " 9999: 00000000:0009 00000000:0000 07 00000000:00000680 00:00000000 00000000     0        0 60665 2 0000000000000000 3         \n",
        );
        let usage = Usage::parse(table).expect("a socket");
        assert_eq!((usage.queued, usage.dropped), (0x680, 3));
    }

    /// No socket is nothing to parse.
    #[test]
    fn an_empty_table() {
        assert_eq!(Usage::parse("   sl  local_address rem_address\n"), None);
    }
}
