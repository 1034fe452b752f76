//! What `droprec wireshark` puts into a home, and takes away again.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    DROPREC,
    home::{Home, NOBODY, printed},
};

/// All files below a directory.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("it is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What each of them was said to be, in the words before the path.
fn said<'a>(text: &'a str, path: &Path) -> &'a str {
    let path = path.to_str().expect("a path of letters and digits");
    let line = text.lines().find(|line| line.ends_with(path));
    let line = line.unwrap_or_else(|| panic!("nothing of {path} in {text}"));
    line.trim_end_matches(path).trim()
}

#[test]
fn without_an_option_it_says_what_it_would_do_and_does_nothing() {
    let home = Home::empty();
    let text = home.droprec(&["wireshark"]);
    assert!(files(&home.path()).is_empty());
    assert_eq!(said(&text, &home.plugin()), "would install");
    assert!(text.contains("--install"), "{text}");
}

#[test]
fn what_was_installed_is_taken_away_again_and_nothing_else() {
    let home = Home::empty();
    let config = home.path().join(".config/wireshark");
    fs::create_dir_all(&config).expect("root may");
    fs::write(config.join("preferences"), "# the user's\n").expect("root may");
    std::os::unix::fs::chown(home.path().join(".config"), Some(NOBODY), Some(NOBODY))
        .expect("root may");
    std::os::unix::fs::chown(&config, Some(NOBODY), Some(NOBODY)).expect("root may");
    let before = files(&home.path());
    let text = home.droprec(&["wireshark", "--install"]);
    let installed = files(&home.path());
    assert!(installed.len() > before.len() + 5, "{installed:?}");
    for file in installed.iter().filter(|file| !before.contains(file)) {
        assert_eq!(said(&text, file), "installed");
        assert_eq!(fs::metadata(file).expect("it is there").uid(), NOBODY);
    }
    let again = home.droprec(&["wireshark", "--install"]);
    assert_eq!(said(&again, &home.plugin()), "is there");
    assert_eq!(files(&home.path()), installed);
    // Wireshark writes this one by itself.
    fs::write(home.profile().join("recent"), "# Wireshark's\n").expect("root may");
    let text = home.droprec(&["wireshark", "--uninstall"]);
    assert_eq!(said(&text, &home.plugin()), "removed");
    assert_eq!(files(&home.path()), before);
    assert!(!home.profile().exists());
}

#[test]
fn a_file_that_the_user_has_changed_is_left_and_one_of_an_earlier_droprec_is_not() {
    let home = Home::installed();
    let (colours, plugin) = (home.profile().join("colorfilters"), home.plugin());
    let mine =
        fs::read_to_string(&colours).expect("it is installed") + "@Mine@tcp@[0,0,0][1,1,1]\n";
    fs::write(&colours, &mine).expect("root may");
    // What an earlier droprec wrote has a checksum that is right, and other text: that of another file of this one.
    let wanted = fs::read(&plugin).expect("it is installed");
    let earlier = fs::read(home.profile().join("io_graphs")).expect("it is installed");
    fs::write(&plugin, earlier).expect("root may");
    for option in ["--install", "--uninstall"] {
        let text = home.droprec(&["wireshark", option]);
        assert_eq!(said(&text, &colours), "changed, left");
        assert_eq!(fs::read_to_string(&colours).expect("it is left"), mine);
        if option == "--install" {
            assert_eq!(said(&text, &plugin), "updated");
            assert_eq!(fs::read(&plugin).expect("it is there"), wanted);
        }
    }
    assert_eq!(files(&home.profile()), [colours]);
}

/// `droprec wireshark --install` as root, with sudo's variable, where `getent` says that `nobody` lives in this home.
fn with_sudo(home: &Home) -> Command {
    let programs = home.outside().join("bin");
    fs::create_dir_all(&programs).expect("the test's own");
    let line = format!(
        "nobody:x:{NOBODY}:{NOBODY}::{}:/bin/sh",
        home.path().display()
    );
    let getent = programs.join("getent");
    let script = format!("#!/bin/sh\n[ \"$*\" = 'passwd {NOBODY}' ] && echo '{line}'\n");
    fs::write(&getent, script).expect("the test's own");
    fs::set_permissions(&getent, fs::Permissions::from_mode(0o755)).expect("the test's own");
    let path = std::env::var("PATH").expect("there is a path");
    let mut command = Command::new(DROPREC);
    command.args(["wireshark", "--install"]);
    home.surround(&mut command);
    command
        .env("PATH", format!("{}:{path}", programs.display()))
        .env("HOME", home.outside())
        .env("SUDO_UID", NOBODY.to_string());
    command
}

#[test]
fn with_sudo_it_is_for_the_user_behind_it_who_then_has_the_files() {
    let home = Home::empty();
    // Before 4.4 this folder is root's, and for all.
    let _ = fs::create_dir(home.path().join("extcap"));
    let text = printed(&mut with_sudo(&home), &[]);
    let first = format!(
        "For nobody, who is behind sudo, in {}:",
        home.path().display()
    );
    assert!(text.starts_with(&first), "{text}");
    assert_eq!(said(&text, &home.plugin()), "installed");
    for file in files(&home.path()) {
        if file.parent() != Some(&home.path().join("extcap")) {
            let owner = fs::metadata(&file).expect("it is there").uid();
            assert_eq!(owner, NOBODY, "{}", file.display());
        }
    }
    let strays: Vec<PathBuf> = files(home.outside())
        .into_iter()
        .filter(|file| !file.starts_with(home.path()))
        .collect();
    assert_eq!(strays, [home.outside().join("bin/getent"), home.program()]);
}

#[test]
fn with_sudo_a_link_in_the_home_leads_root_nowhere() {
    let home = Home::empty();
    let secret = home.outside().join("roots");
    fs::write(&secret, "").expect("the test's own");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).expect("the test's own");
    let folder = home.plugin();
    let folder = folder.parent().expect("a path with folders");
    fs::create_dir_all(folder).expect("root may");
    symlink(&secret, home.plugin()).expect("root may");
    let output = with_sudo(&home).output().expect("droprec runs");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read(&secret).expect("it is there"), b"");
}
