//! Translates what libpcap makes of an expression, classic BPF, for the kernel half.
//!
//! The meaning is that of `pcap_offline_filter` (`bpf_filter.c` of libpcap 1.10), where only the beginning of a frame may be at
//! hand: a load beyond the frame answers no, one of bytes that are in the frame and not at hand "unknown".

use std::collections::BTreeSet;

use droprec_ebpf::{
    expression::{ANSWER, FRAME, LEN, MEMORY, THERE, WORDS},
    record::MAX_CAPTURE,
};
use libc::{
    BPF_A, BPF_ABS, BPF_ADD, BPF_ALU, BPF_AND, BPF_B, BPF_DIV, BPF_H, BPF_IMM, BPF_IND, BPF_JA,
    BPF_JEQ, BPF_JGE, BPF_JGT, BPF_JMP, BPF_JSET, BPF_K, BPF_LD, BPF_LDX, BPF_LEN, BPF_LSH,
    BPF_MEM, BPF_MISC, BPF_MOD, BPF_MSH, BPF_MUL, BPF_NEG, BPF_OR, BPF_RET, BPF_RSH, BPF_ST,
    BPF_STX, BPF_SUB, BPF_TAX, BPF_TXA, BPF_W, BPF_X, BPF_XOR,
};
use thiserror::Error;

use super::assembler::{
    Assembler, BPF_JLE, BPF_JLT, BPF_JNE, BPF_MOV, END,
    Operand::{self, Number, Register},
    Target,
};

/// An instruction of classic BPF (`struct bpf_insn`, pcap/bpf.h).
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classic {
    /// What it does.
    pub code: u16,
    /// How many instructions it steps over where its condition holds.
    pub jt: u8,
    /// And where it does not.
    pub jf: u8,
    /// Its operand.
    pub k: u32,
}

/// A program for the kernel half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// In the machine's byte order, as many as the slot has.
    pub instructions: Vec<u64>,
    /// The most bytes of a frame that it may ask for, at least 1.
    pub needs: u32,
}

/// Why there is no program for the kernel half.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Obstacle {
    /// The program is longer than the slot.
    #[error("the kernel takes no program so long")]
    Length,
    /// It jumps backwards, as `protochain` does.
    #[error("the kernel takes no program with loops")]
    Loop,
    /// It looks at what is farther back than the kernel half ever has at hand.
    #[error("in the kernel, no more than the first {MAX_CAPTURE} bytes of a frame are at hand")]
    Distance,
    /// It does something else that the kernel half cannot.
    #[error("the kernel has nothing for one of its instructions")]
    Instruction,
}
use Obstacle::{Distance, Instruction, Length, Loop};

/// Classic BPF's two registers.
const A: u8 = ANSWER;
const X: u8 = 6;
/// Where in the frame something is loaded from.
const PLACE: u8 = 7;

/// The most that `4*([k]&0xf)` gives.
const MOST_NIBBLES: u32 = 4 * 0xf;

/// What libpcap has made, for the kernel half, if that can run it.
pub fn translate(program: &[Classic]) -> Result<Translation, Obstacle> {
    let mut translator = Translator {
        program: Assembler::default(),
        needs: 1,
    };
    let mut known = vec![None; program.len()];
    *known.first_mut().ok_or(Instruction)? = Some(Known { there: 0, index: 0 });
    for register in [A, X] {
        translator.program.calculate(BPF_MOV, register, Number(0));
    }
    // libpcap loads words that it has not stored, and they hold what the frame before has left.
    for number in loaded(program) {
        translator.program.store(MEMORY, word(number)?, A);
    }
    // Never; but to what answers, too, something has to lead.
    translator
        .program
        .jump_if_wide(BPF_JNE, A, Number(0), Target::Missing);
    for (at, instruction) in program.iter().enumerate() {
        translator.program.begin();
        // To what nothing leads, nothing needs to.
        let Some(mut here) = known[at] else { continue };
        for next in translator.instruction(at, *instruction, &mut here)? {
            // A jump backwards is one by nearly as far as a number reaches.
            let there = known.get_mut(next).ok_or(Loop)?;
            *there = Some(here.or(*there));
        }
    }
    Ok(Translation {
        instructions: translator.program.finish().ok_or(Length)?,
        needs: translator.needs.min(MAX_CAPTURE),
    })
}

