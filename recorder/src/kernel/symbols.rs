//! Turns an address in the kernel into `function+offset`, from `/proc/kallsyms`.
//!
//! The file has no sizes: the next symbol ends a function, and `/proc/modules` says where a module ends at the latest
//! (since v6.4 its size counts data that lie elsewhere). It shows zeros to a reader without `CAP_SYSLOG`
//! (`kptr_restrict`, `kernel/ksyms_common.c`), and every address is then without a name.
//!
//! Modules come and go. A module that comes shows its functions before it runs (`MODULE_STATE_COMING`,
//! `kernel/module/kallsyms.c`, v6.4), those too that run once and whose place is then given to others (`__init`).

use std::{
    collections::HashMap,
    fmt::Write as _,
    fs::File,
    io::{self, Read as _, Seek as _},
    mem,
    ops::Range,
    sync::Arc,
};

/// Where the symbols are.
pub const KALLSYMS: &str = "/proc/kallsyms";
/// What the kernel itself is called among its modules, as in `/sys/kernel/btf`.
pub const VMLINUX: &str = "vmlinux";
/// Where the modules are.
const MODULES: &str = "/proc/modules";

/// How many readings later a module that is gone is forgotten.
const KEPT: u8 = 16;

/// How far from its beginning a function is believed to reach where nothing says where it ends, in bytes.
const PAGE: u64 = 4096;

/// What is at the address of a function, or of none, and not its name.
const BOUNDS: [&str; 5] = ["_text", "_stext", "_etext", "_sinittext", "_einittext"];

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

/// The files. The kernel shows addresses to whoever was allowed to see them when he opened it (`kallsyms_open`,
/// kernel/kallsyms.c, and `modules_open`, kernel/module/procfs.c, since v5.8), so they are kept open.
#[derive(Debug)]
struct Files {
    kallsyms: File,
    /// A kernel without modules has no such file.
    modules: Option<File>,
}

impl Files {
    fn modules(&self) -> String {
        let text = self.modules.as_ref().map(text);
        text.and_then(Result::ok).unwrap_or_default()
    }
}

/// A file's text, from its beginning on.
fn text(mut file: &File) -> io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
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

/// Where each module lies.
type Listed = HashMap<String, Range<u64>>;

