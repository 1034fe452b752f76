//! Opens what is written to, and knows before the first drop whether it can be.

use std::{
    fs::File,
    io,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, anyhow, bail};
use tokio::time::{sleep, timeout};

use super::{failure::remedy, now};
use crate::{
    cli::WrongArgument,
    plan::{Form, Plan},
    privileges::Confinement,
    report::say::say,
    signals::{Request, Signals},
    sink::{
        series::{Begin, Series},
        target::{Target, unwritable},
        writer::{Batch, Manner, Writer},
    },
    text::printable,
};

/// How long until a look is taken again whether a pipe has a reader.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// How long a file may take to be begun, or a pipe to be read, before it is told that a signal gives it up.
const PATIENCE: Duration = Duration::from_secs(1);

/// Refuses what many files cannot be written to: beside a device or a pipe there are none with numbers. And a directory in which
/// later files cannot be made, as capabilities are given up before.
pub(super) fn must_fit(plan: &Plan, confinement: Option<&Confinement>) -> Result<()> {
    let which = if plan.flight_recorder.is_some() {
        Some("--flight-recorder writes")
    } else if plan.rotation.is_any() {
        Some("-C and -G write")
    } else {
        None
    };
    if let Some(which) = which
        && plan.target.is_special()
    {
        let name = plan.target.name();
        return Err(WrongArgument(format!(
            "{which} files, and {name} is none: name one with -w FILE"
        ))
        .into());
    }
    if let Some(confinement) = confinement
        && let Some(directory) = confinement.unfit()?
    {
        let name = printable(&directory.to_string_lossy());
        if !directory.is_dir() {
            bail!(
                "cannot write files in {name}: there is no such directory; make it, or choose another one"
            );
        }
        bail!(
            "cannot write files in {name} while drops are recorded, when rights are given up: choose a directory of your own, or with -Z USER a user who may write there"
        );
    }
    Ok(())
}

/// What is written to, and not written to yet.
pub(super) struct Opened {
    pub(super) file: File,
    /// What to call it.
    pub(super) name: String,
    path: PathBuf,
    series: Option<Series>,
}

impl Opened {
    /// Starts to write.
    pub(super) fn writer(self, manner: Manner, confinement: Option<Confinement>) -> Result<Writer> {
        let Self {
            file, path, series, ..
        } = self;
        Writer::start(file, path, manner, series, confinement).context("no thread to write with")
    }
}

/// Opens it, the first file of a rotation too. A pipe is waited for until somebody reads it, or a signal ends that.
pub(super) async fn open(plan: &Plan, signals: &mut Signals) -> Result<Opened> {
    let mut series = plan.series();
    let mut target = plan.target.clone();
    let file = match series.as_mut().filter(|_| plan.rotation.is_any()) {
        None => open_target(plan, signals).await?,
        Some(series) => {
            let (path, file) = series.begin(Begin::Period(now()));
            target = Target::File(path);
            file.map_err(|error| unwritable(error, &target))?
        }
    };
    Ok(Opened {
        file,
        name: target.name(),
        path: target.path(),
        series,
    })
}

async fn open_target(plan: &Plan, signals: &mut Signals) -> Result<File> {
    let is_unread = |error: &anyhow::Error| {
        let error = error.downcast_ref::<io::Error>();
        error.is_some_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    };
    let (began, mut is_told) = (Instant::now(), false);
    loop {
        match plan.target.open(plan.form == Form::Pcapng) {
            Err(error) if is_unread(&error) => {}
            opened => return opened,
        }
        if !is_told && began.elapsed() > PATIENCE {
            is_told = true;
            let name = plan.target.name();
            say(format_args!(
                "waiting for somebody to read {name}; Ctrl-C gives it up"
            ));
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
            say(format_args!(
                "waiting for {name} to take its beginning; Ctrl-C gives it up"
            ));
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