/// The words of the memory that a program loads.
fn loaded(program: &[Classic]) -> BTreeSet<u32> {
    let loads = program.iter().filter(|this| {
        let code = u32::from(this.code);
        matches!(code & 0x07, BPF_LD | BPF_LDX) && code & 0xe0 == BPF_MEM
    });
    loads.map(|this| this.k).collect()
}

/// What holds where an instruction begins, whichever way leads there.
#[derive(Clone, Copy)]
struct Known {
    /// Bytes of the frame that are at hand, at least.
    there: u32,
    /// X, at most.
    index: u32,
}

impl Known {
    fn or(self, other: Option<Self>) -> Self {
        other.map_or(self, |other| Self {
            there: self.there.min(other.there),
            index: self.index.max(other.index),
        })
    }
}

struct Translator {
    program: Assembler,
    needs: u32,
}

impl Translator {
    /// Translates one instruction; tells which may come after it.
    fn instruction(
        &mut self,
        at: usize,
        this: Classic,
        known: &mut Known,
    ) -> Result<Vec<usize>, Obstacle> {
        let Classic { code, jt, jf, k } = this;
        let code = u32::from(code);
        let (mode, size, operation) = (code & 0xe0, code & 0x18, code & 0xf0);
        let operand = if code & BPF_X == 0 {
            Number(k)
        } else {
            Register(X)
        };
        let program = &mut self.program;
        match code & 0x07 {
            BPF_LD => match mode {
                BPF_ABS => self.load(size, A, k, known)?,
                BPF_IND => self.load_indirect(size, k, *known)?,
                _ => self.load_word(mode, size, A, k)?,
            },
            BPF_LDX if (mode, size) == (BPF_MSH, BPF_B) => {
                self.load(BPF_B, X, k, known)?;
                self.program.calculate(BPF_AND, X, Number(0xf));
                self.program.calculate(BPF_LSH, X, Number(2));
                known.index = MOST_NIBBLES;
            }
            BPF_LDX => {
                self.load_word(mode, size, X, k)?;
                known.index = if mode == BPF_IMM { k } else { u32::MAX };
            }
            BPF_ST if code == BPF_ST => program.store(MEMORY, word(k)?, A),
            BPF_STX if code == BPF_STX => program.store(MEMORY, word(k)?, X),
            BPF_ALU => self.calculate(operation, operand)?,
            BPF_MISC if code == BPF_MISC | BPF_TAX => {
                program.calculate(BPF_MOV, X, Register(A));
                known.index = u32::MAX;
            }
            BPF_MISC if code == BPF_MISC | BPF_TXA => program.calculate(BPF_MOV, A, Register(X)),
            BPF_JMP if operation == BPF_JA => {
                let target = at.saturating_add(1).saturating_add(k as usize);
                program.jump(Target::Classic(target));
                return Ok(vec![target]);
            }
            BPF_JMP => {
                let [yes, no] = [jt, jf].map(|skipped| at + 1 + usize::from(skipped));
                self.branch(operation, operand, [yes, no], at + 1)?;
                return Ok(vec![yes, no]);
            }
            BPF_RET => {
                match code & 0x18 {
                    BPF_A => {
                        program.jump_if(BPF_JNE, A, Number(0), Target::Yes);
                        program.jump(Target::No);
                    }
                    BPF_K => program.jump(if k == 0 { Target::No } else { Target::Yes }),
                    _ => return Err(Instruction),
                }
                return Ok(vec![]);
            }
            _ => return Err(Instruction),
        }
        Ok(vec![at + 1])
    }

    /// Loads from the frame at a fixed place.
    fn load(&mut self, size: u32, to: u8, place: u32, known: &mut Known) -> Result<(), Obstacle> {
        let end = place.saturating_add(bytes(size)?);
        if end > MAX_CAPTURE {
            return Err(Distance);
        }
        self.needs = self.needs.max(end);
        if known.there < end {
            self.program.calculate(BPF_MOV, END, Number(end));
            let is_missing = Target::Missing;
            self.program
                .jump_if_wide(BPF_JGT, END, Register(THERE), is_missing);
            known.there = end;
        }
        self.program.load(size, to, FRAME, place as i16);
        self.turn(size, to);
        Ok(())
    }

