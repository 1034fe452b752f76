//! Compressed files: told by what is in them, in any number of pieces, and cut anywhere.

use std::fs;

use crate::{
    make::{File, Order},
    stage::{droprec, on_disk, read, read_bytes, through},
};

/// A capture of so many packets, each its own.
fn capture(count: u64) -> Vec<u8> {
    let mut file = File::with_interface(Order::Little, "eth0");
    for number in 0..count {
        file = file.udp(1_700_000_000_000_000_000 + number * 1_000_003, &[]);
    }
    file.bytes
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    through("zstd", &["-q", "-c"], bytes)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    through("gzip", &["-n", "-c"], bytes)
}

#[test]
fn zstd_and_gzip_are_undone_whatever_the_name_and_from_standard_input() {
    let plain = capture(1000);
    let expected = read_bytes(&plain, &[]).good();
    assert_eq!(expected.lines().count(), 1000);
    for compress in [zstd, gzip] {
        let compressed = compress(&plain);
        assert_eq!(read_bytes(&compressed, &[]).good(), expected);
        let directory = tempfile::tempdir().expect("there is room for one");
        for name in ["a.pcapng", "a.zst", "a.gz", "a"] {
            let path = directory.path().join(name);
            fs::write(&path, &compressed).expect("there is room for it");
            assert_eq!(read(&path, &[]).good(), expected, "{name}");
        }
    }
}

#[test]
fn a_file_in_several_pieces_each_compressed_by_itself_is_one() {
    let plain = capture(1000);
    let expected = read_bytes(&plain, &[]).good();
    let (first, second) = plain.split_at(plain.len() / 3);
    for compress in [zstd, gzip] {
        let pieces = [compress(first), compress(b""), compress(second)].concat();
        assert_eq!(read_bytes(&pieces, &[]).good(), expected);
    }
    // What zstd's seekable form and pzstd put between frames.
    let skipped = b"\x5A\x2A\x4D\x18\x03\0\0\0abc";
    let pieces = [skipped, &zstd(first)[..], skipped, &zstd(second), skipped].concat();
    assert_eq!(read_bytes(&pieces, &[]).good(), expected);
}

#[test]
fn zeros_behind_what_gzip_compressed_are_nothing_as_for_gzip() {
    let plain = capture(1000);
    let expected = read_bytes(&plain, &[]).good();
    for zeros in [1, 512, 1_000_000] {
        let padded = [gzip(&plain), vec![0; zeros]].concat();
        assert_eq!(through("gzip", &["-d", "-c"], &padded), plain);
        assert_eq!(read_bytes(&padded, &[]).good(), expected, "{zeros}");
    }
}

#[test]
fn a_window_as_large_as_zstd_makes_is_taken_or_the_remedy_is_told() {
    let plain = capture(1000);
    let expected = read_bytes(&plain, &[]).good();
    let long = through("zstd", &["-q", "-c", "--long=27"], &plain);
    assert_eq!(read_bytes(&long, &[]).good(), expected);
    let longer = through("zstd", &["-q", "-c", "--long=31"], &plain);
    let said = read_bytes(&longer, &[]);
    let remedy = "zstd -dc --long=31 FILE | droprec -r -";
    assert!(said.one_complaint().contains(remedy), "{said:?}");
}

#[test]
fn a_compressed_file_that_is_cut_gives_what_is_whole_and_says_where_it_ends() {
    let plain = capture(3000);
    let all = read_bytes(&plain, &[]).good();
    for compress in [zstd, gzip] {
        let compressed = compress(&plain);
        for percent in [1, 20, 50, 99] {
            let cut = &compressed[..compressed.len() * percent / 100];
            let said = read_bytes(cut, &[]);
            assert!(all.starts_with(&said.out), "{percent}");
            let complaint = said.one_complaint();
            assert!(
                complaint.contains("of what is compressed in it"),
                "{said:?}"
            );
            // As much as another program gets out of it.
            let lines = said.out.lines().count();
            let offset = complaint
                .split(' ')
                .find_map(|word| word.strip_suffix(':').unwrap_or(word).parse().ok());
            let whole = 28 + 40 + lines as u64 * 80;
            assert!(
                offset == Some(whole) || lines == 0,
                "{lines} lines: {complaint}"
            );
        }
    }
}

#[test]
fn a_flipped_bit_in_a_compressed_file_ends_it_with_one_message() {
    let plain = capture(1000);
    let all = read_bytes(&plain, &[]).good();
    for mut compressed in [
        through("zstd", &["-q", "-c", "--check"], &plain),
        gzip(&plain),
    ] {
        let at = compressed.len() / 2;
        compressed[at] ^= 0x10;
        let said = read_bytes(&compressed, &[]);
        said.one_complaint();
        let good = said.out.lines().zip(all.lines());
        assert!(good.take(100).all(|(had, expected)| had == expected));
    }
}

#[test]
fn what_is_compressed_otherwise_is_named_with_the_way_to_undo_it() {
    let plain = capture(1);
    for program in ["xz", "bzip2", "lz4"] {
        let compressed = through(program, &["-c"], &plain);
        let file = on_disk(&compressed);
        let said = read(file.path(), &[]);
        let complaint = said.one_complaint();
        let remedy = format!(
            "compressed with {program}: decompress it first: {program} -dc FILE | droprec -r -"
        );
        assert!(complaint.ends_with(&remedy), "{complaint}");
        let piped = through(program, &["-dc"], &compressed);
        assert_eq!(droprec(&["-r", "-"], &piped).good().lines().count(), 1);
    }
}

#[test]
fn nothing_compressed_is_an_empty_file() {
    for compress in [zstd, gzip] {
        let said = read_bytes(&compress(b""), &[]);
        assert_eq!(said.one_complaint(), "droprec: standard input is empty");
    }
}
