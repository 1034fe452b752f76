//! Puts a newer reading in the place of an older one.

use std::{collections::HashMap, mem, ops::Range};

use super::{Module, Symbols};

/// How many readings later a module that is gone is forgotten.
pub(super) const KEPT: u8 = 16;

impl Symbols {
    /// Puts a newer reading in the place of this one. Functions of modules that are gone by then keep their names, for
    /// what was dropped before, unless another module lies there now.
    pub fn renew(&mut self, newer: Self) {
        let older = mem::replace(self, newer);
        let mut indices = HashMap::new();
        for (index, module) in older.modules.iter().enumerate().skip(1) {
            if module.is_fleeting || module.gone == KEPT || self.is_taken(&module.place) {
                continue;
            }
            indices.insert(index as u32, self.modules.len() as u32);
            self.modules.push(Module {
                gone: module.gone + 1,
                ..module.clone()
            });
        }
        for function in &older.functions {
            if let Some(module) = indices.get(&function.module)
                && let Some(name) = older.name_of(function)
            {
                self.push(function.address, name, *module);
            }
        }
        self.sort();
    }

    /// A module has, or had, functions there.
    fn is_taken(&self, place: &Range<u64>) -> bool {
        let first = self
            .functions
            .partition_point(|function| function.address < place.start);
        let is_within = self
            .functions
            .get(first)
            .is_some_and(|function| function.address < place.end);
        let overlaps = |module: &Module| {
            !module.is_fleeting && module.place.start < place.end && place.start < module.place.end
        };
        is_within || self.modules.iter().skip(1).any(overlaps)
    }
}
