//! What a recording tells systemd, where that has started it and asks for it (`sd_notify(3)`, `Type=notify`).

use sd_notify::{NotifyState, notify};

use crate::report::say::say;

/// Drops are recorded from now on: what was to start after this may.
pub(super) fn ready() {
    tell(NotifyState::Ready);
}

/// It is being ended, which takes as long as what is recorded takes to be written.
pub(super) fn stopping() {
    tell(NotifyState::Stopping);
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = notify(&[state]) {
        say(format_args!(
            "systemd cannot be told of the recording: {error}; a unit with Type=exec does not ask for it"
        ));
    }
}
