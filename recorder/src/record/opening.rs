//! Opens what is written to, and knows before the first drop whether it can be.

use std::{fs::File, io, time::Duration};

use anyhow::{Result, anyhow, bail};
use tokio::time::{sleep, timeout};

use super::failure::remedy;
use crate::{
    cli::WrongArgument,
    plan::{Form, Plan},
    privileges::Confinement,
    signals::{Request, Signals},
    sink::writer::{Batch, Writer},
};

/// How long until a look is taken again whether a pipe has a reader.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// How long a file may take to be begun before a signal gives it up.
const PATIENCE: Duration = Duration::from_secs(1);

/// Refuses what a flight recorder cannot write to: beside a device or a pipe there are no files with numbers. And a directory in
/// which later files cannot be made, as capabilities are given up before.
pub(super) fn must_fit(plan: &Plan, confinement: Option<&Confinement>) -> Result<()> {
    if plan.flight_recorder.is_some() && plan.target.is_special() {
        let name = plan.target.name();
        return Err(WrongArgument(format!(
            "--flight-recorder writes files, and {name} is none: name one with -w FILE"
        ))
        .into());
    }
    if let Some(confinement) = confinement
        && !confinement.fits()?
    {
        let name = plan.target.name();
        bail!(
            "cannot write files beside {name} while drops are recorded, when rights are given up: choose a directory of your own with -w, or with -Z USER a user who may write there"
        );
    }
    Ok(())
}

/// Opens it. A pipe is waited for until somebody reads it, or a signal ends that.
pub(super) async fn open(plan: &Plan, signals: &mut Signals) -> Result<File> {
    let is_unread = |error: &anyhow::Error| {
        let error = error.downcast_ref::<io::Error>();
        error.is_some_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    };
    loop {
        match plan.target.open(plan.form == Form::Pcapng) {
            Err(error) if is_unread(&error) => {}
            opened => return opened,
        }
        tokio::select! {
            biased;
            request = signals.next() => if request == Request::Stop {
                bail!("nothing was recorded: nobody reads {}", plan.target.name());
            },
            () = sleep(BETWEEN_LOOKS) => {}
        }
    }
}

/// Begins a file. Of a flight recorder it is waited for, as nothing else is written for a long time: who finds the disk full
/// then has lost what it was there for.
pub(super) async fn begin(
    plan: &Plan,
    writer: &mut Writer,
    head: Batch,
    signals: &mut Signals,
) -> Result<()> {
    writer.write(head);
    if plan.flight_recorder.is_none() {
        return Ok(());
    }
    let name = plan.target.name();
    // A signal that came before is the recording's to obey, unless there will be none.
    let returned = match timeout(PATIENCE, writer.returned()).await {
        Ok(returned) => returned,
        Err(_) => loop {
            tokio::select! {
                biased;
                returned = writer.returned() => break returned,
                request = signals.next() => if request == Request::Stop {
                    bail!("nothing was recorded: {name} takes nothing");
                },
            }
        },
    };
    let Some(returned) = returned else {
        return Ok(());
    };
    if let Some(error) = returned.error {
        let remedy = remedy(&error);
        return Err(anyhow!(error).context(format!(
            "cannot write {name}: {remedy}, or choose another place with -w"
        )));
    }
    writer.recycle(returned.batch);
    Ok(())
}
