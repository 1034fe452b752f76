//! The forms of the tables, and what of them is shown.

use std::{fs, io::pipe, process::Stdio};

use droprec_testbed::{Output, Pair, frame::Origin, until};
use serde_json::Value;

use super::{Tables, number, rows, spawn};
use crate::kinds;

/// A pair whose receiver drops 30 frames of one kind and 20 of another.
fn drop_two_kinds(pair: &Pair, origin: Origin) {
    pair.frames().send_all(&origin.unhandled(30));
    pair.frames().send_all(&kinds::udp(origin)[..20]);
}

/// The lines that a droprec with these arguments prints of them, by when there is a line with this.
fn printed(arguments: &[&str], last: &str) -> Vec<String> {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let (reader, writer) = pipe().expect("a pipe");
    let droprec = spawn(
        &[&["--interval", "200ms", "-i", &label], arguments].concat(),
        writer,
    );
    let output = Output::read(reader);
    drop_two_kinds(&pair, origin);
    // What is printed is there at once, and not at the end.
    until(|| output.text().contains(last).then_some(()));
    let text = output.text();
    let _ = droprec.stop().succeeded();
    text.lines()
        .map(|line| line.replace(&label, "LABEL"))
        .collect()
}

#[test]
fn each_line_of_a_pipe_tells_the_time_the_numbers_and_the_place() {
    let lines = printed(&[], " 50  (all)\n");
    let words: Vec<Vec<&str>> = lines
        .iter()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        words[0],
        [
            "drops",
            "rate/s",
            "total",
            "reason",
            "location",
            "interface"
        ]
    );
    let (mut sum, mut all) = (0, 0);
    for words in &words[1..] {
        let time: Vec<&str> = words[0].split(':').collect();
        assert!(
            time.len() == 3 && time.iter().all(|part| part.parse::<f64>().is_ok()),
            "{words:?}"
        );
        let count: u64 = words[1].parse().expect("a number");
        assert!(
            words[2].parse::<f64>().is_ok() && words[3].parse::<u64>().is_ok(),
            "{words:?}"
        );
        match words[4..] {
            ["(all)"] => all += count,
            [_, location, "LABEL"] => {
                assert!(location.contains("+0x"), "{words:?}");
                sum += count;
            }
            _ => panic!("{words:?}"),
        }
    }
    assert_eq!((sum, all), (50, 50), "{lines:#?}");
}

#[test]
fn dropwatchs_lines_have_the_address_that_the_kernel_has_for_the_place() {
    let kallsyms = fs::read_to_string("/proc/kallsyms").expect("the kernel has symbols");
    let lines = printed(&["--style", "dropwatch"], "20 drops at ");
    let mut sum = 0;
    for line in &lines {
        let parts = line.strip_suffix(") [software]").and_then(|line| {
            let (count, line) = line.split_once(" drops at ")?;
            let (place, address) = line.split_once(" (0x")?;
            let (name, offset) = place.rsplit_once('+')?;
            let hexadecimal = |text| u64::from_str_radix(text, 16).ok();
            Some((
                count.parse::<u64>().ok()?,
                name,
                hexadecimal(offset)?,
                hexadecimal(address)?,
            ))
        });
        let (count, name, offset, address) = parts.unwrap_or_else(|| panic!("{line}"));
        sum += count;
        let begins = format!("{:016x} ", address - offset);
        let mut symbols = kallsyms.lines().filter(|line| line.starts_with(&begins));
        let is_there = symbols.any(|line| line.split_whitespace().nth(2) == Some(name));
        assert!(is_there, "{line}: {name} is not at {begins}");
    }
    assert_eq!(sum, 50, "{lines:#?}");
}

#[test]
fn the_first_lines_are_those_that_were_asked_for_and_the_rest_is_summed_up() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let table = |arguments: &[&str]| {
        let arguments = [&["--interval", "1h", "-i", &label], arguments].concat();
        let droprec = Tables::start(&arguments);
        drop_two_kinds(&pair, origin);
        let ended = droprec.0.stop().succeeded();
        super::parsed(ended.text()).swap_remove(0)
    };
    let counts = |table: &Value| -> Vec<u64> {
        rows(table).iter().map(|row| number(row, "count")).collect()
    };
    assert_eq!(counts(&table(&[])), [30, 20]);
    let top = table(&["--top", "1"]);
    assert_eq!(counts(&top), [30]);
    assert_eq!(
        top["more"],
        serde_json::json!({"kinds": 1, "count": 20, "total": 20})
    );
    // In kallsyms' order, what UDP drops comes after what nothing handles; by name the other way round.
    let by_location = table(&["--sort", "location"]);
    let names: Vec<&str> = rows(&by_location)
        .iter()
        .filter_map(|row| row["loc"].as_str())
        .collect();
    assert!(names.is_sorted() && names.len() == 2, "{names:?}");
}

#[test]
fn tables_of_json_are_for_a_file_too() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("tables");
    let stdout = fs::File::create(&file).expect("a new file");
    let arguments = ["--interval", "100ms", "--json", "-i", &label];
    let droprec = spawn(&arguments, Stdio::from(stdout));
    drop_two_kinds(&pair, origin);
    let _ = droprec.stop().succeeded();
    let tables = super::parsed(&fs::read_to_string(&file).expect("text"));
    assert_eq!(super::sum(&tables, |_| true), 50);
}
