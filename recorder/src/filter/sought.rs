//! Names that a file is asked for: which of them it has, and which others. Who mistypes one is to be told.

use std::collections::BTreeSet;

use crate::read::name::named;

/// Names that a note tells at most.
const MAX_TOLD: usize = 20;

/// Names that were asked for with one option.
#[derive(Debug)]
pub struct Sought<T> {
    /// And whether the file has it.
    names: Vec<(T, bool)>,
    /// Those that the file has, as far as a note tells them.
    has: BTreeSet<String>,
}

impl<T> Sought<T> {
    /// Nothing has come yet.
    pub fn new(names: impl IntoIterator<Item = T>) -> Self {
        Self {
            names: names.into_iter().map(|name| (name, false)).collect(),
            has: BTreeSet::new(),
        }
    }

    /// None was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// All that were asked for have come.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.names.iter().all(|(_, has_come)| *has_come)
    }

    /// The file has this name; empty: what it has is nobody's name. Whether it was asked for.
    pub fn meet(&mut self, name: &str, is: impl Fn(&T) -> bool) -> bool {
        let mut is_sought = false;
        for (wanted, has_come) in &mut self.names {
            if is(wanted) {
                *has_come = true;
                is_sought = true;
            }
        }
        if self.has.len() <= MAX_TOLD && !name.is_empty() && !self.has.contains(name) {
            self.has.insert(named(name.into()));
        }
        is_sought
    }

    /// What is to be said of those that never came. `missing`: of one of them.
    pub fn notes(&self, missing: impl Fn(&T) -> String) -> Vec<String> {
        let has: Vec<&str> = self.has.iter().map(String::as_str).collect();
        let has = match has.len() {
            0 => "it names none".to_owned(),
            1..=MAX_TOLD => format!("it has {}", has.join(", ")),
            _ => format!("it has {} and more", has[..MAX_TOLD].join(", ")),
        };
        let never = self.names.iter().filter(|(_, has_come)| !has_come);
        never
            .map(|(name, _)| format!("{}; {has}", missing(name)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_came_is_told_with_what_came_as_far_as_there_is_room() {
        let mut sought = Sought::new(["a", "x"]);
        let notes = |sought: &Sought<&str>| sought.notes(|name| format!("no {name}"));
        assert_eq!(
            notes(&sought),
            ["no a; it names none", "no x; it names none"]
        );
        assert!(sought.meet("a", |wanted| *wanted == "a"));
        assert!(!sought.meet("", |_| false) && !sought.is_settled());
        assert_eq!(notes(&sought), ["no x; it has a"]);
        for number in 0..100 {
            sought.meet(&format!("b{number}"), |_| false);
        }
        let note = notes(&sought).remove(0);
        assert!(note.ends_with(" and more"), "{note}");
        assert!(note.split(", ").count() <= MAX_TOLD, "{note}");
        assert!(sought.meet("x", |wanted| *wanted == "x") && sought.is_settled());
        assert!(notes(&sought).is_empty());
    }
}
