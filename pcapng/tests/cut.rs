//! A stream that ends too early.

use droprec_pcapng::{
    blocks,
    read::{Fault, Reader},
};

use super::recording::recording;

#[test]
fn wherever_a_file_is_cut_all_blocks_before_are_read_and_the_cut_is_told() {
    let (file, ends) = recording();
    for cut in 0..=file.len() {
        let mut reader = Reader::strict(&file[..cut]);
        for _ in ends.iter().filter(|end| **end <= cut) {
            assert!(reader.next_block().expect("the block is whole").is_some());
        }
        let good = ends.iter().rfind(|end| **end <= cut).copied().unwrap_or(0);
        assert_eq!(reader.offset(), good as u64);

        match reader.next_block() {
            Ok(None) => assert!(cut == good && cut > 0),
            Ok(Some(block)) => panic!("cut at {cut}: {block:?} is not whole"),
            Err(error) => {
                assert_eq!(error.offset, good as u64);
                let Fault::Cut { needed, had } = error.fault else {
                    panic!("cut at {cut}: {error}");
                };
                assert_eq!(had as usize, cut - good);
                assert!(needed > had);
            }
        }
        assert!(
            reader
                .next_block()
                .expect("the error was told once")
                .is_none()
        );
    }
}

#[test]
fn the_walk_in_memory_finds_the_same_blocks_as_the_reader() {
    let (file, ends) = recording();
    assert_eq!(
        blocks(&file).map(|span| span.bytes.end).collect::<Vec<_>>(),
        ends
    );
    let interfaces: Vec<_> = blocks(&file).filter_map(|span| span.interface).collect();
    assert_eq!(interfaces, [1, 0, 2]);
}
