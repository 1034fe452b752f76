//! Which arguments of a recording subcommands heed: the others are none of theirs.

use clap::{ArgMatches, Command, error::ErrorKind, parser::ValueSource};

use super::conflicts::Wrong;

/// Subcommands that record nothing, and what they heed all the same, by its id.
const HEEDED: [(&str, &[&str]); 3] = [("explain", &["json"]), ("doctor", &[]), ("wireshark", &[])];

/// The command with all that clap adds to it, without the arguments that its subcommands do not heed.
#[must_use]
pub fn heeded(command: &Command) -> Command {
    let mut built = command.clone();
    // This gives each subcommand all arguments that are global.
    built.build();
    for (name, ids) in HEEDED {
        let Some(own) = command.find_subcommand(name) else {
            continue;
        };
        let of_all = command.get_arguments();
        let kept = of_all.filter(|argument| ids.contains(&argument.get_id().as_str()));
        let own = own
            .clone()
            .args(kept.cloned())
            .bin_name(format!("{} {name}", command.get_name()));
        built = built.mut_subcommand(name, |_| own);
    }
    built
}

/// The first argument that was typed before a subcommand that does not heed it.
pub(super) fn unheeded(command: &Command, matches: &ArgMatches) -> Option<Wrong> {
    let subcommand = matches.subcommand_name()?;
    let (_, ids) = HEEDED.iter().find(|(name, _)| *name == subcommand)?;
    let mut all = command.get_arguments();
    let argument = all.find(|argument| {
        let id = argument.get_id().as_str();
        !ids.contains(&id) && matches.value_source(id) == Some(ValueSource::CommandLine)
    })?;
    let what = argument
        .get_long()
        .map_or_else(|| argument.to_string(), |long| format!("--{long}"));
    let why = format!("{what} is nothing to `droprec {subcommand}`: leave out one of them");
    Some((ErrorKind::ArgumentConflict, why))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    fn parse(arguments: &str) -> Result<Cli, clap::Error> {
        Cli::of(format!("droprec {arguments}").split(' '))
    }

    #[test]
    fn what_only_a_recording_heeds_is_refused_before_and_behind_what_records_nothing() {
        for subcommand in ["explain", "explain NO_SOCKET", "doctor", "wireshark"] {
            for option in [
                "-w x",
                "--write x",
                "-s 512",
                "--rate 5",
                "--stack",
                "-q",
                "-v",
                "-c 1",
                "-C 1 -w x",
                "-i eth0",
                "--no-noise",
            ] {
                for typed in [
                    format!("{option} {subcommand}"),
                    format!("{subcommand} {option}"),
                ] {
                    let error = parse(&typed).expect_err(&typed);
                    assert_eq!(error.exit_code(), 2, "{typed}: {error}");
                }
            }
        }
        for typed in ["--json doctor", "wireshark --json"] {
            assert!(parse(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn what_a_subcommand_heeds_is_taken_before_and_behind_it() {
        for typed in [
            "--json explain NO_SOCKET",
            "explain --json NO_SOCKET",
            "explain",
            "doctor",
            "wireshark --install",
            "-w x --rate 5 demo",
            "demo -w x --rate 5 -v",
        ] {
            let cli = parse(typed).unwrap_or_else(|error| panic!("{typed}: {error}"));
            assert_eq!(cli.json, typed.contains("--json"), "{typed}");
            assert_eq!(cli.write.is_some(), typed.contains("-w x"), "{typed}");
            assert_eq!(cli.rate, typed.contains("--rate").then_some(5), "{typed}");
        }
    }

    #[test]
    fn help_of_a_subcommand_tells_of_what_it_heeds_alone() {
        for (subcommand, options) in [
            ("explain", &["--json", "--help"][..]),
            ("doctor", &["--help"]),
            ("wireshark", &["--install", "--uninstall", "--help"]),
        ] {
            for typed in [format!("{subcommand} --help"), format!("help {subcommand}")] {
                let help = parse(&typed).expect_err(&typed).to_string();
                // Text that goes on in another line stands further in.
                let lines = help.lines().filter(|line| {
                    let rest = line.strip_prefix("      ").or(line.strip_prefix("  "));
                    rest.is_some_and(|rest| rest.starts_with('-'))
                });
                let listed: Vec<&str> = lines
                    .filter_map(|line| line.split_whitespace().find(|of| of.starts_with("--")))
                    .collect();
                assert_eq!(listed, options, "{typed}: {help}");
                assert!(
                    help.contains(&format!("Usage: droprec {subcommand}")),
                    "{help}"
                );
            }
        }
        let all = heeded(&Cli::command());
        let demo = all.find_subcommand("demo").expect("there is one");
        assert!(
            demo.get_arguments()
                .any(|of| of.get_long() == Some("write"))
        );
    }
}
