//! A disk that fails, for one program only: strace answers some of its calls with an error in the
//! system's place.

use std::path::Path;
use std::process::Command;

use crate::skipped::report_skipped;
use crate::traced::{Traced, can_trace, under_strace};

/// Which calls fail, on which file, and how.
#[derive(Debug, Clone, Copy)]
pub struct Fault<'a> {
    /// The file as it is named in the call or was opened by; every file where none is given.
    pub file: Option<&'a Path>,
    /// The calls, as `fsync,fdatasync`.
    pub calls: &'a str,
    /// What they answer, as `EIO`, `ENOSPC`.
    pub error: &'a str,
    /// Which of them, counted in each thread, as strace's `when=` takes it: `3`, `3..5`, `3+`.
    pub when: &'a str,
}

/// The same program on a disk with this fault. Gives `None` where strace cannot be used, having said
/// that the calling test is skipped; panics there when `CI` is `true`.
pub fn with_fault(program: &Command, fault: Fault<'_>) -> Option<Command> {
    if !can_trace() {
        report_skipped("calls cannot be made to fail (apt-get install strace)");
        return None;
    }
    let Fault {
        file,
        calls,
        error,
        when,
    } = fault;
    let file = file.map(|file| file.to_str().expect("a path in UTF-8"));
    let traced = format!("trace={calls}");
    let injected = format!("inject={calls}:error={error}:when={when}");
    let mut options = vec!["-o", "/dev/null", "-e", &traced, "-e", &injected];
    options.extend(file.into_iter().flat_map(|file| ["-P", file]));
    Some(under_strace(program, options))
}

/// Starts the program on a disk with this fault; `None` as [`with_fault`].
pub fn start_with_fault(program: &Command, fault: Fault<'_>) -> Option<Traced> {
    with_fault(program, fault).map(Traced::start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_calls_asked_for_fail() {
        let folder = tempfile::tempdir().expect("a folder");
        let (broken, sound) = (folder.path().join("broken"), folder.path().join("sound"));
        let write_into = |file: &Path| {
            let mut shell = Command::new("sh");
            shell.args(["-c", r#"echo one > "$0"; echo two >> "$0""#]);
            shell.arg(file);
            let fault = Fault {
                file: Some(&broken),
                calls: "write",
                error: "ENOSPC",
                when: "2+",
            };
            let mut shell = with_fault(&shell, fault)?;
            Some(shell.output().expect("run a shell").status.success())
        };
        let (Some(on_broken), Some(on_sound)) = (write_into(&broken), write_into(&sound)) else {
            return;
        };
        assert_eq!((on_broken, on_sound), (false, true));
        let content = |file| std::fs::read_to_string(file).expect("read back");
        assert_eq!(content(&broken), "one\n");
        assert_eq!(content(&sound), "one\ntwo\n");
    }
}
