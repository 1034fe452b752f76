//! What tshark and droprec say of the same file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use droprec_pcapng::write;
use droprec_testbed::tshark;

use crate::{DROPREC, case::Case};

/// What tshark says of a frame.
#[derive(Debug)]
pub(crate) struct Seen {
    /// From the outermost on.
    pub(crate) protocols: Vec<String>,
    /// What stands in its list of packets.
    pub(crate) info: String,
    /// Values by the names of the fields.
    pub(crate) fields: BTreeMap<String, String>,
}

/// Where the files are.
pub(crate) fn directory() -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("frames");
    fs::create_dir_all(&directory).expect("there is room for a directory");
    directory
}

/// Writes a file of frames of one link type.
pub(crate) fn file(path: &Path, link_type: u16, cases: &[&Case]) {
    let mut out = Vec::new();
    write::section_header(&mut out, &write::Section::default()).expect("it fits");
    let interface = write::Interface {
        link_type,
        ..write::Interface::default()
    };
    write::interface(&mut out, &interface).expect("it fits");
    for case in cases {
        let packet = write::Packet {
            original_len: case.len,
            frame: &[&case.frame],
            comments: &[&[case.name]],
            ..write::Packet::default()
        };
        write::packet(&mut out, &packet).expect("it fits");
    }
    fs::write(path, out).expect("there is room for a file");
}

/// What tshark sees: these fields besides what it calls each frame.
pub(crate) fn tshark_sees(file: &Path, fields: &BTreeSet<&str>) -> Vec<Seen> {
    let mut arguments = vec!["-T", "fields", "-E", "aggregator=;"];
    let fixed = ["frame.protocols", "_ws.col.Info"];
    let names: Vec<&str> = fixed.into_iter().chain(fields.iter().copied()).collect();
    arguments.extend(names.iter().flat_map(|name| ["-e", name]));
    let lines = tshark(&arguments, file);
    let seen = lines.lines().map(|line| {
        let mut values = line.split('\t').map(str::to_owned);
        let mut next = || values.next().unwrap_or_default();
        Seen {
            protocols: next().split(':').map(str::to_owned).collect(),
            info: next(),
            fields: fields
                .iter()
                .map(|&name| (name.to_owned(), next()))
                .collect(),
        }
    });
    seen.collect()
}

/// What droprec says: `what` of each frame.
pub(crate) fn droprec_says(file: &Path) -> Vec<String> {
    let output = Command::new(DROPREC)
        .args(["--json", "-r"])
        .arg(file)
        .output()
        .expect("droprec runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && stderr.is_empty(), "{stderr}");
    let text = String::from_utf8(output.stdout).expect("it is UTF-8");
    let what = |line| -> Option<String> {
        let object: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(object.get("what")?.as_str()?.to_owned())
    };
    text.lines()
        .map(|line| what(line).unwrap_or_else(|| panic!("no `what` in {line}")))
        .collect()
}
