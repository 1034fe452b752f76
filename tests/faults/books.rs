//! What the books of several files must be.

use std::path::Path;

use droprec_testbed::{Accounting, Ended, run};

use crate::{stage::DROPREC, tally::Tally};

/// What `-r --summary` says of where a file's drops went.
fn books(file: &Path) -> Accounting {
    let path = file.to_str().expect("a path of letters and digits");
    Accounting::last_of(&run(DROPREC, &["-r", path, "--summary"]))
}

/// Demands that each file's books are its own, by interface too, and that together they are what the screen says.
pub(crate) fn must_add_up(ended: &Ended, files: &[&Path]) {
    let screen = ended.accounting();
    screen.must_balance();
    let mut sums = [0; 8];
    for file in files {
        let books = books(file);
        books.must_balance();
        let tally = Tally::of(file);
        assert_eq!(tally.packets, books.written, "{}", file.display());
        let blocks = [
            tally.sum(|counted| counted.received),
            tally.sum(|counted| counted.accepted),
            tally.sum(|counted| counted.delivered),
            tally.sum(|counted| counted.dropped),
        ];
        let accepted = books.written + books.limited + books.overwritten + books.lost;
        assert_eq!(
            blocks,
            [books.seen, accepted, books.written, books.lost],
            "received, accepted, delivered, dropped: {}",
            file.display()
        );
        assert!(tally.dropcounts <= books.lost, "{tally:?}");
        for (sum, of) in sums.iter_mut().zip(books.numbers()) {
            *sum += of;
        }
    }
    assert_eq!(
        sums,
        screen.numbers(),
        "all files, and the screen: {}",
        ended.stderr
    );
}

/// Demands that these follow each other without a gap.
pub(crate) fn must_be_contiguous(numbers: &[u32]) {
    let gap = numbers.windows(2).find(|pair| pair[1] != pair[0] + 1);
    assert_eq!(gap, None, "{} packets", numbers.len());
}
