//! Frames of all that expressions ask for, by chance, and the same in each run.

/// Numbers that are the same in each run (splitmix64).
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub(super) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    pub(super) fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }
}

/// A frame: addresses, tags and labels, and a packet of some protocol, all of which expressions ask for.
pub(super) fn frame(random: &mut Random) -> Vec<u8> {
    let mut frame = random
        .one_of(&[
            *b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02",
            *b"\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\x01",
            *b"\x01\x80\xc2\0\0\0\x02\0\0\0\0\x03",
        ])
        .to_vec();
    let mut put = |bytes: &[u8]| frame.extend_from_slice(bytes);
    for _ in 0..random.one_of(&[0, 0, 0, 1, 2]) {
        put(&random.one_of(&[*b"\x81\0\0\x07", *b"\x88\xa8\x20\x08", *b"\x91\0\0\0"]));
    }
    let packet = match random.below(10) {
        0..4 => {
            put(b"\x08\0");
            ipv4(random)
        }
        4..7 => {
            put(b"\x86\xdd");
            ipv6(random)
        }
        7 => {
            put(b"\x88\x47\0\x03\xe9\x40");
            ipv4(random)
        }
        8 => {
            put(b"\x88\x64\x11\0\0\x01\0\x30\0\x21");
            ipv4(random)
        }
        _ => {
            let begin: [&[u8]; 5] = [
                b"\x08\x06\0\x01\x08\0\x06\x04\0\x01",
                b"\0\x26\x42\x42\x03",
                b"\0\x26\xaa\xaa\x03\0\0\0\x08\0",
                b"\0\x10\xfe\xfe\x03\x81",
                b"\x88\xb5",
            ];
            put(random.one_of(&begin));
            random.bytes(40)
        }
    };
    frame.extend(packet);
    frame
}

fn address(random: &mut Random) -> [u8; 4] {
    random.one_of(&[
        [10, 0, 0, 1],
        [10, 0, 0, 2],
        [192, 0, 2, 7],
        [224, 0, 0, 1],
        [255; 4],
    ])
}

fn ipv4(random: &mut Random) -> Vec<u8> {
    let options = 4 * random.one_of(&[0, 0, 1, 10]);
    let fragment = random.one_of(&[0, 0, 0, 0x2000, 0x00b9_u16]);
    let protocol = random.one_of(&[1, 6, 6, 17, 17, 47, 58, 132]);
    let mut packet = vec![0x45 + (options / 4) as u8, 0, 0, 60, 0, 1];
    packet.extend(fragment.to_be_bytes());
    packet.extend([random.one_of(&[1, 64]), protocol, 0, 0]);
    packet.extend(address(random));
    packet.extend(address(random));
    packet.extend(random.bytes(options));
    packet.extend(transport(random));
    packet
}

fn ipv6(random: &mut Random) -> Vec<u8> {
    let next = random.one_of(&[6, 17, 58, 0, 43, 44, 60]);
    let mut packet = vec![0x60, 0, 0, 0, 0, 40, next, 64];
    for last in [random.one_of(&[1, 2]), 3] {
        packet.extend(*b"\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0");
        packet.push(last);
    }
    if matches!(next, 0 | 43 | 44 | 60) {
        packet.extend([random.one_of(&[6, 17]), 0, 0, 0, 0, 0, 0, 0]);
    }
    packet.extend(transport(random));
    packet
}

fn transport(random: &mut Random) -> Vec<u8> {
    let ports = [[0, 53], [0, 80], [0x01, 0xbb], [0x12, 0xb5], [0x17, 0xc1]];
    let mut packet = [random.one_of(&ports), random.one_of(&ports)].concat();
    packet.extend(random.bytes(8));
    packet.push(random.one_of(&[0x50, 0x80, 0xf0]));
    packet.push(random.one_of(&[0x02, 0x12, 0x10, 0x04]));
    packet.extend(random.bytes(30));
    packet
}