/// Parses lines of `name size users by state address`.
fn listed(text: &str) -> Listed {
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
    /// Reads the running kernel's.
    pub fn read() -> io::Result<Self> {
        Self::of(Arc::new(Files {
            kallsyms: File::open(KALLSYMS)?,
            modules: File::open(MODULES).ok(),
        }))
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
        // Read whole: a line can be cut between two reads of it.
        let kallsyms = text(&files.kallsyms)?;
        Ok(Self {
            files: Some(files),
            ..Self::parse(&kallsyms, &modules)
        })
    }

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

    fn push(&mut self, address: u64, name: &str, module: u32) {
        let start = self.names.len() as u32;
        self.names.push_str(name);
        self.functions.push(Function {
            address,
            name: (start, self.names.len() as u32),
            module,
        });
    }

    fn sort(&mut self) {
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

    /// Whether this is what the kernel would still say of its modules.
    #[must_use]
    pub fn is_current(&self) -> bool {
        let modules = self.files.as_ref().map(|files| files.modules());
        listed(&modules.unwrap_or_default()) == self.listed
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    const KALLSYMS: &str = "\
ffffffff81000000 T _stext
ffffffff81000000 T startup
ffffffff81000100 t first
ffffffff81000100 t alias
ffffffff81000180 d data
ffffffff81000200 T $x
ffffffff81000240 W last
ffffffff81000300 T _etext
ffffffff81001000 T _sinittext
ffffffff81001000 T start_kernel
ffffffff81001400 T _einittext
ffffffffc0000000 t hook\t[nf_tables]
ffffffffc0000800 t chain\t[nf_tables]
ffffffffc0000a00 d table\t[nf_tables]
ffffffff81000140 U first\t[nf_tables]
ffffffffc0001000 t other\t[bridge]
ffffffffc0003000 t load\t[bridge]
ffffffffc0008000 t bpf_prog_1\t[bpf]
";
    const MODULES: &str = "\
nf_tables 8192 0 - Live 0xffffffffc0000000
bridge 8192 1 stp,other, Live 0xffffffffc0001000 (E)
";

    const HOOK: u64 = 0xffff_ffff_c000_0010;
    const OTHER: u64 = 0xffff_ffff_c000_1010;

    fn symbols() -> Symbols {
        Symbols::parse(KALLSYMS, MODULES)
    }

    #[track_caller]
    fn is(symbols: &Symbols, address: u64, name: &str) {
        assert_eq!(symbols.name(address).as_deref(), Some(name));
    }

    #[test]
    fn an_address_is_named_by_the_function_before_it() {
        let symbols = symbols();
        is(&symbols, 0xffff_ffff_8100_0123, "first+0x23");
        is(&symbols, 0xffff_ffff_8100_0210, "first+0x110");
        is(&symbols, 0xffff_ffff_8100_0240, "last+0x0");
    }

    #[test]
    fn a_function_in_a_module_is_named_with_it() {
        is(&symbols(), HOOK, "hook+0x10 [nf_tables]");
        assert_eq!(symbols().module_of(HOOK), Some("nf_tables"));
        assert_eq!(symbols().module_of(0xffff_ffff_8100_0123), Some(VMLINUX));
    }

    #[test]
    fn the_functions_that_the_kernel_starts_with_are_named_too_and_drop_nothing() {
        let symbols = symbols();
        is(&symbols, 0xffff_ffff_8100_1010, "start_kernel+0x10");
        assert_eq!(symbols.name(0xffff_ffff_8100_0fff), None);
        assert_eq!(symbols.name(0xffff_ffff_8100_1400), None);
        assert!(symbols.spans().all(|(_, name, _)| name != "start_kernel"));
    }

    #[test]
    fn what_lies_outside_the_kernels_text_and_the_modules_has_no_name() {
        let symbols = symbols();
        assert_eq!(symbols.name(0xffff_ffff_8100_0300), None);
        assert_eq!(symbols.name(0xffff_ffff_8000_0000), None);
        assert_eq!(symbols.name(0), None);
    }

    #[test]
    fn the_last_function_of_a_module_ends_with_it() {
        let symbols = symbols();
        // Where something else of it begins, before the end that /proc/modules tells.
        is(&symbols, 0xffff_ffff_c000_09ff, "chain+0x1ff [nf_tables]");
        assert_eq!(symbols.name(0xffff_ffff_c000_0a00), None);
        is(&symbols, 0xffff_ffff_c000_2fff, "other+0x1fff [bridge]");
        assert_eq!(symbols.name(0xffff_ffff_c000_3000), None, "runs once");
    }

    #[test]
    fn what_no_module_is_listed_for_reaches_no_further_than_a_page_and_is_fleeting() {
        let symbols = symbols();
        let program = 0xffff_ffff_c000_8000;
        is(&symbols, program + 0xfff, "bpf_prog_1+0xfff [bpf]");
        assert_eq!(symbols.name(program + 0x1000), None);
        assert!(symbols.is_fleeting(program) && !symbols.is_fleeting(HOOK));
        assert_eq!(symbols.module_of(program), None);
    }

    #[test]
    fn a_module_that_is_gone_keeps_its_names_for_what_it_dropped_before() {
        let mut symbols = symbols();
        let without = KALLSYMS.replace("[nf_tables]", "[elsewhere]");
        let without = without.replace("ffffffffc0000", "ffffffffc0009");
        symbols.renew(Symbols::parse(
            &without,
            "elsewhere 8192 0 - Live 0xffffffffc0009000",
        ));
        is(&symbols, HOOK, "hook+0x10 [nf_tables]");
        is(&symbols, HOOK + 0x9000, "hook+0x10 [elsewhere]");
        assert_eq!(symbols.name(0xffff_ffff_c000_0a00), None);
    }

    #[test]
    fn a_module_in_another_ones_place_takes_all_of_it() {
        let mut symbols = symbols();
        let newer = "\
ffffffff81000000 T _stext
ffffffff81000300 T _etext
ffffffffc0000400 t late\t[new]
";
        symbols.renew(Symbols::parse(
            newer,
            "new 4096 0 - Loading 0xffffffffc0000400",
        ));
        assert_eq!(symbols.name(HOOK), None);
        is(&symbols, 0xffff_ffff_c000_0810, "late+0x410 [new]");
    }

    #[test]
    fn a_module_that_is_loaded_elsewhere_again_has_both_its_places() {
        let mut symbols = symbols();
        let moved = KALLSYMS.replace("ffffffffc0001000", "ffffffffc0005000");
        let modules = MODULES.replace("c0001000", "c0005000");
        symbols.renew(Symbols::parse(&moved, &modules));
        is(&symbols, OTHER, "other+0x10 [bridge]");
        is(&symbols, OTHER + 0x4000, "other+0x10 [bridge]");
    }

    #[test]
    fn what_is_fleeting_is_forgotten_at_the_next_reading() {
        let mut symbols = symbols();
        let without = KALLSYMS.replace("bpf_prog_1", "$x");
        symbols.renew(Symbols::parse(&without, MODULES));
        assert_eq!(symbols.name(0xffff_ffff_c000_8000), None);
    }

    #[test]
    fn modules_that_are_gone_are_forgotten_in_time() {
        let mut symbols = symbols();
        let len = symbols.len();
        for _ in 0..=KEPT {
            is(&symbols, HOOK, "hook+0x10 [nf_tables]");
            let newer = "ffffffff81000000 T _stext\nffffffff81000300 T _etext\n";
            symbols.renew(Symbols::parse(newer, ""));
        }
        assert_eq!(symbols.name(HOOK), None);
        assert!(symbols.is_empty() && len > 0);
    }

    #[test]
    fn symbols_that_are_hidden_name_nothing() {
        let symbols = Symbols::parse(
            "0000000000000000 T _stext\n0000000000000000 T first\n",
            "nf_tables 8192 0 - Live 0x0000000000000000\n",
        );
        assert!(symbols.is_empty());
        assert_eq!(symbols.name(0xffff_ffff_8100_0123), None);
    }
}
