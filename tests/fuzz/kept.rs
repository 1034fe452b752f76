//! What the fuzz targets demand holds of the corpus that is kept.

use std::{fs, path::Path};

mod checks {
    pub(crate) mod btf;
    pub(crate) mod identify;
    pub(crate) mod logfmt;
    pub(crate) mod pcapng;
    pub(crate) mod record;
    pub(crate) mod symbols;
}

/// Demands it of each input, a line in hexadecimal; the last one that is told is the one that fails.
fn holds(target: &str, check: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/corpus");
    let inputs = fs::read_to_string(corpus.join(target)).expect("it is kept");
    assert!(!inputs.is_empty(), "nothing is kept");
    for input in inputs.lines() {
        println!("{input}");
        let octets = input.as_bytes().chunks(2).map(|digits| {
            let digits = str::from_utf8(digits).expect("hexadecimal");
            u8::from_str_radix(digits, 16).expect("hexadecimal")
        });
        check(&octets.collect::<Vec<u8>>());
    }
}

#[test]
fn any_octets_are_read_as_btf() {
    holds("btf", checks::btf::check);
}

#[test]
fn any_octets_are_named_as_a_frame() {
    holds("identify", checks::identify::check);
}

#[test]
fn any_text_is_read_as_logfmt() {
    holds("logfmt", checks::logfmt::check);
}

#[test]
fn any_octets_are_read_as_a_capture() {
    holds("pcapng", checks::pcapng::check);
}

#[test]
fn any_octets_are_read_as_a_record() {
    holds("record", checks::record::check);
}

#[test]
fn any_octets_are_read_as_symbols() {
    holds("symbols", checks::symbols::check);
}
