//! What the user half needs of the kernel half: the types that both share, and the compiled object.
#![no_std]
#![cfg_attr(target_arch = "bpf", feature(asm_experimental_arch))]

pub mod bit;
pub mod cast;
pub mod config;
pub mod expression;
pub mod filter;
pub mod fingerprint;
pub mod frame;
pub mod header;
#[cfg(not(target_arch = "bpf"))]
pub mod item;
pub mod lane;
pub mod layers;
pub mod member;
pub mod record;

#[cfg(not(target_arch = "bpf"))]
mod object {
    /// Puts the object at an address that its ELF headers may be read from in place.
    #[repr(C, align(64))]
    struct Aligned<T: ?Sized>(T);

    static ALIGNED: &Aligned<[u8]> = &Aligned(*include_bytes!("../object/droprec.bpf.o"));

    /// The compiled BPF object, for a little-endian machine of any architecture. `rebuild` makes it from this source.
    pub static OBJECT: &[u8] = &ALIGNED.0;
}

#[cfg(not(target_arch = "bpf"))]
pub use object::OBJECT;
