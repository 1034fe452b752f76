use super::{renew::KEPT, *};

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
