//! Records what a program does to one folder, and what it says, by tracing its system calls.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

use super::Recording;
use super::present::Present;
use super::steps::Translator;
use super::trace::read_moments;
use crate::skipped::report_skipped;

/// The calls that write, name, flush and speak. Reading calls and locks are left out.
const TRACED: &str = "trace=openat,open,creat,close,write,writev,pwrite64,pwritev,pwritev2,lseek,\
    fsync,fdatasync,sync_file_range,ftruncate,truncate,fallocate,rename,renameat,renameat2,unlink,\
    unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,symlinkat,copy_file_range,sendfile,splice,\
    sendto,sendmsg,mmap,dup,dup2,dup3";

/// How the disk under the recorded program takes a flush.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flushes {
    /// As the system does.
    Honest,
    /// It says that it has, and has not: for every program above it as though it had been told
    /// never to flush.
    Lying,
    /// Some fail with EIO, in each thread those with these numbers, in the words of strace's
    /// `when=`: `10..12`, `10+`.
    Failing(&'static str),
}

/// Records programs that run one after the other.
#[derive(Debug)]
pub struct Recorder {
    root: PathBuf,
    present: Present,
    flushes: Flushes,
    traces: TempDir,
    count: usize,
}

/// A program that is being recorded.
#[derive(Debug)]
pub struct Recorded {
    tracer: Child,
}

impl Recorder {
    /// Begins with what is in the folder now, taken to be on the disk. Gives `None` where system
    /// calls cannot be traced, having said that the calling test is skipped; panics there when `CI`
    /// is `true`.
    pub fn of(root: &Path, flushes: Flushes) -> Option<Self> {
        if !can_trace() {
            report_skipped("system calls cannot be traced (apt-get install strace)");
            return None;
        }
        let root = root.canonicalize().expect("the folder to record");
        let present = Present::in_folder(&root).expect("read the folder");
        Some(Self {
            root,
            present,
            flushes,
            traces: tempfile::tempdir().expect("a folder for traces"),
            count: 0,
        })
    }

    /// Runs the program to its end, recording it.
    pub fn run(&mut self, program: &mut Command) -> Output {
        let mut traced = self.traced(program);
        traced.stdin(Stdio::null());
        traced.output().expect("run strace")
    }

    /// Starts the program. It has to end before the next one is recorded.
    pub fn start(&mut self, program: &mut Command) -> Recorded {
        let mut traced = self.traced(program);
        traced.stdin(Stdio::null()).stdout(Stdio::piped());
        Recorded {
            tracer: traced.spawn().expect("start strace"),
        }
    }

    fn trace(&self, number: usize) -> PathBuf {
        self.traces.path().join(number.to_string())
    }

    fn traced(&mut self, program: &mut Command) -> Command {
        self.count += 1;
        let mut strace = Command::new("strace");
        strace
            .args(["-f", "--seccomp-bpf", "-y", "-xx", "-s", "67108864", "-e"])
            .args([TRACED, "-e", "signal=none", "-o"])
            .arg(self.trace(self.count));
        match self.flushes {
            Flushes::Honest => {}
            Flushes::Lying => {
                strace.args(["-e", "inject=fsync,fdatasync:retval=0"]);
            }
            Flushes::Failing(when) => {
                strace.arg("-e");
                strace.arg(format!("inject=fsync,fdatasync:error=EIO:when={when}"));
            }
        }
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

    /// What was recorded, all programs in the order of their start.
    pub fn finish(self) -> Recording {
        let mut translator = Translator::new(&self.root, &self.present.files);
        for number in 1..=self.count {
            translator.begin_process();
            let trace = File::open(self.trace(number)).expect("open a trace");
            read_moments(BufReader::new(trace), |moment| translator.take(moment))
                .expect("read a trace");
        }
        Recording {
            root: self.root,
            present: self.present,
            steps: translator.steps,
        }
    }
}

impl Recorded {
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
impl Drop for Recorded {
    fn drop(&mut self) {
        if let Some(program) = program_under(&self.tracer) {
            signal("-KILL", program);
        }
        // It ends with the program; where it had ended before, there is nothing to wait for.
        let _ = self.tracer.wait();
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
