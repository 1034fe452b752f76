//! Translations, held against libpcap's own word: on frames of which all is at hand, or only a part.

mod frames;

use droprec_ebpf::expression::{
    ANSWER, CAPLEN, FRAME, LEN, MEMORY, NO, SLOT, THERE, UNKNOWN, WORDS, YES,
};
use rbpf::{EbpfVmMbuff, assembler::assemble};

use self::frames::{Random, frame};
use super::{
    Expression,
    libpcap::{Libpcap, Program},
    translation::{Classic, Obstacle, translate},
};

/// A program for the slot, run by a machine that refuses to read what is not there.
struct Machine<'a>(EbpfVmMbuff<'a>);

impl Machine<'_> {
    /// What it says to a frame of which these bytes are at hand.
    fn answer(&self, there: &[u8], caplen: usize, len: u32) -> u32 {
        let registers = [
            there.as_ptr() as u64,
            there.len() as u64,
            caplen as u64,
            len.into(),
        ];
        let registers: Vec<u8> = registers.iter().flat_map(|one| one.to_ne_bytes()).collect();
        let answer = self.0.execute_program(there, &registers);
        answer.expect("it reads only what is there") as u32
    }
}

/// The instructions, with what sets their registers before them, and an end behind them.
fn runnable(instructions: &[u64]) -> Vec<u8> {
    assert_eq!((FRAME, ANSWER), (1, 0));
    let before = format!(
        "ldxdw r{THERE}, [r1+8]\nldxdw r{CAPLEN}, [r1+16]\nldxdw r{LEN}, [r1+24]\n\
         mov r{MEMORY}, r10\nsub r{MEMORY}, {}\nldxdw r1, [r1]",
        4 * WORDS
    );
    let mut program = assemble(&before).expect("they are instructions");
    program.extend(instructions.iter().flat_map(|one| one.to_ne_bytes()));
    program.extend(assemble("exit").expect("it is an instruction"));
    program
}

/// Holds the translation of a program against libpcap's word on one frame: with all of it at hand, and with less. Tells
/// whether that was yes, as a number.
fn hold(
    what: &str,
    program: &Program,
    machine: &Machine<'_>,
    needs: u32,
    random: &mut Random,
) -> u32 {
    let frame = frame(random);
    let len = (frame.len() + random.one_of(&[0, 0, 0, 1, 1400])) as u32;
    let cut = random.below(frame.len() + 1);
    let caplen = random.one_of(&[frame.len(), frame.len(), cut]);
    let frame = &frame[..caplen];
    let word = if program.selects(frame, len) { YES } else { NO };
    let told = || format!("{what}: {frame:02x?} of {len}");
    assert_eq!(machine.answer(frame, caplen, len), word, "{}", told());
    let there = random.below(caplen + 1);
    let answer = machine.answer(&frame[..there], caplen, len);
    if answer != UNKNOWN || there >= needs as usize {
        assert_eq!(answer, word, "{} of which {there} are there", told());
    }
    word
}

/// What an expression may be made of.
const PARTS: &[&str] = &[
    "ip",
    "ip6",
    "arp",
    "rarp",
    "tcp",
    "udp",
    "sctp",
    "icmp",
    "icmp6",
    "igmp",
    "stp",
    "llc",
    "iso",
    "clnp",
    "ipx",
    "host 10.0.0.1",
    "src host 10.0.0.2",
    "dst net 10.0.0.0/8",
    "net 192.0.2.0 mask 255.255.255.0",
    "ip6 host fe80::1",
    "ip6 src net fe80::/10",
    "port 53",
    "tcp port 80",
    "udp dst port 443",
    "tcp src port 80",
    "portrange 50-100",
    "tcp portrange 79-80",
    "ether host 02:00:00:00:00:01",
    "ether dst ff:ff:ff:ff:ff:ff",
    "ether broadcast",
    "ether multicast",
    "ip broadcast",
    "ip multicast",
    "ip6 multicast",
    "broadcast",
    "multicast",
    "less 60",
    "greater 70",
    "len = 74",
    "ip proto 6",
    "ip proto 47",
    "ip6 proto 44",
    "proto 17",
    "ether proto 0x88b5",
    "ether proto 0x8847",
    "ip[8] = 64",
    "ip[6:2] & 0x1fff != 0",
    "ip[2:2] > 50",
    "ip[0] & 0xf > 5",
    "tcp[tcpflags] & tcp-syn != 0",
    "tcp[13] = 0x12",
    "tcp[((tcp[12:1] & 0xf0) >> 2):4] > 0x40000000",
    "udp[4:2] < 100",
    "icmp[icmptype] = icmp-echo",
    "ip6[6] = 6",
    "ip6[40] = 17",
    "ether[12:2] > 0x600",
    "ether[14] & 1 = 1",
    "ip[0] * ip[1] + ip[2] - ip[3] > 3",
    "ip[9] / ip[8] = 0",
    "ip[16] % ip[1] = 0",
    "ip[12] << ip[9] > 100",
    "ip[12] >> ip[8] = 0",
    "ip[16:4] ^ ip[12:4] = 3",
    "ip[19] | ip[15] = 3",
    "ether[len - 1] > 128",
    "-ip[8] > 100",
    "ip[ip[9]] = 0",
    "ip[0] & 0xf << 2 = 20",
    "1 = 1",
    "len > 60 and len < 200",
];

