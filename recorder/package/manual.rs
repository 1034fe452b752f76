//! The manual page: what `--help` says, and by hand what is not of one option.

use std::{fmt::Write as _, io};

use anyhow::Result;
use clap::{Command, CommandFactory as _};
use clap_mangen::{
    Man,
    roff::{Roff, roman},
};
use droprec::cli::Cli;

/// How it is called, in roff.
const SYNOPSIS: &str = include_str!("synopsis.roff");
/// The sections after those of the options, in roff.
const SECTIONS: &str = include_str!("sections.roff");

/// The page, in roff.
pub(crate) fn page() -> Result<String> {
    let mut command = Cli::command();
    command.build();
    let man = Man::new(command.clone());
    let version = command.get_version().unwrap_or_default();
    let mut page = format!(".TH DROPREC 8 \"\" \"droprec {version}\" \"System Administration\"\n");
    page.push_str(SYNOPSIS);
    page.push_str(&rendered(|out| man.render_description_section(out))?);
    let options = rendered(|out| man.render_options_section(out))?;
    page.push_str(&with_short_headings(&options, &command));
    subcommands(&mut page, &command)?;
    page.push_str(SECTIONS);
    Ok(page)
}

fn rendered(render: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> Result<String> {
    let mut text = Vec::new();
    render(&mut text)?;
    Ok(String::from_utf8(text)?)
}

/// Of headings that say more than a name, the rest goes below them.
fn with_short_headings(options: &str, command: &Command) -> String {
    let mut text = options.to_owned();
    for argument in command.get_arguments() {
        let heading = argument.get_help_heading();
        if let Some((name, rest)) = heading.and_then(|heading| heading.split_once(": ")) {
            let long = format!("{name}: {rest}").to_uppercase();
            let (first, others) = rest.split_at(1);
            let first = first.to_uppercase();
            let short = format!(".SH {}\n{first}{others}.\n", name.to_uppercase());
            text = text.replace(&format!(".SH \"{long}\"\n"), &short);
        }
    }
    text
}

/// What droprec does besides recording, with the options that are for that alone.
fn subcommands(page: &mut String, command: &Command) -> Result<()> {
    page.push_str(".SH SUBCOMMANDS\n");
    let shown = |command: &&Command| !command.is_hide_set() && command.get_name() != "help";
    for subcommand in command.get_subcommands().filter(shown) {
        let mut usage = format!("droprec {}", subcommand.get_name());
        for positional in subcommand.get_positionals() {
            write!(usage, " {positional}")?;
        }
        let mut roff = Roff::new();
        roff.control("SS", [usage.as_str()]);
        for text in [subcommand.get_about(), subcommand.get_after_help()] {
            let text = text.map(ToString::to_string).unwrap_or_default();
            for paragraph in text.lines().filter(|line| !line.is_empty()) {
                roff.control("PP", []);
                roff.text([roman(paragraph)]);
            }
        }
        page.push_str(&roff.to_roff());
        let own = subcommand
            .get_arguments()
            .filter(|argument| !argument.is_global_set() && argument.get_id() != "help");
        let own = Command::new("own").disable_help_flag(true).args(own);
        let own = Man::new(own);
        let options = rendered(|out| own.render_options_section(out))?;
        page.push_str(
            options
                .split_once(".SH OPTIONS\n")
                .map_or("", |(_, own)| own),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Arg;

    use super::*;

    #[test]
    fn the_page_has_each_option_of_droprec_and_of_its_subcommands_with_what_help_says() {
        let page = page().unwrap().replace(r"\*(Aq", "'");
        let mut command = Cli::command();
        command.build();
        let of_subcommands = command
            .get_subcommands()
            .filter(|subcommand| !subcommand.is_hide_set())
            .flat_map(Command::get_arguments);
        let shown: Vec<&Arg> = command
            .get_arguments()
            .chain(of_subcommands)
            .filter(|argument| !argument.is_hide_set())
            .collect();
        assert!(shown.len() > 50, "{shown:?}");
        for argument in shown {
            if let Some(name) = argument.get_long() {
                let name = format!("\\fB\\-\\-{}\\fR", name.replace('-', "\\-"));
                assert!(page.contains(&name), "{name} is not in the page");
            }
            let help = argument.get_long_help().or(argument.get_help());
            let help = roff_of(&help.map(ToString::to_string).unwrap_or_default());
            assert!(page.contains(&help), "{help} is not in the page");
        }
    }

    fn roff_of(text: &str) -> String {
        let mut roff = Roff::new();
        roff.text([roman(text)]);
        roff.to_roff().trim().to_owned()
    }
}
