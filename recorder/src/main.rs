//! The program `droprec`.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use droprec::{
    cli::{Cli, Command, WrongArgument},
    demo, doctor, explain,
    expression::wrong::Wrong,
    kernel::{interfaces::Interfaces, namespaces::Namespaces},
    plan::Plan,
    read::{plan::Reading, read},
    record::{Scope, record},
    report::say::say,
};

/// The status that clap, too, ends with.
const WRONG_ARGUMENTS: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::typed();
    match run(&cli) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(format_args!("{error:#}"));
            if let Some(Command::Extcap(asked)) = &cli.command {
                asked.hang_up();
            }
            if error.is::<WrongArgument>() || error.is::<Wrong>() {
                return ExitCode::from(WRONG_ARGUMENTS);
            }
            ExitCode::FAILURE
        }
    }
}

/// True: all went well.
fn run(cli: &Cli) -> Result<bool> {
    if let Some(reading) = Reading::new(cli) {
        return read(&reading);
    }
    let plan = match &cli.command {
        Some(Command::Doctor) => return Ok(doctor::run()),
        Some(Command::Explain { asked }) => return explain::verb::run(asked, cli.json),
        Some(Command::Wireshark(wanted)) => return wanted.run(),
        Some(Command::Extcap(asked)) => match asked.plan(cli)? {
            Some(plan) => plan,
            None => return Ok(true),
        },
        Some(Command::Demo) | None => Plan::new(cli),
    };
    if let Some(user) = &plan.user {
        user.become_it()?;
    }
    let namespaces =
        Namespaces::start().context("no process can be started to look into network namespaces")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let recorded = runtime.block_on(async {
        if cli.command == Some(Command::Demo) {
            return demo::run(&plan, namespaces).await;
        }
        let scope = Scope {
            interfaces: Interfaces::new(namespaces),
            wanted: Vec::new(),
            is_confined: true,
        };
        record(&plan, scope, std::future::pending()).await
    });
    // A thread that is stuck in a write keeps nobody waiting.
    runtime.shutdown_background();
    recorded
}
