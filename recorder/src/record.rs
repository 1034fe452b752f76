//! Leads drops from the ring to the sink until the recording ends, and accounts for each.

use std::{
    future::Future,
    io,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, anyhow, bail};
use droprec_ebpf::record::Wanted;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until};

use crate::{
    decode::Decoder,
    encode::{Format, lines::Lines, pcapng::Pcapng},
    enrich::{Enricher, devices::Devices},
    kernel::{
        checks::{self, Outcome},
        interfaces::Interfaces,
        offsets::{self, Settings},
        probe::{self, Probe},
        reasons::Reasons,
        symbols::Symbols,
    },
    plan::{Form, Plan},
    report::{accounting::Accounting, progress::Progress, table::table},
    signals::{Request, Signals},
    sink::writer::{BATCH, Returned, Writer},
    source::{clock::Clock, ring::Ring},
    text::printable,
};

/// How often what little has come is read and written, and the clock and the losses are looked at.
const TICK: Duration = Duration::from_millis(100);
/// The kernel half wakes the reader when this part of the ring is full.
const WAKE_PART: u32 = 16;
/// How many records are read before anything else is looked at.
const BURST: usize = 4096;

/// Which drops are looked at, and how their interfaces are called.
#[derive(Debug)]
pub struct Scope {
    /// Names of interfaces and namespaces.
    pub interfaces: Interfaces,
    /// Only these; none: all.
    pub wanted: Vec<Wanted>,
}

/// Why a recording ends early, other than by the user's wish.
enum Trouble {
    /// Whoever read the pipe has read enough.
    Closed,
    /// The target takes no more.
    Failed(io::Error),
}

/// A recording that is running.
struct Recording<'a> {
    plan: &'a Plan,
    probe: Probe,
    has_reason: bool,
    ring: Ring,
    decoder: Decoder,
    enricher: Enricher,
    format: Box<dyn Format>,
    writer: Writer,
    /// The batch that is being filled.
    batch: Option<Vec<u8>>,
    /// Drops that were put into a batch.
    encoded: u64,
    /// Of these, those that are known to have been written.
    written: u64,
    /// Bytes written.
    bytes: u64,
    /// Drops that were read and not written.
    unwritten: u64,
    /// Records that came after the last one of `-c`.
    beyond: u64,
    /// Losses that the interfaces know of.
    lost: u64,
    trouble: Option<Trouble>,
}

/// Records as planned, until the user or `done` ends it. True: all that was to be written was written.
pub async fn record(
    plan: &Plan,
    scope: Scope,
    done: impl Future<Output = Result<()>>,
) -> Result<bool> {
    let btf = checks::read_btf();
    for check in checks::essential(&btf) {
        if check.outcome == Outcome::Missing {
            bail!("cannot record: {}: {}", check.name, check.finding);
        }
        if plan.verbose {
            eprintln!("{}: {}", check.name, check.finding);
        }
    }
    let btf = btf?;
    let settings = Settings {
        snaplen: plan.snaplen,
        wake: if plan.packet_buffered {
            0
        } else {
            plan.ring / WAKE_PART
        },
        filter: !scope.wanted.is_empty(),
        all: plan.all,
    };
    let config = offsets::config(&btf, settings)?;
    let file = plan.target.open(plan.form == Form::Pcapng)?;
    let (mut probe, ring) = probe::load(config, plan.ring, &scope.wanted)?;
    let ring = Ring::new(ring).context("the ring cannot be waited for")?;
    let mut signals = Signals::catch().context("signals cannot be caught")?;

    let mut format: Box<dyn Format> = match plan.form {
        Form::Pcapng => Box::new(Pcapng::default()),
        Form::Lines => Box::new(Lines::new(plan.verbose)),
    };
    let mut head = Vec::new();
    format.begin(&mut head, &about(plan))?;
    let mut writer = Writer::start(file, format.whole()).context("no thread to write with")?;
    writer.take();
    writer.write(head);

    probe.attach()?;
    let started = now();
    if !plan.quiet {
        eprintln!(
            "droprec: recording to {}; Ctrl-C ends it",
            plan.target.name()
        );
    }
    // From here on drops are kept; all that can wait comes after.
    let symbols = Symbols::read();
    let names = checks::names(&symbols);
    if names.outcome != Outcome::Good {
        eprintln!("droprec: {}: {}", names.name, names.finding);
    }
    if plan.verbose
        && let Some(reason) = &probe.without_untagged
    {
        eprintln!("droprec: VLAN tags that the stack forgets are not kept: {reason}");
    }
    let mut recording = Recording {
        plan,
        probe,
        has_reason: config.arguments > 2,
        ring,
        decoder: Decoder::new(plan.snaplen, Clock::new()),
        enricher: Enricher::new(
            symbols.unwrap_or_default(),
            Reasons::new(&btf),
            Devices::new(scope.interfaces),
        ),
        format,
        writer,
        batch: None,
        encoded: 0,
        written: 0,
        bytes: 0,
        unwritten: 0,
        beyond: 0,
        lost: 0,
        trouble: None,
    };
    drop(btf);
    let ended = recording.run(&mut signals, done).await;
    recording.finish(&mut signals, started).await?;
    ended?;
    recording.report()
}