/// What changes where all behind it is looked for.
const LAYERS: &[&str] = &[
    "vlan",
    "vlan 7",
    "mpls",
    "mpls 1000",
    "pppoes",
    "vlan and vlan 8",
    "geneve",
];

/// An expression of so many parts.
fn expression(random: &mut Random, parts: usize) -> String {
    let mut text = String::new();
    for number in 0..parts {
        if number > 0 {
            text += random.one_of(&[" and ", " or ", " and not ", ") or (", ") and ("]);
        }
        if random.below(8) == 0 {
            text = format!("{text}{} and ", random.one_of(LAYERS));
        }
        text += random.one_of(PARTS);
    }
    format!("({text})")
}

/// A program that nobody has meant, but that does all that one may.
fn nonsense(random: &mut Random) -> Vec<Classic> {
    let loads = [0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0xb1];
    let others = [
        0x00, 0x01, 0x80, 0x81, 0x60, 0x61, 0x02, 0x03, 0x07, 0x87, 0x84,
    ];
    let sums = [0x04, 0x14, 0x24, 0x34, 0x44, 0x54, 0x64, 0x74, 0x94, 0xa4];
    let jumps = [0x05, 0x15, 0x25, 0x35, 0x45];
    let len = 2 + random.below(40);
    // What was never stored is nobody's to load.
    let stores = (0..WORDS as u32).map(|k| Classic {
        code: 0x02,
        jt: 0,
        jf: 0,
        k,
    });
    let mut program: Vec<Classic> = stores.collect();
    for at in 0..len {
        let left = len - at;
        let from_index = random.one_of(&[0, 0x08]);
        let (code, k) = match random.below(8) {
            0..3 => (random.one_of(&loads), random.below(80) as u32),
            3 => {
                let code = random.one_of(&others);
                let is_memory = matches!(code, 0x60 | 0x61 | 0x02 | 0x03);
                (
                    code,
                    if is_memory {
                        random.below(WORDS) as u32
                    } else {
                        random.next() as u32 >> 20
                    },
                )
            }
            4..6 => {
                let number = random.one_of(&[1, 2, 3, 31, 255, 0xffff_ffff]);
                let code = random.one_of(&sums);
                let is_shift = matches!(code, 0x64 | 0x74);
                (
                    code | from_index,
                    if is_shift { number & 31 } else { number },
                )
            }
            _ => {
                let number = random.one_of(&[0, 1, 6, 64, 0x800, 0x8000_0000, 0xffff_ffff]);
                let code = random.one_of(&jumps);
                (
                    code | if code == 0x05 { 0 } else { from_index },
                    if code == 0x05 {
                        random.below(left) as u32
                    } else {
                        number
                    },
                )
            }
        };
        let [jt, jf] = [(); 2].map(|()| random.below(left) as u8);
        program.push(Classic { code, jt, jf, k });
    }
    let code = random.one_of(&[0x06, 0x16]);
    program.push(Classic {
        code,
        jt: 0,
        jf: 0,
        k: random.one_of(&[0, 1, 262_144]),
    });
    program
}

