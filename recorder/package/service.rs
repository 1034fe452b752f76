//! The service's unit, with droprec's own command line.

use clap::Parser as _;
use droprec::{cli::Cli, plan::Plan};

const UNIT: &str = include_str!("droprec.service");
const DEFAULT: &str = include_str!("droprec.default");

/// What a line has behind this.
fn behind<'a>(text: &'a str, beginning: &str) -> &'a str {
    let mut lines = text.lines();
    let found = lines.find_map(|line| line.strip_prefix(beginning));
    found.unwrap_or_else(|| panic!("no line begins with {beginning}"))
}

/// The options that hold where `/etc/default/droprec` says nothing.
fn options() -> &'static str {
    behind(UNIT, "Environment=\"DROPREC_OPTIONS=").trim_end_matches('"')
}

#[test]
fn the_unit_starts_droprec_with_arguments_that_it_takes_and_where_the_unit_lets_it_write() {
    let command = behind(UNIT, "ExecStart=");
    let command = command.replace("$DROPREC_OPTIONS", options());
    let cli = Cli::try_parse_from(command.split(' ')).unwrap_or_else(|error| panic!("{error}"));
    let plan = Plan::new(&cli);
    let state = format!("/var/lib/{}/", behind(UNIT, "StateDirectory="));
    let run = format!("/run/{}/", behind(UNIT, "RuntimeDirectory="));
    for (directory, path) in [(state, cli.write), (run, plan.metrics)] {
        let path = path.expect("the unit names a file");
        let path = path.to_str().expect("it is text");
        assert!(path.starts_with(&directory), "{path} is not in {directory}");
    }
}

#[test]
fn the_file_of_options_shows_those_that_the_unit_has() {
    let shown = behind(DEFAULT, "#DROPREC_OPTIONS=").trim_matches('"');
    assert_eq!(shown, options());
}
