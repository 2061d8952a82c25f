//! Python, as far as there is one.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use stage::{StageError, companies::root};

use crate::Setting;

/// AWS's own library, in the version that the page's figures are of.
const BOTO3: &str = "boto3==1.44.8";
/// The template's binary whose tick is there in Python too.
const BINARY: &str = "scan";
/// Deflated at the best level, as in a zip.
const DEFLATED: &str = "import sys, zlib; print(len(zlib.compress(open(sys.argv[1], 'rb').read(), 9)))";

/// An interpreter that has boto3.
pub(super) struct Python {
    program: PathBuf,
    folder: PathBuf,
}

impl Python {
    /// The one in `folder`, which is made if it's not there. `None` where the machine has no python3 or nothing can be installed.
    pub(super) fn find(folder: &Path) -> Option<Self> {
        let folder = std::path::absolute(folder).ok()?;
        let environment = folder.join("python");
        let program = environment.join("bin/python3");
        let ran = |command: &mut Command| {
            command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|it| it.success())
        };
        let has_boto3 = || ran(Command::new(&program).args(["-c", "import boto3"]));
        let made = has_boto3()
            || ran(Command::new("python3").args(["-m", "venv"]).arg(&environment))
                && ran(Command::new(&program).args(["-m", "pip", "install", "--quiet", BOTO3]))
                && has_boto3();
        made.then_some(Self { program, folder })
    }

    /// How large a zip of the file would be, in bytes.
    pub(super) fn zipped(&self, file: &Path) -> Result<u64, StageError> {
        let said = Command::new(&self.program).args(["-c", DEFLATED]).arg(file).stdin(Stdio::null()).output()?;
        Ok(String::from_utf8(said.stdout)?.trim().parse()?)
    }

    /// The setting with the tick in Python in place of ours.
    pub(super) fn instead_of(&self, setting: &Setting) -> Result<Setting, StageError> {
        let script = std::path::absolute(root().join("tests/bench/python/tick.py"))?;
        let bootstrap = self.folder.join("tick");
        // Lambda starts whatever is called bootstrap.
        std::fs::write(&bootstrap, format!("#!/bin/sh\nexec '{}' '{}'\n", self.program.display(), script.display()))?;
        executable(&bootstrap)?;
        let mut setting = setting.clone();
        setting.binaries.insert(BINARY.to_owned(), bootstrap);
        Ok(setting)
    }
}

#[cfg(unix)]
fn executable(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}
