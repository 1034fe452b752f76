//! Names of locations and reasons, kept up with the modules that come and go.

use std::time::{Duration, Instant};

use crate::{
    filter::rules::Rules,
    kernel::{reasons::Reasons, symbols::Symbols},
};

/// How long until what names come from is read again for something that they do not name: a module may have come.
const REREAD: Duration = Duration::from_secs(1);

/// The kernel's own names.
#[derive(Debug)]
pub struct Names {
    symbols: Symbols,
    symbols_read: Instant,
    reasons: Reasons,
    reasons_read: Instant,
}

impl Names {
    /// Names come from these, and from the modules that are there now.
    #[must_use]
    pub fn new(symbols: Symbols, mut reasons: Reasons) -> Self {
        reasons.look_at_modules();
        let now = Instant::now();
        Self {
            symbols,
            symbols_read: now,
            reasons,
            reasons_read: now,
        }
    }

    /// A module was loaded before whatever is named from here on was dropped, and after all that was named before.
    pub fn modules_changed(&mut self) {
        self.reasons.look_at_modules();
        self.reasons_read = Instant::now();
        // Several come at once, and one reading tells of all of them.
        if !self.symbols.is_empty() && !self.symbols.is_current() {
            self.read_symbols();
        }
    }

    /// Finds what filters name.
    pub fn find(&self, rules: &mut Rules) -> anyhow::Result<()> {
        // What is wrong with the one is no reason not to find the other.
        let reasons = rules.find_reasons(&self.reasons);
        if rules.need_symbols() {
            rules.find_places(&self.symbols)?;
        }
        reasons
    }

    fn read_symbols(&mut self) {
        if let Ok(symbols) = self.symbols.again() {
            self.symbols.renew(symbols);
        }
        self.symbols_read = Instant::now();
    }

    /// Another reading may tell more, or something else, of the address.
    fn may_change(&self, address: u64) -> bool {
        let is_known = self.symbols.name(address).is_some();
        !self.symbols.is_empty() && (!is_known || self.symbols.is_fleeting(address))
    }

    /// Both have names that stay until a module comes.
    #[must_use]
    pub fn are_settled(&self, address: u64, reason: Option<u32>) -> bool {
        !self.may_change(address) && !reason.is_some_and(|reason| self.reasons.may_come(reason))
    }

    /// The function that is at an address, as far as that is known by now: `function+offset`.
    #[must_use]
    pub fn function(&self, address: u64) -> Option<String> {
        self.symbols.name(address)
    }

    /// The module that an address is in.
    #[must_use]
    pub fn module_of(&self, address: u64) -> Option<&str> {
        self.symbols.module_of(address)
    }

    /// The location in words, as far as the kernel tells.
    pub fn location(&mut self, address: u64) -> Option<String> {
        self.named(address, address)
    }

    /// An address in words, by the function that `at` is in: behind a call that never returns there is another function
    /// already.
    pub fn named(&mut self, at: u64, address: u64) -> Option<String> {
        if self.may_change(at) && self.symbols_read.elapsed() >= REREAD {
            self.read_symbols();
        }
        self.symbols
            .named(at, address)
            .or_else(|| self.symbols.relative(address))
    }

    /// The reason's name; its number where it has none.
    pub fn reason(&mut self, reason: u32) -> String {
        if self.reasons.may_come(reason) && self.reasons_read.elapsed() >= REREAD {
            self.reasons.look_at_modules();
            self.reasons_read = Instant::now();
        }
        self.reasons.name(reason).into_owned()
    }
}