/// What the file says of its own making.
fn about(plan: &Plan) -> String {
    let arguments: Vec<String> = std::env::args_os()
        .map(|argument| printable(&argument.to_string_lossy()))
        .collect();
    format!(
        "{}; ring of {} KiB, snaplen {}",
        arguments.join(" "),
        plan.ring / 1024,
        plan.snaplen
    )
}

/// Nanoseconds since 1970 UTC.
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as u64)
}

impl Recording<'_> {
    async fn run(
        &mut self,
        signals: &mut Signals,
        done: impl Future<Output = Result<()>>,
    ) -> Result<()> {
        let mut progress = Progress::new(!self.plan.quiet && self.plan.form == Form::Pcapng);
        let end = self
            .plan
            .duration
            .and_then(|duration| Instant::now().checked_add(duration));
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tokio::pin!(done);
        loop {
            let more = self.drain()?;
            if self.is_complete() || self.trouble.is_some() {
                progress.clear();
                return Ok(());
            }
            if self.plan.packet_buffered {
                self.flush();
            }
            tokio::select! {
                biased;
                request = signals.next() => {
                    progress.clear();
                    match request {
                        Request::Stop => return Ok(()),
                        Request::Report => self.show(&self.accounting()?),
                    }
                }
                () = sleep_until(end.unwrap_or_else(Instant::now)), if end.is_some() => {
                    progress.clear();
                    return Ok(());
                }
                result = &mut done => {
                    progress.clear();
                    return result;
                }
                _ = tick.tick() => {
                    self.flush();
                    self.decoder.look_at_the_clock();
                    self.note_losses()?;
                    if progress.is_due() {
                        progress.draw(&self.accounting()?, self.bytes);
                    }
                }
                Some(returned) = self.writer.returned() => self.take_back(returned),
                () = std::future::ready(()), if more => {}
                woken = self.ring.woken() => woken.context("the ring cannot be waited for")?,
            }
        }
    }

    /// As many drops as `-c` asked for.
    fn is_complete(&self) -> bool {
        self.plan.count.is_some_and(|count| self.encoded >= count)
    }

    /// Reads the ring. True: there may be more in it, and room for it.
    fn drain(&mut self) -> Result<bool> {
        for _ in 0..BURST {
            if self.is_complete() {
                return Ok(false);
            }
            // A failed writer takes nothing more; what is still read is only counted.
            let mut unused = Vec::new();
            let out = if self.trouble.is_some() {
                &mut unused
            } else {
                if self.batch.is_none() {
                    self.batch = self.writer.take();
                }
                match &mut self.batch {
                    Some(batch) => batch,
                    None => return Ok(false),
                }
            };
            let (decoder, enricher, format) =
                (&mut self.decoder, &mut self.enricher, &mut self.format);
            let taken = self.ring.next(|item| -> Result<()> {
                let event = decoder
                    .decode(item)
                    .context("a record of the kernel half is cut short")?;
                let (finding, devices) = enricher.enrich(&event);
                format.finding(out, &finding, devices)
            });
            let is_full = out.len() >= BATCH;
            match taken {
                None => return Ok(false),
                Some(result) => result?,
            }
            if self.trouble.is_some() {
                self.unwritten += 1;
                continue;
            }
            self.encoded += 1;
            if is_full {
                self.flush();
            }
        }
        Ok(true)
    }

    /// Hands over what is in the batch.
    fn flush(&mut self) {
        if let Some(batch) = self.batch.take_if(|batch| !batch.is_empty()) {
            self.writer.write(batch);
        }
    }

    /// Counts what became of a batch.
    fn take_back(&mut self, returned: Returned) {
        let Returned {
            batch,
            written,
            error,
        } = returned;
        let (reached, not) = batch.split_at(written);
        self.bytes += written as u64;
        self.format.findings(reached, &mut |_| self.written += 1);
        self.format.findings(not, &mut |device| {
            self.unwritten += 1;
            self.enricher.devices.get_mut(device).unwritten += 1;
        });
        if let Some(error) = error {
            self.trouble = Some(match error.kind() {
                io::ErrorKind::BrokenPipe => Trouble::Closed,
                _ => Trouble::Failed(error),
            });
        }
        self.writer.recycle(batch);
    }

    /// Lets the interfaces know what the ring had no room for, so that the file tells of it where it happened.
    fn note_losses(&mut self) -> Result<()> {
        let lost = self.probe.counters()?.lost;
        if lost == self.lost {
            return Ok(());
        }
        self.lost = lost;
        let mut totals = std::collections::HashMap::new();
        for (kind, count) in self.probe.lost_by_kind()? {
            *totals.entry((kind.netns, kind.ifindex)).or_insert(0) += count;
        }
        for ((netns, ifindex), total) in totals {
            self.enricher.devices.set_lost(netns, ifindex, total);
        }
        Ok(())
    }

    /// The books as they stand. While drops are on their way they do not balance yet.
    fn accounting(&self) -> Result<Accounting> {
        let counters = self.probe.counters()?;
        let nested = counters.nested + self.probe.recursion_misses();
        Ok(Accounting {
            seen: counters.seen + nested - self.beyond,
            written: self.written,
            filtered: counters.filtered,
            suppressed: counters.suppressed,
            ring_full: counters.lost,
            nested,
            unwritten: self.unwritten,
        })
    }

    /// Ends the recording: nothing new comes, all that came is written, and the books are closed.
    async fn finish(&mut self, signals: &mut Signals, started: u64) -> Result<()> {
        self.probe.detach()?;
        self.settle().await?;
        if self.is_complete() {
            while self.ring.next(|_| ()).is_some() {
                self.beyond += 1;
            }
        }
        loop {
            let more = self.drain()?;
            self.flush();
            if !more && self.writer.is_idle(usize::from(self.batch.is_some())) {
                break;
            }
            tokio::select! {
                biased;
                request = signals.next() => match request {
                    Request::Stop => return self.abandon(),
                    Request::Report => self.show(&self.accounting()?),
                },
                Some(returned) = self.writer.returned() => self.take_back(returned),
            }
        }
        self.note_losses()?;
        for (kind, lost) in self.probe.lost_by_kind()? {
            self.enricher.count_lost(&kind, self.has_reason, lost);
        }
        let accounting = self.accounting()?;
        if self.trouble.is_none() {
            let devices = self.enricher.devices.all();
            let mut tail = self
                .batch
                .take()
                .or_else(|| self.writer.take())
                .unwrap_or_default();
            self.format.end(
                &mut tail,
                devices,
                &accounting.by_device(devices),
                (started, now()),
            )?;
            self.writer.write(tail);
            tokio::select! {
                request = signals.next() => if request == Request::Stop { return self.abandon(); },
                Some(returned) = self.writer.returned() => self.take_back(returned),
            }
        }
        Ok(())
    }

    /// Waits until no processor runs the program any more: one may have been at it when it was taken away.
    async fn settle(&mut self) -> Result<()> {
        let patience = Instant::now() + Duration::from_secs(1);
        loop {
            let counters = self.probe.counters()?;
            let done = counters.recorded + counters.filtered + counters.suppressed + counters.lost;
            if (counters.busy == 0 && counters.seen == done) || Instant::now() > patience {
                return Ok(());
            }
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// The user does not want to wait for a target that takes nothing.
    fn abandon(&mut self) -> Result<()> {
        let waiting = self.encoded - self.written - self.unwritten;
        Err(anyhow!(
            "{} does not take what is recorded; {waiting} drops are lost with it",
            self.plan.target.name()
        ))
    }

    /// Shows the books, and says what went wrong.
    fn report(&mut self) -> Result<bool> {
        let accounting = self.accounting()?;
        if !self.plan.quiet || accounting.lost() > 0 {
            self.show(&accounting);
        }
        if accounting.on_the_way() > 0 {
            eprintln!(
                "droprec: {} drops are unaccounted for: a mistake of droprec's own",
                accounting.on_the_way()
            );
        }
        match self.trouble.take() {
            None => Ok(accounting.on_the_way() == 0),
            Some(Trouble::Closed) => Ok(true),
            Some(Trouble::Failed(error)) => Err(anyhow!(error).context(format!(
                "cannot write {} any further: what is in it is whole; make room, or choose another place with -w",
                self.plan.target.name()
            ))),
        }
    }

    fn show(&self, accounting: &Accounting) {
        if !self.plan.quiet
            && let Some(table) = table(&self.enricher.rows, &self.enricher.devices)
        {
            eprintln!("{table}");
        }
        eprintln!("{accounting}");
    }
}
