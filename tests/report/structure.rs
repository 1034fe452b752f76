//! A page as Python's parser sees it.

use std::{collections::BTreeMap, path::Path};

use droprec_testbed::run;
use serde::Deserialize;

use crate::report::text;

/// What is in a page.
#[derive(Debug, Deserialize)]
pub(crate) struct Structure {
    errors: Vec<String>,
    /// How many elements of each kind there are.
    pub(crate) tags: BTreeMap<String, u64>,
    /// The attributes that are used.
    pub(crate) attributes: Vec<String>,
    /// The cells of each table, by its `id`; the first line is its head.
    pub(crate) tables: BTreeMap<String, Vec<Vec<String>>>,
    pub(crate) title: String,
    pub(crate) policy: String,
    lang: Option<String>,
    /// All that is to be read.
    pub(crate) text: String,
    /// What of it is said before all else.
    pub(crate) notes: String,
}

impl Structure {
    /// Of a page, which must be well-formed.
    pub(crate) fn of(page: &Path) -> Self {
        let parser = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/report/structure.py");
        let found = run("python3", &[parser, text(page)]);
        let structure: Self = serde_json::from_str(&found).expect("it prints JSON");
        assert!(structure.errors.is_empty(), "{:#?}", structure.errors);
        assert_eq!(structure.lang.as_deref(), Some("en"));
        structure
    }

    /// The lines of a table without its head, as columns of these names.
    pub(crate) fn columns(&self, table: &str, names: &[&str]) -> Vec<Vec<String>> {
        let Some([head, rows @ ..]) = self.tables.get(table).map(Vec::as_slice) else {
            return Vec::new();
        };
        let column = |name: &&str| {
            let found = head.iter().position(|other| other == name);
            found.unwrap_or_else(|| panic!("no column {name} in {head:?}"))
        };
        let columns: Vec<usize> = names.iter().map(column).collect();
        let cells = |row: &Vec<String>| columns.iter().map(|at| row[*at].clone()).collect();
        rows.iter().map(cells).collect()
    }
}
