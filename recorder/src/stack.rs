//! A call stack in a comment: `droprec stack="a+0x1;b+0x2"`, the innermost frame first.

use crate::{
    logfmt,
    text::{printable, quoted},
};

/// Bytes of the frames in a comment, which has 65535 itself.
const MAX: usize = 60_000;

/// What stands in the place of frames that are left out.
pub const MORE: &str = "…";

/// The comment that has these frames.
#[must_use]
pub fn comment(frames: &[String]) -> String {
    let mut text = String::new();
    for frame in frames {
        // A file's name may have anything in it.
        let frame = printable(frame).replace(';', "\\x3b");
        if text.len() + frame.len() > MAX {
            text.push(';');
            text.push_str(MORE);
            break;
        }
        if !text.is_empty() {
            text.push(';');
        }
        text.push_str(&frame);
    }
    let mut comment = "droprec stack=".to_owned();
    quoted(&mut comment, &text);
    comment
}

/// The frames that a comment has; `None`: it is another one.
#[must_use]
pub fn frames(comment: &str) -> Option<Vec<String>> {
    let stack = logfmt::stack(comment)?;
    let frames = stack.split(';').filter(|frame| !frame.is_empty());
    Some(frames.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(frames: &[&str]) -> Vec<String> {
        frames.iter().map(|frame| (*frame).to_owned()).collect()
    }

    #[test]
    fn the_frames_of_a_stack_are_read_back_as_they_were_written() {
        let stack = owned(&["a+0x1", "b+0x2 [nf_tables]", "c"]);
        let written = comment(&stack);
        assert_eq!(written, r#"droprec stack="a+0x1;b+0x2 [nf_tables];c""#);
        assert_eq!(frames(&written), Some(stack));
        assert_eq!(
            frames(&comment(&owned(&["a\"b\\c"]))),
            Some(owned(&["a\"b\\c"]))
        );
    }

    #[test]
    fn no_name_breaks_the_line_or_makes_two_frames_of_one() {
        let written = comment(&owned(&["a+0x1 x;y\n.c:1"]));
        assert_eq!(frames(&written), Some(owned(&[r"a+0x1 x\x3by\x0a.c:1"])));
        assert!(!written.contains(char::is_control));
    }

    #[test]
    fn a_stack_that_is_too_long_for_a_comment_says_that_there_is_more() {
        let deep = vec!["f".repeat(1000); 100];
        let written = comment(&deep);
        assert!(written.len() < 65_536);
        let frames = frames(&written).unwrap();
        assert_eq!(frames.last().map(String::as_str), Some(MORE));
        assert!(frames.len() > 50);
    }

    #[test]
    fn others_comments_have_no_frames() {
        for comment in [
            "",
            "droprec",
            "droprec stack",
            "droprec v=1 stack=a",
            "droprec stack=\"a;b",
            "a droprec stack=a",
            "droprec stacks=a",
        ] {
            assert_eq!(frames(comment), None, "{comment}");
        }
    }
}
