//! Any octets, as `/proc/kallsyms` and `/proc/modules` at two times, name addresses by what they say lies there.
//!
//! An input is the four texts, a zero byte after each but the last.

use std::collections::HashSet;

use droprec::kernel::symbols::Symbols;

/// What a line says: an address, and the name of what lies there.
type Lines<'a> = HashSet<(u64, &'a str)>;

pub(crate) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut texts = text.splitn(4, '\0');
    let mut next = || texts.next().unwrap_or_default();
    let (kallsyms, modules) = (next(), next());
    let mut lines = Lines::new();
    add(&mut lines, kallsyms);
    let mut symbols = Symbols::parse(kallsyms, modules);
    ask(&symbols, &lines);

    let (kallsyms, modules) = (next(), next());
    add(&mut lines, kallsyms);
    symbols.renew(Symbols::parse(kallsyms, modules));
    ask(&symbols, &lines);
}

fn add<'a>(lines: &mut Lines<'a>, kallsyms: &'a str) {
    for line in kallsyms.lines() {
        let mut fields = line.split_ascii_whitespace();
        let address = fields.next().map(|field| u64::from_str_radix(field, 16));
        if let (Some(Ok(address)), Some(name)) = (address, fields.nth(1)) {
            lines.insert((address, name));
        }
    }
}

fn ask(symbols: &Symbols, lines: &Lines<'_>) {
    assert!(symbols.len() <= lines.len());
    assert_eq!(symbols.functions().count(), symbols.len());
    for (address, _) in lines {
        for address in [
            address.saturating_sub(1),
            *address,
            address.saturating_add(0x123),
        ] {
            is_said(symbols, lines, address);
        }
    }
    let mut end = 0;
    for (place, name, module) in symbols.spans() {
        assert!(end <= place.start && place.start < place.end, "{place:x?}");
        assert!(lines.contains(&(place.start, name)), "{name:?}");
        if let Some(told) = symbols.name(place.end - 1) {
            let offset = place.end - 1 - place.start;
            let module = module.map_or(String::new(), |module| format!(" [{module}]"));
            assert_eq!(told, format!("{name}+{offset:#x}{module}"));
        }
        end = place.end;
    }
}

/// The name of an address is that of a line, as far behind it as it says.
fn is_said(symbols: &Symbols, lines: &Lines<'_>, address: u64) {
    let name = symbols.name(address);
    assert_eq!(
        symbols.module_of(address).is_some(),
        name.is_some() && !symbols.is_fleeting(address)
    );
    let _ = (
        symbols.named(address, address.saturating_add(1)),
        symbols.relative(address),
    );
    let Some(name) = name else { return };
    let name = name.split(" [").next().unwrap_or_default();
    let (function, offset) = name.rsplit_once("+0x").expect("an offset");
    let offset = u64::from_str_radix(offset, 16).expect("a number");
    let start = address.checked_sub(offset).expect("it lies before");
    assert!(lines.contains(&(start, function)), "{name:?}");
}
