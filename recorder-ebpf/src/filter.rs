//! What filters ask of a drop: the values that the user half fills in, and both halves look up.
//!
//! Whatever a filter names carries bits that say what it is wanted, or not wanted, for. A drop passes if each kind of thing
//! that was asked for has come up, and nothing that is not wanted.

/// What is asked of drops, as bits of [`crate::config::Config::filter`].
pub mod ask {
    /// Something of reasons.
    pub const REASON: u32 = 1;
    /// Something of places.
    pub const PLACE: u32 = 1 << 1;
    /// Something of interfaces, or of namespaces.
    pub const INTERFACE: u32 = 1 << 2;
    /// Something of headers.
    pub const HEADERS: u32 = 1 << 3;
    /// Something of the tags of VLANs, which may have to be recalled.
    pub const TAGS: u32 = 1 << 4;
    /// One of the reasons is wanted.
    pub const WANT_REASON: u32 = 1 << 5;
    /// One of the places is.
    pub const WANT_PLACE: u32 = 1 << 6;
    /// One of the interfaces is.
    pub const WANT_INTERFACE: u32 = 1 << 7;
    /// One of the namespaces is.
    pub const WANT_NETNS: u32 = 1 << 8;
    /// Something that the user half alone can tell.
    pub const ELSEWHERE: u32 = 1 << 9;
}

/// It is wanted: one of the reasons, places, interfaces or types that were asked for.
pub const WANT: u32 = 1;
/// It is not wanted.
pub const NOT: u32 = 1 << 1;
/// Nobody needs to hear of it: what is normal life.
pub const NOISE: u32 = 1 << 2;
/// The first of the bits that a reason and a place share which are noise together.
pub const PAIR: u32 = 1 << 8;

/// Of an address or a port: it is wanted as the source, as the destination, as either.
pub const SOURCE: u8 = 1 << 2;
/// See [`SOURCE`].
pub const DESTINATION: u8 = 1 << 3;
/// See [`SOURCE`].
pub const EITHER: u8 = 1 << 4;
/// Of a port: as [`SOURCE`]. An address has its bits in [`Prefix`].
pub const SOURCE_PORT: u8 = 1 << 5;
/// See [`SOURCE_PORT`].
pub const DESTINATION_PORT: u8 = 1 << 6;
/// See [`SOURCE_PORT`].
pub const EITHER_PORT: u8 = 1 << 7;
/// [`WANT`] and [`NOT`] in a byte.
pub const WANT_BYTE: u8 = WANT as u8;
/// See [`WANT_BYTE`].
pub const NOT_BYTE: u8 = NOT as u8;

/// How many prefixes the kernel half looks through.
pub const PREFIXES: usize = 16;
/// How many ranges of addresses the places of a filter may be, neighbours taken together.
pub const RANGES: u32 = 8192;

/// `AF_INET` and `AF_INET6` (`include/linux/socket.h`).
pub const IPV4: u32 = 2;
/// See [`IPV4`].
pub const IPV6: u32 = 10;

/// Addresses that begin alike.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prefix {
    /// In host order, the higher half first; an IPv4 address is the lower half.
    pub address: [u64; 2],
    /// Its bits that count.
    pub mask: [u64; 2],
    /// [`IPV4`] or [`IPV6`].
    pub family: u32,
    /// What it stands for as a source.
    pub source: u8,
    /// What it stands for as a destination.
    pub destination: u8,
    /// Always zero.
    pub padding: [u8; 2],
}

/// What filters ask of headers: of `EtherType`s, protocols, addresses and ports, each a table of bits.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headers {
    /// By `EtherType`: [`WANT_BYTE`], [`NOT_BYTE`].
    pub types: [u8; 1 << 16],
    /// By source port, then by destination port.
    pub ports: [[u8; 1 << 16]; 2],
    /// By IP protocol.
    pub protocols: [u8; 1 << 8],
    /// The first `count` of these.
    pub prefixes: [Prefix; PREFIXES],
    /// How many prefixes are asked for. More than there is room for: the user half has them all.
    pub count: u32,
    /// The bits that one layer (an IP header with what follows it) has to have to be wanted; 0: none is asked for.
    pub layer: u8,
    /// [`WANT_BYTE`] if a type is asked for.
    pub kind: u8,
    /// 1: something is not wanted, so that all layers have to be looked at.
    pub any_not: u8,
    /// Always zero.
    pub padding: u8,
}

/// Addresses in the kernel.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first one.
    pub start: u64,
    /// The first one behind it.
    pub end: u64,
    /// [`WANT`], [`NOT`], [`NOISE`] and pairs.
    pub bits: u32,
    /// Always zero.
    pub padding: u32,
}

/// Which ranges hold. There are two sets of them, so that one can be filled while the other is read.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Index of the first.
    pub first: u32,
    /// How many, by rising address, none of which overlap.
    pub count: u32,
    /// How many modules were loaded when they were found.
    pub modules: u32,
    /// Always zero.
    pub padding: u32,
}

const _: () = {
    assert!(size_of::<Prefix>() == 40);
    assert!(size_of::<Headers>() == 3 * 65_536 + 256 + 16 * 40 + 8);
    assert!(size_of::<Range>() == 24);
    assert!(size_of::<Places>() == 16);
};
