//! Records what a program does to one folder, and what it says, by tracing its system calls.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::Recording;
use super::present::Present;
use super::steps::Translator;
use super::trace::read_moments;
use crate::skipped::report_skipped;
use crate::traced::{Traced, can_trace, under_strace};

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
    pub fn start(&mut self, program: &mut Command) -> Traced {
        Traced::start(self.traced(program))
    }

    fn trace(&self, number: usize) -> PathBuf {
        self.traces.path().join(number.to_string())
    }

    fn traced(&mut self, program: &mut Command) -> Command {
        self.count += 1;
        let trace = self.trace(self.count);
        let trace = trace.to_str().expect("a folder with a name in UTF-8");
        let mut options = vec!["-y", "-xx", "-s", "67108864", "-e", TRACED];
        options.extend(["-e", "signal=none", "-o", trace]);
        let failing;
        match self.flushes {
            Flushes::Honest => {}
            Flushes::Lying => options.extend(["-e", "inject=fsync,fdatasync:retval=0"]),
            Flushes::Failing(when) => {
                failing = format!("inject=fsync,fdatasync:error=EIO:when={when}");
                options.extend(["-e", failing.as_str()]);
            }
        }
        under_strace(program, options)
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
