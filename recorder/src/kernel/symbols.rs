//! Turns an address in the kernel into `function+offset`, from `/proc/kallsyms`.
//!
//! The file has no sizes: the next symbol ends a function. It shows zeros to a reader without `CAP_SYSLOG`
//! (`kptr_restrict`, `kernel/ksyms_common.c`), and every address is then without a name.

use std::{fmt::Write as _, fs, io};

/// Where the symbols are.
pub const KALLSYMS: &str = "/proc/kallsyms";

/// The symbols of functions, by address.
#[derive(Debug, Default)]
pub struct Symbols {
    /// Sorted by address, one each.
    functions: Vec<Function>,
    /// All names, one after the other.
    names: String,
    /// What the kernel's own functions are between: `_stext` and `_etext`.
    text: Option<(u64, u64)>,
    /// Names of the modules that have functions.
    modules: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
struct Function {
    address: u64,
    name: (u32, u32),
    /// Index in `modules`; 0: the kernel itself.
    module: u16,
}

impl Symbols {
    /// Reads the running kernel's.
    pub fn read() -> io::Result<Self> {
        // Read whole: a line can be cut between two reads of it.
        Ok(Self::parse(&String::from_utf8_lossy(&fs::read(KALLSYMS)?)))
    }

    /// Parses lines of `address type name [module]`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut symbols = Self {
            modules: vec![String::new()],
            ..Self::default()
        };
        let (mut start, mut end) = (None, None);
        for line in text.lines() {
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
                _ => {}
            }
            // ARM64's `$x` and `$d` say what kind of bytes follow, not what they are called.
            if !matches!(kind, "t" | "T" | "w" | "W")
                || name.starts_with('$')
                || matches!(name, "_stext" | "_etext" | "_text")
            {
                continue;
            }
            let module = fields.next().map_or(0, |module| symbols.module(module));
            let name_start = symbols.names.len() as u32;
            symbols.names.push_str(name);
            symbols.functions.push(Function {
                address,
                name: (name_start, symbols.names.len() as u32),
                module,
            });
        }
        // A stable sort: of several names for one address the kernel, too, takes the first.
        symbols.functions.sort_by_key(|function| function.address);
        symbols.functions.dedup_by_key(|function| function.address);
        symbols.functions.shrink_to_fit();
        symbols.names.shrink_to_fit();
        symbols.text = start.zip(end);
        symbols
    }

    fn module(&mut self, name: &str) -> u16 {
        let name = name.trim_matches(['[', ']']);
        // Modules come one after the other, so the last is nearly always the one.
        if let Some(index) = self.modules.iter().rposition(|known| known == name) {
            return index as u16;
        }
        self.modules.push(name.to_owned());
        (self.modules.len() - 1) as u16
    }

    /// `function+0x12`, with ` [module]` where it is in one. `None`: no function is known to be there.
    #[must_use]
    pub fn name(&self, address: u64) -> Option<String> {
        let index = self
            .functions
            .partition_point(|function| function.address <= address)
            .checked_sub(1)?;
        let function = self.functions[index];
        let in_kernel = self
            .text
            .is_some_and(|(start, end)| (start..end).contains(&address));
        // The kernel's last function does not reach into a module, nor a module's into the void.
        if (function.module == 0) != in_kernel {
            return None;
        }
        let (start, end) = function.name;
        let mut name = self.names.get(start as usize..end as usize)?.to_owned();
        // Writing to a String cannot fail.
        let _ = write!(name, "+{:#x}", address - function.address);
        if function.module != 0 {
            let _ = write!(name, " [{}]", self.modules[function.module as usize]);
        }
        Some(name)
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
ffffffffc0000000 t hook\t[nf_tables]
ffffffffc0001000 t other\t[bridge]
";

    #[test]
    fn an_address_is_named_by_the_function_before_it() {
        let symbols = Symbols::parse(KALLSYMS);
        assert_eq!(
            symbols.name(0xffff_ffff_8100_0123).as_deref(),
            Some("first+0x23")
        );
        assert_eq!(
            symbols.name(0xffff_ffff_8100_0210).as_deref(),
            Some("first+0x110")
        );
        assert_eq!(
            symbols.name(0xffff_ffff_8100_0240).as_deref(),
            Some("last+0x0")
        );
    }

    #[test]
    fn a_function_in_a_module_is_named_with_it() {
        let symbols = Symbols::parse(KALLSYMS);
        assert_eq!(
            symbols.name(0xffff_ffff_c000_0010).as_deref(),
            Some("hook+0x10 [nf_tables]")
        );
    }

    #[test]
    fn what_lies_outside_the_kernels_text_and_the_modules_has_no_name() {
        let symbols = Symbols::parse(KALLSYMS);
        assert_eq!(symbols.name(0xffff_ffff_8100_0300), None);
        assert_eq!(symbols.name(0xffff_ffff_8000_0000), None);
        assert_eq!(symbols.name(0), None);
    }

    #[test]
    fn symbols_that_are_hidden_name_nothing() {
        let symbols = Symbols::parse("0000000000000000 T _stext\n0000000000000000 T first\n");
        assert!(symbols.is_empty());
        assert_eq!(symbols.name(0xffff_ffff_8100_0123), None);
    }
}
