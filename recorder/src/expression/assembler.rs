//! Writes a program of extended BPF for the slot: arithmetic on 32 bits, loads and stores, and jumps forwards.
//!
//! The instructions are as Documentation/bpf/standardization/instruction-set.rst of Linux has them.

use droprec_ebpf::expression::{ANSWER, CAPLEN, NO, PLACEHOLDER, SLOT, UNKNOWN, YES};
use libc::{
    BPF_ALU, BPF_JA, BPF_JEQ, BPF_JGT, BPF_JMP, BPF_K, BPF_LDX, BPF_MEM, BPF_STX, BPF_W, BPF_X,
};

/// What classic BPF does not have (`include/uapi/linux/bpf.h`).
pub(super) const BPF_JNE: u32 = 0x50;
pub(super) const BPF_JLT: u32 = 0xa0;
pub(super) const BPF_JLE: u32 = 0xb0;
pub(super) const BPF_MOV: u32 = 0xb0;
const BPF_END: u32 = 0xd0;
/// Conditions on 32 bits, and arithmetic on 64.
const BPF_JMP32: u32 = 0x06;
const BPF_ALU64: u32 = 0x07;
/// To the byte order of the network.
const BPF_TO_BE: u32 = 0x08;

/// The register of the end of what is to be loaded, in bytes of the frame.
pub(super) const END: u8 = 8;

/// What an instruction works with besides its register.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operand {
    Number(u32),
    Register(u8),
}
use Operand::{Number, Register};

/// Where a jump goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// To the code of this instruction of the classic program.
    Classic(usize),
    /// To the answer for a byte that is not there.
    Missing,
    No,
    Yes,
    Unknown,
}

/// A program while it is being written.
#[derive(Default)]
pub(super) struct Assembler {
    out: Vec<u64>,
    /// Jumps that do not know yet how far.
    open: Vec<(usize, Target)>,
    /// Where the code of each instruction of the classic program begins.
    classic: Vec<usize>,
}

impl Assembler {
    fn put(&mut self, code: u32, to: u8, from: u8, offset: i16, number: u32) {
        let mut bytes = [0; 8];
        bytes[0] = code as u8;
        bytes[1] = from << 4 | to;
        bytes[2..4].copy_from_slice(&offset.to_ne_bytes());
        bytes[4..].copy_from_slice(&number.to_ne_bytes());
        self.out.push(u64::from_ne_bytes(bytes));
    }

    fn put_with(&mut self, code: u32, to: u8, operand: Operand, offset: i16) {
        match operand {
            Number(number) => self.put(code | BPF_K, to, 0, offset, number),
            Register(from) => self.put(code | BPF_X, to, from, offset, 0),
        }
    }

    /// The code of the classic program's next instruction begins.
    pub(super) fn begin(&mut self) {
        self.classic.push(self.out.len());
    }

    /// Calculates on 32 bits; the upper half becomes zero.
    pub(super) fn calculate(&mut self, operation: u32, register: u8, operand: Operand) {
        self.put_with(BPF_ALU | operation, register, operand, 0);
    }

    /// Calculates on 64 bits. A number is below 2^31.
    pub(super) fn calculate_wide(&mut self, operation: u32, register: u8, operand: Operand) {
        self.put_with(BPF_ALU64 | operation, register, operand, 0);
    }

    /// Loads a word, half or byte as it lies there. `size`: `BPF_W`, `BPF_H` or `BPF_B`.
    pub(super) fn load(&mut self, size: u32, to: u8, base: u8, offset: i16) {
        self.put(BPF_LDX | BPF_MEM | size, to, base, offset, 0);
    }

    /// Turns a word or half from the byte order of the network into the machine's.
    pub(super) fn turn(&mut self, register: u8, bits: u32) {
        self.put(BPF_ALU | BPF_END | BPF_TO_BE, register, 0, 0, bits);
    }

    /// Stores a word.
    pub(super) fn store(&mut self, base: u8, offset: i16, from: u8) {
        self.put(BPF_STX | BPF_MEM | BPF_W, base, from, offset, 0);
    }

    /// Jumps if a condition holds between two numbers of 32 bits.
    pub(super) fn jump_if(&mut self, condition: u32, left: u8, right: Operand, target: Target) {
        self.open.push((self.out.len(), target));
        self.put_with(BPF_JMP32 | condition, left, right, 0);
    }

    /// Jumps if a condition holds between two numbers of 64 bits.
    pub(super) fn jump_if_wide(
        &mut self,
        condition: u32,
        left: u8,
        right: Operand,
        target: Target,
    ) {
        self.open.push((self.out.len(), target));
        self.put_with(BPF_JMP | condition, left, right, 0);
    }

    /// Steps over so many instructions if a condition holds between two numbers of 32 bits.
    pub(super) fn skip_if(&mut self, condition: u32, left: u8, right: Operand, skipped: i16) {
        self.put_with(BPF_JMP32 | condition, left, right, skipped);
    }

    /// Jumps.
    pub(super) fn jump(&mut self, target: Target) {
        self.open.push((self.out.len(), target));
        self.put(BPF_JMP | BPF_JA, 0, 0, 0, 0);
    }

    /// The program, as long as the slot. `None`: there is not so much room.
    ///
    /// A verifier takes no instruction that nothing leads to. So it is by jumps on what is always true that the placeholders
    /// are left behind: it finds that out later, and then takes them away.
    pub(super) fn finish(mut self) -> Option<Vec<u64>> {
        let missing = self.out.len();
        self.jump_if_wide(BPF_JGT, END, Register(CAPLEN), Target::No);
        let mut answer = |answer| {
            let at = self.out.len();
            self.calculate_wide(BPF_MOV, ANSWER, Number(answer));
            let end = i16::try_from(SLOT.checked_sub(self.out.len() + 1)?).ok()?;
            self.put_with(BPF_JMP | BPF_JEQ, ANSWER, Number(answer), end);
            Some(at)
        };
        let unknown = answer(UNKNOWN)?;
        let no = answer(NO)?;
        let yes = answer(YES)?;
        for (at, target) in std::mem::take(&mut self.open) {
            let target = match target {
                Target::Classic(instruction) => *self.classic.get(instruction)?,
                Target::Missing => missing,
                Target::Unknown => unknown,
                Target::No => no,
                Target::Yes => yes,
            };
            let offset = i16::try_from(target.checked_sub(at + 1)?).ok()?;
            self.out[at] |= u64::from(offset.cast_unsigned()) << 16;
        }
        self.out.resize(SLOT, PLACEHOLDER);
        Some(self.out)
    }
}