#[test]
fn the_kernel_half_selects_what_libpcap_selects() {
    let libpcap = Libpcap::load().expect("it is installed");
    let mut random = Random(1);
    let parts = PARTS.iter().map(|part| (*part).to_owned());
    let single: Vec<String> = parts
        .clone()
        .chain(parts.map(|part| format!("not ({part})")))
        .collect();
    let mixed: Vec<String> = (0..400)
        .map(|number| expression(&mut random, 1 + number % 5))
        .collect();
    let (mut held, mut selected) = (0, 0);
    for text in single.iter().chain(&mixed) {
        let Ok(program) = libpcap.compile(text, 1) else {
            // It rejects all packets, or has no place for a layer.
            continue;
        };
        let translation = translate(program.instructions());
        let translation = translation.unwrap_or_else(|why| panic!("{text}: {why}"));
        let bytes = runnable(&translation.instructions);
        let machine = Machine(EbpfVmMbuff::new(Some(&bytes)).expect(text));
        for _ in 0..200 {
            selected += hold(text, &program, &machine, translation.needs, &mut random);
            held += 1;
        }
    }
    assert!(
        held > 80_000 && selected > held / 10 && selected < held * 9 / 10,
        "{selected} of {held}"
    );
}

#[test]
fn whatever_classic_bpf_can_do_is_done_alike() {
    let libpcap = Libpcap::load().expect("it is installed");
    let mut random = Random(2);
    let (mut held, mut selected) = (0, 0);
    while held < 50_000 {
        let classic = nonsense(&mut random);
        let Ok(translation) = translate(&classic) else {
            panic!("no translation: {classic:x?}");
        };
        let program = libpcap.program(&classic);
        let bytes = runnable(&translation.instructions);
        let machine = Machine(EbpfVmMbuff::new(Some(&bytes)).expect("it is a program"));
        let what = format!("{classic:x?}");
        for _ in 0..100 {
            selected += hold(&what, &program, &machine, translation.needs, &mut random);
            held += 1;
        }
    }
    assert!(
        selected > held / 10 && selected < held * 9 / 10,
        "{selected} of {held}"
    );
}

#[test]
fn what_was_never_stored_is_zero_whatever_the_frame_before_has_left() {
    let [store, load, answer] = [(0x02, 0), (0x60, 3), (0x16, 0)].map(|(code, k)| Classic {
        code,
        jt: 0,
        jf: 0,
        k,
    });
    let len = Classic {
        code: 0x80,
        ..answer
    };
    // Each word is stored, in a program that does nothing else.
    let stores = (0..WORDS as u32).map(|k| Classic { k, ..store });
    let dirty: Vec<Classic> = std::iter::once(len).chain(stores).collect();
    let [first, second] = [
        translate(&[&dirty[..], &[answer]].concat()),
        translate(&[load, answer]),
    ]
    .map(|translation| translation.expect("it has a translation").instructions);
    // One after the other, with the same memory.
    let mut program = runnable(&first);
    let exit = program.len() - 8;
    program.truncate(exit);
    program.extend(second.iter().flat_map(|one| one.to_ne_bytes()));
    program.extend(assemble("exit").expect("it is an instruction"));
    let machine = Machine(EbpfVmMbuff::new(Some(&program)).expect("it is a program"));
    assert_eq!(machine.answer(&[0; 60], 60, 60), NO);
}

#[test]
fn what_the_kernel_half_cannot_do_has_no_translation_and_it_is_told_why() {
    let libpcap = Libpcap::load().expect("it is installed");
    for (text, obstacle) in [
        ("ip6 protochain 6", Obstacle::Loop),
        ("ether[16384] = 1", Obstacle::Distance),
        ("ip[16384] = 1", Obstacle::Distance),
        ("ip[65535] = 0", Obstacle::Distance),
        ("tcp[16385] = 0", Obstacle::Distance),
    ] {
        let program = libpcap.compile(text, 1).expect(text);
        let translation = translate(program.instructions());
        assert_eq!(translation, Err(obstacle), "{text}");
    }
    let [load, answer] = [0x00, 0x16].map(|code| Classic {
        code,
        jt: 0,
        jf: 0,
        k: 1,
    });
    let of = |loads| translate(&[vec![load; loads], vec![answer]].concat());
    // Besides, there are three instructions before, and two and seven to answer with.
    assert!(of(SLOT - 12).is_ok());
    assert_eq!(of(SLOT - 11), Err(Obstacle::Length));
}

#[test]
fn no_more_of_a_frame_is_needed_than_an_expression_looks_at() {
    for (text, needs) in [
        ("arp", 14),
        ("greater 100", 1),
        ("ip host 10.0.0.1", 34),
        ("tcp port 80", 14 + 60 + 4),
        ("ether[100:4] = 1", 104),
        ("tcp[((tcp[12:1] & 0xf0) >> 2):4] = 1", 16_384),
    ] {
        let expression = Expression::compile(text, &[1]).expect(text);
        let translation = expression.translated(1).expect(text);
        assert_eq!(translation.needs, needs, "{text}");
    }
}
