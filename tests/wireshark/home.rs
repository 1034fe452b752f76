//! A home with droprec's files for Wireshark in it, and the programs of the user that it belongs to.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt as _, chown},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::LazyLock,
};

use droprec_testbed::run;
use tempfile::TempDir;

use crate::DROPREC;

/// `nobody` and `nogroup`.
pub(crate) const NOBODY: u32 = 65_534;

/// What a recording takes, to its last detail.
pub(crate) const RIGHTS: &str = "+bpf,+perfmon,+syslog,+sys_admin";

/// Before 4.4 the folder for programs that capture is one for all users, unless a variable names another one.
static HAS_SHARED_EXTCAP: LazyLock<bool> =
    LazyLock::new(|| !run("tshark", &["-G", "folders"]).contains("Personal Extcap path"));

/// What tshark says on standard error although nothing is wrong with what it was given.
const HARMLESS: [&str; 2] = [
    // A plugin of its own lacks a library while Debian's unstable is in motion.
    "tshark: Couldn't load plugin 'falco-events.so'",
    "nl80211 not found.",
];

/// A home, of `nobody`. It goes when dropped.
pub(crate) struct Home {
    directory: TempDir,
}

impl Home {
    /// With nothing in it.
    pub(crate) fn empty() -> Self {
        let directory = tempfile::tempdir().expect("a directory under /tmp");
        let home = Self { directory };
        let open = || Permissions::from_mode(0o755);
        fs::set_permissions(home.directory.path(), open()).expect("the test's own");
        fs::create_dir(home.path()).expect("a directory in the test's own");
        chown(home.path(), Some(NOBODY), Some(NOBODY)).expect("root may");
        // The one under test may lie where only root gets.
        fs::copy(DROPREC, home.program()).expect("a copy of droprec");
        fs::set_permissions(home.program(), open()).expect("the test's own");
        home
    }

    /// With all that `--install` puts into it.
    pub(crate) fn installed() -> Self {
        let home = Self::empty();
        home.droprec(&["wireshark", "--install"]);
        home
    }

    /// With all but the plugin.
    pub(crate) fn without_plugin() -> Self {
        let home = Self::installed();
        fs::remove_file(home.plugin()).expect("it was installed");
        home
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("home")
    }

    /// A directory beside the home, which is root's.
    pub(crate) fn outside(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn program(&self) -> PathBuf {
        self.directory.path().join("droprec")
    }

    pub(crate) fn plugin(&self) -> PathBuf {
        self.path().join(".local/lib/wireshark/plugins/droprec.lua")
    }

    pub(crate) fn profile(&self) -> PathBuf {
        self.path().join(".config/wireshark/profiles/droprec")
    }

    /// `program` as the user, with these capabilities alone.
    pub(crate) fn command(&self, capabilities: &str, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        if !capabilities.is_empty() {
            command.args(["--inh-caps", capabilities, "--ambient-caps", capabilities]);
        }
        command.arg(program.as_ref());
        self.surround(&mut command);
        command
    }

    /// The user's surroundings.
    pub(crate) fn surround(&self, command: &mut Command) {
        command
            .env("HOME", self.path())
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("SUDO_UID")
            .env("LC_ALL", "C.UTF-8");
        if *HAS_SHARED_EXTCAP {
            command.env("WIRESHARK_EXTCAP_DIR", self.path().join("extcap"));
        }
    }

    /// What the user's droprec prints. It must succeed.
    pub(crate) fn droprec(&self, arguments: &[&str]) -> String {
        let mut command = self.command("", self.program());
        printed(command.args(arguments), &[])
    }

    /// What the user's tshark prints. It must succeed, and complain of nothing.
    pub(crate) fn tshark(&self, arguments: &[&str]) -> String {
        let mut command = self.command("", "tshark");
        printed(command.args(arguments), &HARMLESS)
    }

    /// These fields of every packet of a file, as the user's tshark has them, with further arguments.
    pub(crate) fn fields(&self, more: &[&str], fields: &[&str], file: &Path) -> Vec<Vec<String>> {
        let file = file.to_str().expect("a path of letters and digits");
        // What none of the values has in it.
        let form = [
            "-n",
            "-T",
            "fields",
            "-E",
            "separator=/t",
            "-E",
            "aggregator=|",
        ];
        let mut arguments = [&form[..], more, &["-r", file]].concat();
        arguments.extend(fields.iter().flat_map(|field| ["-e", field]));
        let printed = self.tshark(&arguments);
        printed
            .lines()
            // From 4.4 on, backslashes are doubled.
            .map(|line| line.replace(r"\\", r"\"))
            .map(|line| line.split('\t').map(str::to_owned).collect())
            .collect()
    }
}

/// What a command prints on standard output; on standard error it may only say what is harmless.
pub(crate) fn printed(command: &mut Command, harmless: &[&str]) -> String {
    let output: Output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?} does not run: {error}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    let complaints: Vec<&str> = stderr
        .lines()
        .filter(|line| !harmless.iter().any(|harmless| line.starts_with(harmless)))
        .collect();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && complaints.is_empty(),
        "{command:?}: {}, complains {complaints:#?}, prints {stdout}",
        output.status
    );
    stdout
}
