//! What `bpftrace` prints of a map, and other lines in which a place has its reason as a number: `@[ip_error, 88]: 2`.

use super::{
    asked::{Asked, has_offset, is_value, known_place, named, place, reason},
    here::Here,
};
use crate::explain::{self, SAY_NOTHING};

/// Places, and the number of a reason.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key<'a> {
    places: Vec<&'a str>,
    number: Option<&'a str>,
}

impl<'a> Key<'a> {
    /// The keys in the lines of a map, which may have been pasted without their breaks. `None`: it is no such line, or
    /// something else is in a key, or more than one number.
    pub(super) fn of_maps(text: &'a str) -> Option<Vec<Self>> {
        let lines = text.trim().strip_prefix('@')?;
        lines
            .split(" @")
            .flat_map(|lines| lines.split("\n@"))
            .map(Self::of_map)
            .collect()
    }

    /// `[ip_error, 88]: 2`, with a name before it or without.
    fn of_map(line: &'a str) -> Option<Self> {
        let (name, rest) = line.trim().split_once('[')?;
        let (key, value) = rest.rsplit_once(']')?;
        let is_name = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let mut values = value.strip_prefix(':').unwrap_or(value).split_whitespace();
        if !is_name || !values.all(is_value) {
            return None;
        }
        Self::of(key.split(',').map(str::trim))
    }

    /// The same of a place and a number alone: `__udp4_lib_rcv 3`.
    pub(super) fn of_pair(text: &'a str) -> Option<Self> {
        let key = Self::of(text.split_whitespace())?;
        (key.places.len() == 1 && key.number.is_some()).then_some(key)
    }

    fn of(parts: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut key = Self {
            places: Vec::new(),
            number: None,
        };
        for part in parts {
            if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
                if key.number.replace(part).is_some() {
                    return None;
                }
            } else if is_place(part) {
                key.places.push(part);
            } else {
                return None;
            }
        }
        Some(key)
    }
}

fn is_place(part: &str) -> bool {
    !part.contains(char::is_whitespace) && (has_offset(part) || explain::location(part).is_some())
}

impl Asked {
    pub(super) fn keys(&mut self, keys: &[Key<'_>], here: &Here) {
        for key in keys {
            self.key(key, here);
        }
    }

    /// All that is known of these places, and of the reason: of which kernel it is, the number alone does not tell.
    fn key(&mut self, key: &Key<'_>, here: &Here) {
        let name = key.number.map(|number| named(number, here));
        let better = key.places.iter().find_map(|place| {
            let known = explain::better(name.as_ref()?, place)?;
            Some(known_place(known, place))
        });
        if let Some(card) = better {
            self.add(Ok(vec![card]));
            return;
        }
        for text in &key.places {
            self.add(place(text, here));
        }
        let Some((number, name)) = key.number.zip(name) else {
            return;
        };
        let told = reason(number, here);
        // Beside a place it may be another number.
        let is_all = key.places.is_empty();
        if is_all || told.is_ok() && !SAY_NOTHING.contains(&name.as_ref()) {
            self.add(told);
        }
    }
}
