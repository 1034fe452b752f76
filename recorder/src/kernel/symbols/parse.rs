//! Makes symbols of the kernel's text.

use std::{collections::HashMap, ops::Range};

use super::{Function, Module, PAGE, Symbols};

/// What is at the address of a function, or of none, and not its name.
const BOUNDS: [&str; 5] = ["_text", "_stext", "_etext", "_sinittext", "_einittext"];

/// Where each module lies.
pub(super) type Listed = HashMap<String, Range<u64>>;

/// Parses lines of `name size users by state address`.
pub(super) fn listed(text: &str) -> Listed {
    let module = |line: &str| {
        let mut fields = line.split_ascii_whitespace();
        let (name, size) = (fields.next()?, fields.next()?.parse::<u64>().ok()?);
        let address = fields.nth(3)?.strip_prefix("0x")?;
        let start = u64::from_str_radix(address, 16).ok()?;
        let end = start.checked_add(size)?;
        (start != 0).then(|| (name.to_owned(), start..end))
    };
    text.lines().filter_map(module).collect()
}

impl Symbols {
    /// Parses lines of `address type name [module]`, and those of `/proc/modules`.
    #[must_use]
    pub fn parse(kallsyms: &str, modules: &str) -> Self {
        let mut symbols = Self {
            modules: vec![Module::default()],
            listed: listed(modules),
            ..Self::default()
        };
        let (mut start, mut end) = (None, None);
        let (mut init_start, mut init_end) = (None, None);
        // What is in modules and no function of theirs.
        let mut others = Vec::new();
        for line in kallsyms.lines() {
            let mut fields = line.split_ascii_whitespace();
            let (Some(address), Some(kind), Some(name)) =
                (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let Ok(address) = u64::from_str_radix(address, 16) else {
                continue;
            };
            if address == 0 {
                continue;
            }
            match name {
                "_stext" => start = Some(address),
                "_etext" => end = Some(address),
                "_sinittext" => init_start = Some(address),
                "_einittext" => init_end = Some(address),
                _ => {}
            }
            let module = fields.next().map_or(0, |module| symbols.module(module));
            // ARM64's `$x` and `$d` say what kind of bytes follow, not what they are called.
            if name.starts_with('$') || BOUNDS.contains(&name) {
                continue;
            }
            if !matches!(kind, "t" | "T" | "w" | "W") || symbols.is_elsewhere(module, address) {
                if module != 0 {
                    others.push(address);
                }
                continue;
            }
            symbols.push(address, name, module);
        }
        symbols.text = start.zip(end);
        symbols.init = init_start.zip(init_end);
        symbols.sort();
        others.sort_unstable();
        symbols.find_places(&others);
        symbols
    }

    /// The index of a module by its name in brackets.
    fn module(&mut self, name: &str) -> u32 {
        let name = name.trim_matches(['[', ']']);
        // Modules come one after the other, so the last is nearly always the one.
        if let Some(index) = self.modules.iter().rposition(|known| known.name == name) {
            return index as u32;
        }
        self.modules.push(Module {
            name: name.to_owned(),
            is_fleeting: !self.listed.contains_key(name),
            ..Module::default()
        });
        (self.modules.len() - 1) as u32
    }

    /// The address is a module's, and not where the module lies: it runs once, and goes.
    fn is_elsewhere(&self, module: u32, address: u64) -> bool {
        let place = || self.listed.get(&self.modules[module as usize].name);
        module != 0 && place().is_some_and(|place| !place.contains(&address))
    }

    pub(super) fn push(&mut self, address: u64, name: &str, module: u32) {
        let start = self.names.len() as u32;
        self.names.push_str(name);
        self.functions.push(Function {
            address,
            name: (start, self.names.len() as u32),
            module,
        });
    }

    pub(super) fn sort(&mut self) {
        // A stable sort: of several names for one address the kernel, too, takes the first.
        self.functions.sort_by_key(|function| function.address);
        self.functions.dedup_by_key(|function| function.address);
        self.functions.shrink_to_fit();
        self.names.shrink_to_fit();
    }

    /// Finds out where each module's functions begin and end. `others`: what else there is in modules, by address.
    fn find_places(&mut self, others: &[u64]) {
        for (index, function) in self.functions.iter().enumerate() {
            if function.module == 0 {
                continue;
            }
            let module = &mut self.modules[function.module as usize];
            let address = function.address;
            if module.place.is_empty() {
                module.place.start = address;
            }
            let next = self.functions.get(index + 1).map(|next| next.address);
            let other = others.get(others.partition_point(|other| *other <= address));
            let end = match self.listed.get(&module.name) {
                Some(place) => place.end,
                None => address.saturating_add(PAGE),
            };
            // Its last function is the one that this is true of in the end.
            module.place.end = [next, other.copied()]
                .into_iter()
                .flatten()
                .fold(end, u64::min);
        }
    }
}
