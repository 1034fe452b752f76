//! Writes what a package has besides the program, into a directory: the manual page and the completions of shells.
//!
//!     cargo run -p droprec --example package -- DIRECTORY

use std::{env, fs, path::Path, process::ExitCode};

use anyhow::{Context as _, Result};
use clap::{Command, CommandFactory as _};
use clap_complete::{Shell, generate_to};
use droprec::cli::{Cli, subcommands::heeded};

mod manual;
#[cfg(test)]
mod service;

/// The shells that Debian knows where to put completions of.
const SHELLS: [Shell; 3] = [Shell::Bash, Shell::Zsh, Shell::Fish];

fn main() -> ExitCode {
    let written = match env::args_os().nth(1) {
        Some(directory) => write(Path::new(&directory)),
        None => Err(anyhow::anyhow!("name the directory to write to")),
    };
    if let Err(error) = written {
        eprintln!("{error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Makes the directory and all that is in it.
fn write(directory: &Path) -> Result<()> {
    let name = directory.display();
    fs::create_dir_all(directory).with_context(|| format!("cannot make {name}"))?;
    let page = directory.join("droprec.8");
    fs::write(&page, manual::page()?)
        .with_context(|| format!("cannot write {}", page.display()))?;
    for shell in SHELLS {
        generate_to(shell, &mut shown(), "droprec", directory)
            .with_context(|| format!("cannot write completions of {shell} to {name}"))?;
    }
    Ok(())
}

/// The arguments without what Wireshark alone types, which completions would show.
fn shown() -> Command {
    let command = Cli::command();
    let subcommands = command.get_subcommands();
    let shown = Command::new("droprec")
        .args(command.get_arguments())
        .subcommands(subcommands.filter(|it| !it.is_hide_set()));
    heeded(&shown)
}

#[cfg(test)]
mod tests {
    use std::process;

    use super::*;

    #[test]
    fn each_shell_has_completions_of_every_option_and_subcommand() {
        let directory = tempfile::tempdir().unwrap();
        let directory = directory.path();
        write(directory).unwrap();
        for name in ["droprec.bash", "_droprec", "droprec.fish"] {
            let text = fs::read_to_string(directory.join(name)).unwrap();
            let options = Cli::command();
            let options = options
                .get_arguments()
                .filter_map(|option| option.get_long());
            for word in options.chain(["explain", "doctor", "demo", "wireshark"]) {
                assert!(text.contains(word), "{name} lacks {word}");
            }
            assert!(!text.contains("extcap"), "{name}");
        }
        for (words, completions) in [
            ("--metr", "--metrics\n"),
            ("demo --wri", "--write\n"),
            ("explain --js", "--json\n"),
            ("doctor --wri", "\n"),
        ] {
            let last = words.rsplit(' ').next().unwrap_or_default();
            let bash = format!(
                "source {}; COMP_WORDS=(droprec {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
                 _droprec droprec {last} droprec; echo \"${{COMPREPLY[*]}}\"",
                directory.join("droprec.bash").display()
            );
            let output = process::Command::new("bash")
                .args(["-c", &bash])
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert_eq!(said, completions, "{words}: {output:?}");
        }
    }

    #[test]
    fn the_package_is_of_this_version_and_all_that_it_is_to_have_is_there() {
        let directory = tempfile::tempdir().unwrap();
        let directory = directory.path();
        write(directory).unwrap();
        let manifest = include_str!("../Cargo.toml");
        let lines = manifest.lines().map(str::trim);
        let assets = lines.filter(|line| line.starts_with("[\"") && line.ends_with("\"],"));
        let mut count = 0;
        for asset in assets {
            let [source, ..]: [String; 3] =
                serde_json::from_str(asset.trim_end_matches(',')).unwrap();
            let path = match source.strip_prefix("../target/package/") {
                Some(name) => directory.join(name),
                None => Path::new(env!("CARGO_MANIFEST_DIR")).join(&source),
            };
            let is_built = source == "target/release/droprec";
            assert!(is_built || path.is_file(), "{source} is not there");
            count += 1;
        }
        assert_eq!(count, 8, "assets have another form");

        let version = concat!("droprec (", env!("CARGO_PKG_VERSION"), "-1) ");
        let first = include_str!("changelog").lines().next().unwrap();
        assert!(first.starts_with(version), "{first}");
    }
}
