//! Programs that run under strace.

use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::{fs, io};

/// The program under strace with these options, with its arguments and its environment.
pub(crate) fn under_strace<'a>(
    program: &Command,
    options: impl IntoIterator<Item = &'a str>,
) -> Command {
    let mut strace = Command::new("strace");
    strace.args(["-f", "--seccomp-bpf"]).args(options);
    strace.arg("--").arg(program.get_program());
    strace.args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => strace.env(name, value),
            None => strace.env_remove(name),
        };
    }
    strace
}

/// A program that runs under strace. Gone when dropped.
#[derive(Debug)]
pub struct Traced {
    tracer: Child,
}

impl Traced {
    /// Starts what [`under_strace`] gave.
    pub(crate) fn start(mut strace: Command) -> Self {
        strace.stdin(Stdio::null()).stdout(Stdio::piped());
        Self {
            tracer: strace.spawn().expect("start strace"),
        }
    }

    /// The standard output of the program, to be read once.
    pub fn take_stdout(&mut self) -> impl io::Read + use<> {
        self.tracer.stdout.take().expect("standard output, once")
    }

    /// Asks the program to end, and waits until it has.
    pub fn stop(mut self) {
        let program = program_under(&self.tracer).expect("a program that is running");
        assert!(signal("-TERM", program), "stop process {program}");
        self.tracer.wait().expect("wait for strace");
    }
}

/// A test that fails in between leaves nothing running.
impl Drop for Traced {
    fn drop(&mut self) {
        if matches!(self.tracer.try_wait(), Ok(None)) {
            if let Some(program) = program_under(&self.tracer) {
                signal("-KILL", program);
            }
            // It ends with the program.
            let _ = self.tracer.wait();
        }
    }
}

/// The process that strace runs, while it runs.
fn program_under(tracer: &Child) -> Option<u32> {
    let number = tracer.id();
    let children = format!("/proc/{number}/task/{number}/children");
    let children = fs::read_to_string(children).ok()?;
    children.split_whitespace().next()?.parse().ok()
}

fn signal(name: &str, process: u32) -> bool {
    let sent = Command::new("kill")
        .args([name, &process.to_string()])
        .status();
    sent.is_ok_and(|status| status.success())
}

/// Whether this machine lets us trace.
pub(crate) fn can_trace() -> bool {
    static CAN_TRACE: OnceLock<bool> = OnceLock::new();
    *CAN_TRACE.get_or_init(|| {
        let mut tracing = Command::new("strace");
        tracing
            .args(["-f", "--seccomp-bpf", "-o", "/dev/null", "--", "true"])
            .stderr(Stdio::null());
        tracing.status().is_ok_and(|status| status.success())
    })
}
