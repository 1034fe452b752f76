//! Turns an address in the kernel into `function+offset`, from `/proc/kallsyms`.
//!
//! The file has no sizes: the next symbol ends a function, and `/proc/modules` says where a module ends at the latest
//! (since v6.4 its size counts data that lie elsewhere). It shows zeros to a reader without `CAP_SYSLOG`
//! (`kptr_restrict`, `kernel/ksyms_common.c`), and every address is then without a name.
//!
//! Modules come and go. A module that comes shows its functions before it runs (`MODULE_STATE_COMING`,
//! `kernel/module/kallsyms.c`, v6.4), those too that run once and whose place is then given to others (`__init`).

mod files;
mod parse;
mod renew;
#[cfg(test)]
mod tests;

use std::{fmt::Write as _, io, ops::Range, sync::Arc};

use self::{
    files::Files,
    parse::{Listed, listed},
};

/// Where the symbols are.
pub const KALLSYMS: &str = "/proc/kallsyms";
/// What the kernel itself is called among its modules, as in `/sys/kernel/btf`.
pub const VMLINUX: &str = "vmlinux";
/// How far from its beginning a function is believed to reach where nothing says where it ends, in bytes.
const PAGE: u64 = 4096;

/// The symbols of functions, by address.
#[derive(Debug, Default)]
pub struct Symbols {
    /// Sorted by address, one each.
    functions: Vec<Function>,
    /// All names, one after the other.
    names: String,
    /// What the kernel's own functions are between: `_stext` and `_etext`.
    text: Option<(u64, u64)>,
    /// The same of those that it starts with: `_sinittext` and `_einittext`. The first processor's idle task comes out of
    /// them, and never returns.
    init: Option<(u64, u64)>,
    /// The modules that have functions. The first is the kernel itself.
    modules: Vec<Module>,
    /// What `/proc/modules` said.
    listed: Listed,
    /// What they were read from; none: a text.
    files: Option<Arc<Files>>,
}

#[derive(Clone, Copy, Debug)]
struct Function {
    address: u64,
    name: (u32, u32),
    /// Index in `modules`.
    module: u32,
}

#[derive(Clone, Debug, Default)]
struct Module {
    name: String,
    /// From its first function to the end of its last.
    place: Range<u64>,
    /// How many readings ago it was there; 0: it is.
    gone: u8,
    /// Not a module, but `[bpf]` and the like: what lies there changes without notice.
    is_fleeting: bool,
}

impl Symbols {
    /// Reads the running kernel's.
    pub fn read() -> io::Result<Self> {
        Self::of(Arc::new(Files::open()?))
    }

    /// Reads them again, as they are now.
    pub fn again(&self) -> io::Result<Self> {
        match &self.files {
            Some(files) => Self::of(Arc::clone(files)),
            None => Self::read(),
        }
    }

    fn of(files: Arc<Files>) -> io::Result<Self> {
        // It is read first: what comes between the two is not in it, and so is looked for at the next reading.
        let modules = files.modules();
        let kallsyms = files.kallsyms()?;
        Ok(Self {
            files: Some(files),
            ..Self::parse(&kallsyms, &modules)
        })
    }

    /// Whether this is what the kernel would still say of its modules.
    #[must_use]
    pub fn is_current(&self) -> bool {
        let modules = self.files.as_ref().map(|files| files.modules());
        listed(&modules.unwrap_or_default()) == self.listed
    }

    fn name_of(&self, function: &Function) -> Option<&str> {
        let (start, end) = function.name;
        self.names.get(start as usize..end as usize)
    }

    /// The function at an address, and the module that it is of.
    fn find(&self, address: u64) -> Option<(&Function, &Module)> {
        let index = self
            .functions
            .partition_point(|function| function.address <= address)
            .checked_sub(1)?;
        let function = &self.functions[index];
        let module = &self.modules[function.module as usize];
        // The kernel's last function does not reach into a module, nor a module's into the void.
        let is_within = if function.module == 0 {
            let mut places = self.text.iter().chain(&self.init);
            places.any(|&(start, end)| (start..end).contains(&address))
        } else {
            // What is fleeting lies here and there.
            let end =
                function
                    .address
                    .saturating_add(if module.is_fleeting { PAGE } else { u64::MAX });
            module.place.contains(&address) && address < end
        };
        is_within.then_some((function, module))
    }

    /// Where each function lies, its name, and the name of the module that it is in.
    pub fn spans(&self) -> impl Iterator<Item = (Range<u64>, &str, Option<&str>)> {
        let functions = self.functions.iter().enumerate();
        functions.filter_map(|(index, function)| {
            let module = &self.modules[function.module as usize];
            let is_module = function.module != 0;
            let end = match self.text {
                Some((_, end)) if !is_module => end,
                _ => module.place.end,
            };
            let next = self.functions.get(index + 1);
            let end = next.map_or(end, |next| next.address.min(end));
            // A module that is gone drops nothing.
            if module.gone > 0 || end <= function.address {
                return None;
            }
            let name = self.name_of(function)?;
            let module = is_module.then_some(module.name.as_str());
            Some((function.address..end, name, module))
        })
    }

    /// `function+0x12`, with ` [module]` where it is in one. `None`: no function is known to be there.
    #[must_use]
    pub fn name(&self, address: u64) -> Option<String> {
        self.named(address, address)
    }

    /// The address by the function that `at` is in.
    #[must_use]
    pub fn named(&self, at: u64, address: u64) -> Option<String> {
        let (function, module) = self.find(at)?;
        let mut name = self.name_of(function)?.to_owned();
        // Writing to a String cannot fail.
        let _ = write!(name, "+{:#x}", address - function.address);
        if function.module != 0 {
            let _ = write!(name, " [{}]", module.name);
        }
        Some(name)
    }

    /// The module that an address is in, [`VMLINUX`] where it is the kernel itself; none for what is neither.
    #[must_use]
    pub fn module_of(&self, address: u64) -> Option<&str> {
        let (function, module) = self.find(address)?;
        match function.module {
            0 => Some(VMLINUX),
            _ => Some(&*module.name).filter(|_| !module.is_fleeting),
        }
    }

    /// What lies at the address may be another function soon, without any notice.
    #[must_use]
    pub fn is_fleeting(&self, address: u64) -> bool {
        self.find(address)
            .is_some_and(|(_, module)| module.is_fleeting)
    }

    /// An address that no function is known to be at, relative to `_stext`: unlike the address itself this does not tell
    /// where the kernel lies. `None`: the file shows no addresses.
    #[must_use]
    pub fn relative(&self, address: u64) -> Option<String> {
        let (start, _) = self.text?;
        Some(format!("_stext+{:#x}", address.checked_sub(start)?))
    }

    /// No address has a name: the file shows none to this reader.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }

    /// The names of all functions.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.functions
            .iter()
            .filter_map(|function| self.name_of(function))
    }

    /// How many functions have a name.
    #[must_use]
    pub fn len(&self) -> usize {
        self.functions.len()
    }
}
