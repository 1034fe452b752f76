//! Names of filters that the running kernel does not have, and what to say of them.

use super::names::{Place, Reason};
use crate::{
    enrich::hardware,
    explain,
    kernel::{reasons::Reasons, symbols::Symbols},
    text::printable,
};

/// What to say of a name that is none of a reason. `option`: where it stood.
pub(super) fn reason(option: &str, name: &Reason, reasons: &Reasons) -> String {
    let typed = printable(name.typed());
    if reasons.is_empty() {
        return format!(
            "{option} {typed}: this kernel gives no reasons (Linux does since 5.17): filter by --location"
        );
    }
    let mut near = explain::verb::near::names(name.typed());
    near.retain(|near| reasons.number(near).is_some());
    let hint = match near.as_slice() {
        [] => "`droprec explain` lists them".to_owned(),
        near => format!("did you mean {}?", near.join(", ")),
    };
    format!("{option} {typed}: this kernel has no such reason; {hint}")
}

/// What to say of a place that no function here has; one may come with a module. `None`: there is one.
pub(super) fn place(place: &Place, is_wanted: bool, symbols: &Symbols) -> Option<String> {
    if place.is(hardware::PLACE, None) {
        return None;
    }
    // The longest function of this name.
    let mut len = None;
    for (span, ..) in symbols
        .spans()
        .filter(|(_, function, module)| place.is(function, *module))
    {
        len = len.max(Some(span.end - span.start));
    }
    let asked = place.asked(is_wanted);
    match (len, place.offset()) {
        (None, _) => Some(format!(
            "{asked}: no function here is called so, unless a module brings one; it may be inlined: `droprec` tells what the \
             places are called"
        )),
        (Some(len), Some(offset)) if offset >= len => Some(format!(
            "{asked}: the function ends before that, at +{len:#x}, so that nothing is dropped there; an offset is hexadecimal"
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KALLSYMS: &str =
        "ffff0000 T _stext\nffff0010 t ip_rcv\nffff0110 t tcp_v4_rcv\nffff0200 T _etext\n";

    #[test]
    fn a_place_is_unknown_by_its_name_or_as_it_lies_behind_the_function() {
        let symbols = Symbols::parse(KALLSYMS, "");
        let said = |typed: &str| place(&typed.parse().unwrap(), false, &symbols);
        for known in ["ip_rcv", "ip_rcv+0xff", "tcp_*", "*rcv+0xef", "hardware"] {
            assert_eq!(said(known), None, "{known}");
        }
        let unknown = said("pi_rcv").unwrap_or_default();
        assert!(
            unknown.starts_with("--not-location pi_rcv: no function"),
            "{unknown}"
        );
        for beyond in ["ip_rcv+0x100", "ip_rcv+99999"] {
            let said = said(beyond).unwrap_or_default();
            assert!(said.contains("at +0x100"), "{beyond}: {said}");
        }
    }
}
