//! The program `droprec`.

use std::process::ExitCode;

use anyhow::Result;
use droprec::{
    cli::{Cli, Command},
    demo, doctor,
    kernel::interfaces::Interfaces,
    plan::Plan,
    record::{Scope, record},
    report::say::say,
};

fn main() -> ExitCode {
    let cli = Cli::typed();
    match run(&cli) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// True: all went well.
fn run(cli: &Cli) -> Result<bool> {
    if cli.command == Some(Command::Doctor) {
        return Ok(doctor::run());
    }
    let plan = Plan::new(cli);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let recorded = runtime.block_on(async {
        if cli.command == Some(Command::Demo) {
            return demo::run(&plan).await;
        }
        let scope = Scope {
            interfaces: Interfaces::new(),
            wanted: Vec::new(),
        };
        record(&plan, scope, std::future::pending()).await
    });
    // A thread that is stuck in a write keeps nobody waiting.
    runtime.shutdown_background();
    recorded
}
