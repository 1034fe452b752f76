//! `docs/ground-truth.md` lists the cases as they are here.

use std::{fs, path::Path};

use crate::{
    bond, bridge, case::Case, dummy, ethernet, frag_lists, frags, gso, ipv4, ipv6, loopback,
    macvlan, output, router, tap, tun, tunnels, vlan, vxlan,
};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/ground-truth.md");

fn rows<S>(cases: &[Case<S>]) -> Vec<String> {
    cases.iter().map(Case::row).collect()
}

#[test]
fn the_document_lists_these_cases() {
    let groups = [
        rows(ethernet::CASES),
        rows(ipv4::CASES),
        rows(ipv6::CASES),
        rows(frags::CASES),
        rows(frag_lists::CASES),
        rows(gso::CASES),
        rows(router::CASES),
        rows(output::CASES),
        rows(loopback::CASES),
        rows(tun::CASES),
        rows(tap::CASES),
        rows(bridge::CASES),
        rows(macvlan::CASES),
        rows(vxlan::CASES),
        rows(vlan::CASES),
        rows(bond::CASES),
        rows(dummy::CASES),
        rows(tunnels::CASES),
    ];
    let path = Path::new(DOCUMENT);
    let text = fs::read_to_string(path).unwrap_or_default();
    let expected = groups.concat().join("\n");
    assert!(
        text.contains(&expected),
        "{} does not have these rows:\n{expected}",
        path.display()
    );
    let is_row = |line: &&str| line.starts_with("| ") && line.matches(" | ").count() == 8;
    assert_eq!(
        text.lines().filter(is_row).count(),
        // The table's heading is one.
        groups.concat().len() + 1,
        "the document lists cases that are no more"
    );
}
