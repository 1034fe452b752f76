//! What the running kernel calls its reasons and functions, read when it is first asked for.

use std::{cell::OnceCell, fs, path::Path};

use rustix::system::uname;

use crate::kernel::{
    btf::{self, Btf},
    reasons::Reasons,
    symbols::{KALLSYMS, Symbols},
};

/// The running kernel.
#[derive(Debug, Default)]
pub(super) struct Here {
    reasons: OnceCell<Option<Reasons>>,
    /// The lines of `/proc/kallsyms`; empty: it does not tell.
    kallsyms: OnceCell<String>,
    /// What is read of them.
    symbols: OnceCell<Symbols>,
    /// The lines of `/proc/net/ptype`.
    ptype: OnceCell<String>,
}

impl Here {
    /// A kernel with these reasons and these lines of `/proc/kallsyms`.
    #[cfg(test)]
    pub(super) fn with(reasons: Option<Reasons>, kallsyms: &str) -> Self {
        Self {
            reasons: OnceCell::from(reasons),
            kallsyms: OnceCell::from(kallsyms.to_owned()),
            symbols: OnceCell::new(),
            ptype: OnceCell::from(String::new()),
        }
    }

    /// One that gives frames to whoever stands in these lines of `/proc/net/ptype`.
    #[cfg(test)]
    pub(super) fn receiving(ptype: &str) -> Self {
        Self {
            ptype: OnceCell::from(ptype.to_owned()),
            ..Self::with(None, "")
        }
    }

    /// Its reasons. `None`: its BTF cannot be read, or it has none.
    pub(super) fn reasons(&self) -> Option<&Reasons> {
        let read = || {
            let btf = Btf::read(Path::new(btf::VMLINUX)).ok()?;
            let mut reasons = Reasons::new(&btf);
            reasons.look_at_modules();
            (!reasons.is_empty()).then_some(reasons)
        };
        self.reasons.get_or_init(read).as_ref()
    }

    fn kallsyms(&self) -> &str {
        let read = || String::from_utf8_lossy(&fs::read(KALLSYMS).unwrap_or_default()).into_owned();
        self.kallsyms.get_or_init(read)
    }

    /// Whether it has a function of that name, inlined ones aside. `None`: it does not tell.
    pub(super) fn has_function(&self, name: &str) -> Option<bool> {
        let symbols = self.kallsyms();
        let mut names = symbols.lines().filter_map(|line| line.split(' ').nth(2));
        (!symbols.is_empty()).then(|| {
            // A compiler's copies are called `name.isra.0`; a module's name follows a tab.
            names.any(|symbol| {
                let rest = symbol.strip_prefix(name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '\t']))
            })
        })
    }

    /// Whether it gives received frames to this function now, of any interface: `0004  llc_rcv [llc]`.
    pub(super) fn receives_with(&self, function: &str) -> bool {
        let read = || fs::read_to_string("/proc/net/ptype").unwrap_or_default();
        let mut words = self.ptype.get_or_init(read).split_whitespace();
        words.any(|word| word == function)
    }

    /// The function at an address. `None`: there is none, or the kernel does not show its addresses.
    pub(super) fn function_at(&self, address: u64) -> Option<String> {
        let symbols = || Symbols::parse(self.kallsyms(), "");
        self.symbols.get_or_init(symbols).name(address)
    }
}

/// `6.18.44`: what `uname -r` says.
pub(super) fn release() -> String {
    uname().release().to_string_lossy().into_owned()
}