    /// Loads from the frame, X bytes behind a place.
    fn load_indirect(&mut self, size: u32, place: u32, known: Known) -> Result<(), Obstacle> {
        let bytes = bytes(size)?;
        let program = &mut self.program;
        if place > MAX_CAPTURE {
            return Err(Distance);
        }
        self.needs = self.needs.max(known.index.saturating_add(place + bytes));
        program.calculate_wide(BPF_MOV, PLACE, Register(X));
        program.calculate_wide(BPF_ADD, PLACE, Number(place));
        program.calculate_wide(BPF_MOV, END, Register(PLACE));
        program.calculate_wide(BPF_ADD, END, Number(bytes));
        program.jump_if_wide(BPF_JGT, END, Register(THERE), Target::Missing);
        // It is not so far when the end is at hand, but the verifier wants a number.
        program.jump_if_wide(BPF_JGT, PLACE, Number(MAX_CAPTURE - bytes), Target::Unknown);
        program.calculate_wide(BPF_ADD, PLACE, Register(FRAME));
        program.load(size, A, PLACE, 0);
        self.turn(size, A);
        Ok(())
    }

    fn turn(&mut self, size: u32, register: u8) {
        match size {
            BPF_W => self.program.turn(register, 32),
            BPF_H => self.program.turn(register, 16),
            _ => {}
        }
    }

    /// Loads what is not in the frame.
    fn load_word(&mut self, mode: u32, size: u32, to: u8, k: u32) -> Result<(), Obstacle> {
        match (mode, size) {
            (BPF_IMM, BPF_W) => self.program.calculate(BPF_MOV, to, Number(k)),
            (BPF_LEN, BPF_W) => self.program.calculate(BPF_MOV, to, Register(LEN)),
            (BPF_MEM, BPF_W) => self.program.load(BPF_W, to, MEMORY, word(k)?),
            _ => return Err(Instruction),
        }
        Ok(())
    }

    fn calculate(&mut self, operation: u32, operand: Operand) -> Result<(), Obstacle> {
        let program = &mut self.program;
        match (operation, operand) {
            (BPF_NEG, _) => {
                program.calculate(BPF_NEG, A, Number(0));
                return Ok(());
            }
            (BPF_ADD | BPF_SUB | BPF_MUL | BPF_OR | BPF_AND | BPF_XOR, _) => {}
            (BPF_DIV | BPF_MOD, Number(divisor)) if divisor != 0 => {}
            (BPF_DIV | BPF_MOD, Register(_)) => program.jump_if(BPF_JEQ, X, Number(0), Target::No),
            (BPF_LSH | BPF_RSH, Number(bits)) if bits < u32::BITS => {}
            (BPF_LSH | BPF_RSH, Register(_)) => {
                // All bits are shifted out; the shift by no bits then leaves none.
                program.skip_if(BPF_JLT, X, Number(u32::BITS), 1);
                program.calculate(BPF_MOV, A, Number(0));
            }
            _ => return Err(Instruction),
        }
        program.calculate(operation, A, operand);
        Ok(())
    }

    /// Goes on at one of two instructions, of which `next` needs no jump.
    fn branch(
        &mut self,
        condition: u32,
        operand: Operand,
        [yes, no]: [usize; 2],
        next: usize,
    ) -> Result<(), Obstacle> {
        let opposite = match condition {
            BPF_JEQ => Some(BPF_JNE),
            BPF_JGT => Some(BPF_JLE),
            BPF_JGE => Some(BPF_JLT),
            BPF_JSET => None,
            _ => return Err(Instruction),
        };
        let program = &mut self.program;
        match opposite {
            Some(opposite) if yes == next => {
                program.jump_if(opposite, A, operand, Target::Classic(no));
            }
            _ => {
                program.jump_if(condition, A, operand, Target::Classic(yes));
                if no != next {
                    program.jump(Target::Classic(no));
                }
            }
        }
        Ok(())
    }
}

/// Bytes of a load.
fn bytes(size: u32) -> Result<u32, Obstacle> {
    match size {
        BPF_W => Ok(4),
        BPF_H => Ok(2),
        BPF_B => Ok(1),
        _ => Err(Instruction),
    }
}

/// Where a word of the memory is.
fn word(number: u32) -> Result<i16, Obstacle> {
    if (number as usize) < WORDS {
        Ok(4 * number as i16)
    } else {
        Err(Instruction)
    }
}
