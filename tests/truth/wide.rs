//! Two hosts whose cable takes frames of up to 9014 bytes, and who sees what the first sends.

use std::net::{IpAddr, UdpSocket};

use droprec_testbed::{FrameSocket, Namespace, Pair, Sniffer, Vnet, VnetSocket};

use crate::{
    at,
    case::{Case, Mark, Shape, Stage},
    receiver::FROM,
    sockets,
};

/// Bytes of an IP packet that the cable takes.
const MTU: &str = "9000";

pub(crate) struct Wide {
    pub(crate) pair: Pair,
    pub(crate) sniffer: Sniffer,
    frames: FrameSocket,
    vnet: VnetSocket,
}

impl Stage for Wide {
    fn build() -> Self {
        let pair = Pair::with_ipv6();
        for namespace in [&pair.sender, &pair.receiver] {
            namespace.ip(&format!("link set eth0 mtu {MTU}"));
        }
        Self {
            sniffer: Sniffer::open(&pair.sender, "eth0"),
            frames: pair.frames(),
            vnet: VnetSocket::open(&pair.sender, "eth0"),
            pair,
        }
    }

    fn drops_in(&self) -> &Namespace {
        &self.pair.receiver
    }
}

impl Wide {
    /// Sends by a UDP socket to the receiver, and says what its interface sent.
    pub(crate) fn udp(
        &self,
        is_ipv6: bool,
        port: u16,
        mark: &Mark,
        send: impl FnOnce(&UdpSocket),
    ) -> Vec<Vec<u8>> {
        let (from, to): (IpAddr, IpAddr) = if is_ipv6 {
            (Pair::SENDER6.into(), Pair::RECEIVER6.into())
        } else {
            (Pair::SENDER.into(), Pair::RECEIVER.into())
        };
        send(&sockets::udp(&self.pair.sender, from, to, port));
        self.sent(mark)
    }

    /// What the sender's interface has sent with this mark.
    pub(crate) fn sent(&self, mark: &Mark) -> Vec<Vec<u8>> {
        sockets::sent(&self.sniffer, mark, FROM)
    }

    /// Sends a frame as told, which is to be recorded as it is.
    pub(crate) fn frame(&self, how: Vnet, frame: Vec<u8>) -> Vec<Vec<u8>> {
        self.vnet.send(how, &frame);
        vec![frame]
    }

    /// Sends frames as they are.
    pub(crate) fn all(&self, frames: &[Vec<u8>]) {
        self.frames.send_all(frames);
    }
}

/// A datagram in pages that nobody waits for.
pub(crate) const IN_PAGES: Case<Wide> = Case {
    protocol: "IPv4, UDP",
    drop: "no socket",
    at: at::UDP4,
    shape: Shape::Frags,
    shown: "eth:ethertype:ip:udp:data",
    ..Case::PLAIN
};
