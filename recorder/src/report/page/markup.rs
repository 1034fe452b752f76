//! Markup with text in it. Only what stands in this program's source can be markup; all else is text, and is escaped here.
//!
//! What comes from packets, names and comments is anyone's choice.

use crate::text::into_printable;

/// A piece of a page.
#[derive(Debug, Default)]
pub(super) struct Markup(String);

impl Markup {
    /// Appends markup, as it is.
    pub(super) fn tag(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Appends text, fit for an element or a quoted attribute.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for c in into_printable(text.into()).chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                // Unicode has no character there, and HTML forbids it.
                '\u{fdd0}'..='\u{fdef}' => self.0.push(char::REPLACEMENT_CHARACTER),
                c if u32::from(c) & 0xfffe == 0xfffe => self.0.push(char::REPLACEMENT_CHARACTER),
                c => self.0.push(c),
            }
        }
        self
    }

    /// Appends a number.
    pub(super) fn number(&mut self, number: u64) -> &mut Self {
        self.0.push_str(&number.to_string());
        self
    }

    /// Appends text in an element.
    pub(super) fn within(
        &mut self,
        open: &'static str,
        text: &str,
        close: &'static str,
    ) -> &mut Self {
        self.tag(open).text(text).tag(close)
    }

    /// Appends a paragraph of an explanation, in which `commands` stand between backticks.
    pub(super) fn prose(&mut self, text: &str) -> &mut Self {
        for (number, part) in text.split('`').enumerate() {
            if number % 2 == 0 {
                self.text(part);
            } else {
                self.within("<code>", part, "</code>");
            }
        }
        self
    }

    /// All of it.
    pub(super) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        let mut markup = Markup::default();
        markup.text(text);
        markup.into_string()
    }

    #[test]
    fn what_means_something_in_markup_is_text() {
        assert_eq!(
            text("<script>alert(\"1\")</script> & 'x'"),
            "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;"
        );
        assert_eq!(text("eth0 λ → 接"), "eth0 λ → 接");
    }

    #[test]
    fn what_controls_or_turns_is_shown() {
        assert_eq!(
            text("a\0b\x1b[31m\n\u{202e}c\u{9b}\u{fffe}\u{fdd0}"),
            "a\\x00b\\x1b[31m\\x0a\\u{202e}c\\u{9b}\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn a_command_in_an_explanation_stands_out() {
        let mut markup = Markup::default();
        markup.prose("`modprobe stp` ends it, `a < b` too.");
        assert_eq!(
            markup.into_string(),
            "<code>modprobe stp</code> ends it, <code>a &lt; b</code> too."
        );
    }
}
