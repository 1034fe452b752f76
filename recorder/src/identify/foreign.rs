//! Text out of a packet, which is anyone's choice: names of systems, ports, hosts and domains.

/// Enough for most names, and no more than a phrase can bear.
const CHARACTERS_MAX: usize = 40;
const OCTETS_MAX: usize = 64;

/// Appends `text` without what could break the line, the quotes around it or its direction, which is shown as `?`. Blanks and
/// zeros at its end are padding; what is left out of a long one is shown as `...`.
pub(crate) fn text(out: &mut String, text: &[u8]) {
    let begin = out.len();
    let mut written = 0;
    for chunk in without_padding(text).utf8_chunks() {
        let invalid = (!chunk.invalid().is_empty()).then_some('?');
        for c in chunk.valid().chars().chain(invalid) {
            if written == CHARACTERS_MAX || out.len() - begin + c.len_utf8() > OCTETS_MAX {
                out.push_str("...");
                return;
            }
            out.push(if is_harmless(c) { c } else { '?' });
            written += 1;
        }
    }
}

/// Appends `title` and `text`, or nothing where there is no text.
pub(crate) fn titled(out: &mut String, title: &str, text: &[u8]) {
    if !without_padding(text).is_empty() {
        out.push_str(title);
        self::text(out, text);
    }
}

fn without_padding(text: &[u8]) -> &[u8] {
    let last = text.iter().rposition(|octet| !matches!(octet, 0 | b' '));
    &text[..last.map_or(0, |last| last + 1)]
}

/// Letters and digits of any script, and those ASCII characters that need no quoting.
fn is_harmless(c: char) -> bool {
    if c.is_ascii() {
        (c.is_ascii_graphic() || c == ' ') && !matches!(c, '"' | '\'' | '`' | '\\' | '=')
    } else {
        c.is_alphanumeric()
    }
}

#[cfg(test)]
mod tests {
    fn text(text: &[u8]) -> String {
        let mut out = String::new();
        super::text(&mut out, text);
        out
    }

    #[test]
    fn a_name_is_itself() {
        assert_eq!(text(b"sw1.example.net Gi1/0/1"), "sw1.example.net Gi1/0/1");
        assert_eq!(text("Büro-Süd".as_bytes()), "Büro-Süd");
        assert_eq!(text(b"padded \0\0 \0"), "padded");
        assert_eq!(text(b""), "");
    }

    #[test]
    fn what_could_break_the_line_or_its_quotes_is_not_shown() {
        assert_eq!(text(b"a\nb\x1b[31mc\"d\\e=f"), "a?b?[31mc?d?e?f");
        assert_eq!(text("a\u{202e}b\u{200b}c\u{9b}d".as_bytes()), "a?b?c?d");
        assert_eq!(text(b"a\xff\xfeb"), "a??b");
    }

    #[test]
    fn a_long_name_is_cut_and_says_so() {
        assert_eq!(text(&[b'a'; 40]), "a".repeat(40));
        assert_eq!(text(&[b'a'; 41]), "a".repeat(40) + "...");
        assert_eq!(text("宿".repeat(22).as_bytes()), "宿".repeat(21) + "...");
    }

    #[test]
    fn a_name_that_is_only_padding_has_no_title() {
        let mut out = String::new();
        super::titled(&mut out, ", name ", b"  \0");
        assert_eq!(out, "");
        super::titled(&mut out, ", name ", b" a ");
        assert_eq!(out, ", name  a");
    }
}
