//! Tables on a terminal, each in the place of the one before.

use droprec_testbed::{Droprec, Pair, Terminal, frame::Origin, until};

use super::spawn;

/// Demands that a picture fits a terminal without scrolling it.
fn must_fit(picture: &[String], columns: usize, rows: usize) {
    let of = |line: &String| line.chars().count().div_ceil(columns).max(1);
    let taken: usize = picture.iter().map(of).sum();
    assert!(taken < rows, "it scrolls: {picture:#?}");
}

/// The first picture from `first` on that has this text, once it is whole.
fn picture(terminal: &Terminal, first: usize, text: &str) -> (usize, Vec<String>) {
    let found = until(|| {
        let pictures = terminal.pictures();
        // The last one may be on its way.
        let whole = &pictures[..pictures.len() - 1];
        let mut found = whole.iter().enumerate().skip(first);
        let found = found.find(|(_, picture)| picture.join(" ").contains(text));
        found.map(|(index, picture)| (index, picture.clone()))
    });
    found.unwrap_or_else(|| panic!("no picture has {text:?}: {:#?}", terminal.pictures()))
}

fn counting(pair: &Pair, columns: u16, rows: u16) -> (Terminal, Droprec) {
    let (terminal, stdout) = Terminal::new(columns, rows);
    let droprec = spawn(&["--interval", "100ms", "-i", &pair.label()], stdout);
    (terminal, droprec)
}

#[test]
fn each_table_takes_the_place_of_the_one_before_and_the_last_one_stays() {
    for (columns, rows) in [(80, 24), (40, 12)] {
        let (pair, origin) = (Pair::new(), Origin::new());
        let (terminal, droprec) = counting(&pair, columns, rows);
        pair.frames().send_all(&origin.unhandled(17));
        let (first, with_drops) = picture(&terminal, 1, "; 17 in all");
        let all = with_drops.join("\n");
        assert!(all.contains(" 17 ") && all.contains(&pair.label()), "{all}");
        // A kind stays when there is nothing new of it.
        let (_, later) = picture(&terminal, first + 1, " 0 drops in 0.1 s");
        assert!(later.join("\n").contains(&pair.label()), "{later:#?}");
        pair.frames().send_all(&origin.unhandled(5));
        let ended = droprec.stop().succeeded();
        let pictures = terminal.to_end();
        for picture in &pictures[1..] {
            must_fit(picture, columns.into(), rows.into());
        }
        let last = pictures.last().expect("there is one").join(" ");
        assert!(
            last.contains("22 in") && last.contains(&pair.label()),
            "{last}"
        );
        // What was on the screen before is pushed up, and not overwritten.
        assert_eq!(pictures[0].len(), usize::from(rows), "{:?}", pictures[0]);
        assert_eq!(ended.accounting().written, 22);
    }
}

#[test]
fn a_terminal_that_shrinks_has_a_table_that_fits() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let (terminal, droprec) = counting(&pair, 200, 50);
    pair.frames().send_all(&origin.unhandled(17));
    let (wide, picture_before) = picture(&terminal, 1, "; 17 in all");
    let row = |line: &&String| line.contains(&pair.label());
    let row = picture_before.iter().find(row).expect("a row");
    assert!(row.contains("+0x"), "all in a line: {row}");
    terminal.resize(40, 10);
    let before = terminal.pictures().len();
    let (_, narrow) = picture(&terminal, before.max(wide) + 1, "17 in all");
    must_fit(&narrow, 40, 10);
    let _ = droprec.stop().succeeded();
}
