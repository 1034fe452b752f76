//! A host at the end of a cable, and one that sends to it.

use std::{cell::RefCell, net::UdpSocket};

use droprec_testbed::{FrameSocket, Namespace, Pair};

use crate::{
    case::Stage,
    frames::{Route4, Route6},
};

/// Where frames come from.
pub(crate) const FROM: [u8; 6] = [2, 0, 0, 0, 0, 1];
/// The addresses of a frame to the receiver.
pub(crate) const TO_RECEIVER: [[u8; 6]; 2] = [Pair::RECEIVER_MAC, FROM];
/// Those of a packet to it.
pub(crate) const ROUTE4: Route4 = Route4(Pair::SENDER.octets(), Pair::RECEIVER.octets(), 64);
pub(crate) const ROUTE6: Route6 = Route6(Pair::SENDER6.octets(), Pair::RECEIVER6.octets(), 64);

/// Two hosts and a socket that sends to the second, in which what nobody takes is dropped.
pub(crate) struct Receiver {
    pub(crate) pair: Pair,
    socket: FrameSocket,
    open: RefCell<Vec<UdpSocket>>,
}

impl Stage for Receiver {
    fn build() -> Self {
        let pair = Pair::with_ipv6();
        Self {
            socket: pair.frames(),
            open: RefCell::default(),
            pair,
        }
    }

    fn drops_in(&self) -> &Namespace {
        &self.pair.receiver
    }
}

impl Receiver {
    /// Sends a frame that is to be recorded as it is.
    pub(crate) fn send(&self, frame: Vec<u8>) -> Vec<Vec<u8>> {
        self.socket.send(&frame);
        vec![frame]
    }

    /// Leaves a socket open: frames to it may be on their way.
    pub(crate) fn leave_open(&self, socket: UdpSocket) {
        self.open.borrow_mut().push(socket);
    }
}
