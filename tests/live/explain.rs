//! `droprec explain` against the kernel that runs: all that it can say of a drop has a meaning.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::{Arc, PoisonError},
};

use droprec::kernel::btf::{self, Btf};
use droprec_testbed::{Droprec, feature};
use serde_json::Value;

use crate::{DROPREC, openvswitch::ALONE};

/// Those whose reasons are their own, where they are modules.
const SUBSYSTEMS: [&str; 2] = ["openvswitch", "mac80211"];

/// The objects that `droprec … --json` prints, a line each.
fn objects(arguments: &[&str]) -> Vec<Value> {
    let ended = Droprec::run(DROPREC, arguments).succeeded();
    let text = ended.text();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// The names and values of the reasons in a BTF file, without the marks that are never given for a drop.
fn reasons(btf: &Btf) -> BTreeMap<String, u64> {
    let mut reasons = BTreeMap::new();
    for enumerators in btf.enumerations("drop_reason") {
        let last = enumerators.iter().map(|(_, value)| *value).max();
        for (name, value) in enumerators {
            let short = name.strip_prefix("SKB_DROP_REASON_").unwrap_or(name);
            let is_mark = short.starts_with('_')
                || short.starts_with("SUBSYS_")
                || matches!(
                    short,
                    "MAX" | "RX_CONTINUE" | "RX_QUEUED" | "QDISC_DROP_UNSPEC"
                )
                || (Some(value) == last && short.ends_with("_MAX"));
            if !is_mark {
                reasons.insert(short.to_owned(), value);
            }
        }
    }
    reasons
}

/// Those of the kernel and of every module that is loaded.
fn all_reasons() -> BTreeMap<String, u64> {
    let kernel = Arc::new(Btf::read(Path::new(btf::VMLINUX)).expect("the kernel has BTF"));
    let mut all = reasons(&kernel);
    for file in fs::read_dir(btf::DIRECTORY).expect("BTF has a directory") {
        let path = file.expect("it can be listed").path();
        if path == Path::new(btf::VMLINUX) {
            continue;
        }
        let bytes = fs::read(&path).unwrap_or_default();
        if let Ok(module) = Btf::parse_split(bytes, Arc::clone(&kernel)) {
            all.append(&mut reasons(&module));
        }
    }
    all
}

#[test]
fn every_reason_of_this_kernel_and_of_its_modules_has_an_explanation_and_its_number() {
    // Another test takes it away.
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    for module in SUBSYSTEMS {
        // The answer is for the table of kernels; what is not there has no reasons.
        let _ = feature::module(module);
    }
    if !feature::reasons() {
        return;
    }
    let reasons = all_reasons();
    let format = fs::read_to_string("/sys/kernel/tracing/events/skb/kfree_skb/format");
    // What the kernel's own tracing calls them: { 3, "NO_SOCKET" }.
    let format = format.expect("tracefs is mounted");
    let traced: BTreeSet<&str> = format
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|text| {
            text.bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        })
        .filter(|name| *name != "MAX")
        .collect();
    assert!(traced.contains("NO_SOCKET"), "{format}");
    for name in traced {
        assert!(reasons.contains_key(name), "{name} is not in BTF");
    }

    let names: Vec<&str> = reasons.keys().map(String::as_str).collect();
    let explained = objects(&[&["explain", "--json"], &names[..]].concat());
    assert_eq!(explained.len(), names.len());
    for (name, object) in names.iter().zip(&explained) {
        assert_eq!(
            (&object["kind"], &object["name"]),
            (&"reason".into(), &(*name).into())
        );
        assert_eq!(object["number"], reasons[*name], "{name}");
        for key in ["phrase", "meaning", "verdict", "check", "source"] {
            let is_told = object[key].as_str().is_some_and(|text| !text.is_empty());
            assert!(is_told, "{name} has no {key}");
        }
    }

    // By their numbers they are the same.
    let numbers: Vec<String> = reasons
        .values()
        .map(|number| format!("reason={number}"))
        .collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let by_number = objects(&[&["explain", "--json"], &numbers[..]].concat());
    assert_eq!(by_number, explained);
}

#[test]
fn every_drop_of_the_demo_says_in_half_a_line_what_it_means_and_explain_knows_its_place() {
    let directory = tempfile::tempdir().expect("there is room for a directory");
    let file = directory.path().join("demo.pcapng");
    let path = file.to_string_lossy();
    let _ = Droprec::run(DROPREC, &["demo", "-q", "-w", &path]).succeeded();
    let summary = objects(&["-r", &path, "--summary", "--json"]);
    let kinds = summary[0]["kinds"].as_array().expect("there are kinds");
    assert!(kinds.len() > 10, "{kinds:?}");
    for kind in kinds {
        assert!(kind["meaning"].is_string(), "{kind} means nothing");
        // A reason tells more than the place, unless it says nothing.
        let is_told = kind["reason"]
            .as_str()
            .is_some_and(|reason| reason != "NOT_SPECIFIED");
        let asked = if is_told {
            &kind["reason"]
        } else {
            &kind["loc"]
        };
        let asked = asked.as_str().expect("it is a text");
        // Of a tagged frame the table says more.
        if kind["frames"].to_string().contains("\"what\":\"VLAN ") {
            continue;
        }
        let explained = objects(&["explain", "--json", asked]);
        assert_eq!(explained[0]["phrase"], kind["meaning"], "{asked}");
    }
}

#[test]
fn what_is_not_known_is_an_error_that_names_what_is_near_and_loses_nothing_of_the_rest() {
    let ended = Droprec::run(DROPREC, &["explain", "NO_SOCKET", "NO_SOKET", "mine+0x12"]);
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert!(ended.text().starts_with("NO_SOCKET: "), "{}", ended.text());
    let said: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].contains("NO_SOKET") && said[0].contains("NO_SOCKET"),
        "{said:?}"
    );
    // No kernel has such a function, and this one says so.
    assert!(
        said[1].contains("nor a function of this kernel"),
        "{said:?}"
    );
}
