//! Builds one netlink message: its header, its fixed part, and attributes that may hold further attributes.
//!
//! The format is that of `include/uapi/linux/netlink.h` (v6.18), RFC 3549 section 2.2: native byte order, everything aligned to four bytes.

/// `NLM_F_REQUEST`: it asks something of the kernel.
const REQUEST: u16 = 0x001;
/// `NLM_F_ACK`: the kernel is to say that it was done.
const ACK: u16 = 0x004;
/// `NLM_F_REPLACE`: replace what is there.
pub(crate) const REPLACE: u16 = 0x100;
/// `NLM_F_EXCL`: fail if it is there already.
pub(crate) const EXCLUSIVE: u16 = 0x200;
/// `NLM_F_CREATE`: make it if it is not there.
pub(crate) const CREATE: u16 = 0x400;

/// `NLM_F_DUMP`: all there is (`NLM_F_ROOT` and `NLM_F_MATCH`, which of a change's flags are two).
const DUMP: u16 = 0x300;

/// `NLA_F_NESTED`: an attribute made of attributes.
const NESTED: u16 = 0x8000;

/// The length of `struct nlmsghdr`.
pub(crate) const HEADER_LENGTH: usize = 16;

/// A message on its way to the kernel.
pub(crate) struct Message {
    name: &'static str,
    bytes: Vec<u8>,
}

impl Message {
    /// A request that the kernel answers with an acknowledgement or an error, which is then reported under `name`.
    pub(crate) fn request(name: &'static str, kind: u16, flags: u16) -> Self {
        Self::with_flags(name, kind, REQUEST | ACK | flags)
    }

    /// A message that the kernel answers only if it fails, such as the ends of a batch.
    pub(crate) fn unacknowledged(name: &'static str, kind: u16) -> Self {
        Self::with_flags(name, kind, REQUEST)
    }

    /// A request for all there is of a kind, which [`super::dump::dump`] sends.
    pub(crate) fn dump(name: &'static str, kind: u16) -> Self {
        Self::with_flags(name, kind, REQUEST | DUMP)
    }

    fn with_flags(name: &'static str, kind: u16, flags: u16) -> Self {
        let mut bytes = Vec::with_capacity(256);
        bytes.extend(0_u32.to_ne_bytes()); // the length, known at the end
        bytes.extend(kind.to_ne_bytes());
        bytes.extend(flags.to_ne_bytes());
        bytes.extend(0_u32.to_ne_bytes()); // the sequence number, given when it is sent
        bytes.extend(0_u32.to_ne_bytes()); // the port: the kernel's
        Self { name, bytes }
    }

    /// Appends the fixed part, such as a `struct ifinfomsg`: of the message, or of an attribute that begins with one.
    pub(crate) fn fixed(mut self, part: &[u8]) -> Self {
        self.bytes.extend_from_slice(part);
        self.pad();
        self
    }

    /// Appends an attribute.
    pub(crate) fn attribute(mut self, kind: u16, value: &[u8]) -> Self {
        let start = self.begin(kind);
        self.bytes.extend_from_slice(value);
        self.end(start);
        self.pad();
        self
    }

    /// Appends an attribute whose value is a text ended by a zero byte.
    pub(crate) fn text(self, kind: u16, value: &str) -> Self {
        self.attribute(kind, &[value.as_bytes(), b"\0"].concat())
    }

    /// Appends an attribute that holds what `inside` appends.
    pub(crate) fn nested(mut self, kind: u16, inside: impl FnOnce(Self) -> Self) -> Self {
        let start = self.begin(kind | NESTED);
        self = inside(self);
        self.end(start);
        self
    }

    /// What the message asks for, in the kernel's words.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Its type, `nlmsg_type`.
    pub(crate) fn kind(&self) -> u16 {
        u16::from_ne_bytes([self.bytes[4], self.bytes[5]])
    }

    /// Whether the kernel says so when it succeeds.
    pub(crate) fn is_acknowledged(&self) -> bool {
        u16::from_ne_bytes([self.bytes[6], self.bytes[7]]) & ACK != 0
    }

    /// The message as it is sent, with its length and its place in the sequence.
    pub(crate) fn to_bytes(&self, sequence: u32) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        bytes[..4].copy_from_slice(&(self.bytes.len() as u32).to_ne_bytes());
        bytes[8..12].copy_from_slice(&sequence.to_ne_bytes());
        bytes
    }

    fn begin(&mut self, kind: u16) -> usize {
        let start = self.bytes.len();
        self.bytes.extend([0; 2]);
        self.bytes.extend(kind.to_ne_bytes());
        start
    }

    /// Fills in the length of the attribute that began at `start`. The padding after its value is not part of it.
    fn end(&mut self, start: usize) {
        let length = (self.bytes.len() - start) as u16;
        self.bytes[start..start + 2].copy_from_slice(&length.to_ne_bytes());
    }

    fn pad(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}

#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    use super::*;

    /// A leaf's length leaves its padding out, a nest's length includes that of its leaves.
    #[test]
    fn attributes_are_padded_and_nested() {
        let message = Message::request("RTM_NEWLINK", 16, CREATE | EXCLUSIVE)
            .fixed(&[0; 16])
            .text(3, "eth0")
            .nested(18, |info| info.text(1, "veth"));

        assert_eq!(
            message.to_bytes(7),
            [
                &[60, 0, 0, 0, 16, 0, 0x05, 0x06, 7, 0, 0, 0, 0, 0, 0, 0][..],
                &[0; 16],
                &[9, 0, 3, 0, b'e', b't', b'h', b'0', 0, 0, 0, 0],
                &[16, 0, 18, 0x80],
                &[9, 0, 1, 0, b'v', b'e', b't', b'h', 0, 0, 0, 0],
            ]
            .concat()[..]
        );
    }

    /// The end of a batch asks for no acknowledgement.
    #[test]
    fn only_requests_are_acknowledged() {
        assert!(Message::request("RTM_NEWADDR", 20, 0).is_acknowledged());
        assert!(!Message::unacknowledged("NFNL_MSG_BATCH_END", 17).is_acknowledged());
    }
}
