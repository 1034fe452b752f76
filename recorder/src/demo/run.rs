//! Causes the drops while they are recorded.

use std::time::Duration;

use anyhow::{Context as _, Result};
use droprec_ebpf::record::Wanted;
use tokio::{task::spawn_blocking, time::sleep};

use super::{KINDS, Lab, Outcome};
use crate::{
    kernel::{interfaces::Interfaces, namespaces::Namespaces},
    plan::{Plan, Voice},
    record::{Scope, record},
    report::say::say,
};

/// A drop may be left to `ksoftirqd`; it is done by then.
const SETTLE: Duration = Duration::from_millis(300);

/// Records one drop of each kind, and nothing else. True: all that was to be written was written.
pub async fn run(plan: &Plan, namespaces: Namespaces) -> Result<bool> {
    let lab = Lab::new().context("the demo's network namespaces cannot be made: it takes root")?;
    let mut interfaces = Interfaces::new(namespaces);
    let mut wanted = Vec::new();
    for (netns, name) in lab.namespaces() {
        interfaces.call(*netns, name);
        wanted.push(Wanted {
            netns: *netns,
            ifindex: 0,
        });
    }
    // What causes the drops takes all rights that there are.
    let scope = Scope {
        interfaces,
        wanted,
        is_confined: false,
    };
    record(plan, scope, cause(lab, plan.voice)).await
}

async fn cause(lab: Lab, voice: Voice) -> Result<()> {
    let lab = spawn_blocking(move || -> Result<Lab> {
        for kind in KINDS {
            if voice == Voice::Verbose {
                say(format_args!("{}: {}", kind.name, kind.expect));
            }
            let outcome = kind
                .cause(&lab)
                .with_context(|| format!("the demo's drop \"{}\"", kind.name))?;
            if let Outcome::Skipped(why) = outcome
                && voice != Voice::Quiet
            {
                say(format_args!("no {}: {why}", kind.name));
            }
        }
        Ok(lab)
    })
    .await
    .context("the demo panicked")??;
    sleep(SETTLE).await;
    drop(lab);
    Ok(())
}
