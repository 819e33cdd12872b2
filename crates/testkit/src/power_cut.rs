//! Power cuts, without cutting the power: a run is recorded call by call, and a model of the disk
//! tells what would be there had the power gone at a given moment.
//!
//! Killing a process proves nothing about the disk: what the process wrote, the system still has.
//! Here what was written and not flushed is dropped, or arrives in part ([`Unsynced`]).

mod disk;
mod present;
mod recorder;
mod steps;
mod trace;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use tempfile::TempDir;

pub use disk::Unsynced;
pub use recorder::{Flushes, Recorder};
pub use steps::{FileId, Listener, Step};

use disk::Disk;
use present::Present;

/// Checks that run at the same time.
const THREADS: usize = 2;

/// A recorded run: what was in its folder at first, and every step since.
#[derive(Debug)]
pub struct Recording {
    root: PathBuf,
    present: Present,
    steps: Vec<Step>,
}

/// The folder of the run as a cut leaves it, laid out elsewhere.
#[derive(Debug)]
pub struct Cut<'a> {
    /// How many steps of the run were done.
    pub after: usize,
    /// What became of what was not flushed.
    pub unsynced: Unsynced,
    /// Where the folder of the run lies now.
    pub folder: &'a Path,
    recording: &'a Recording,
}

impl Recording {
    /// Every step, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// `count` moments spread evenly over the run, its end among them, and the moment after each
    /// thing said: a number of steps each.
    pub fn moments(&self, count: usize) -> Vec<usize> {
        let total = self.steps.len();
        let spread = (1..=count).map(|n| n * total / count);
        let said = self
            .steps
            .iter()
            .enumerate()
            .filter_map(|(index, step)| matches!(step, Step::Said { .. }).then_some(index + 1));
        let mut moments: Vec<usize> = spread.chain(said).collect();
        moments.sort_unstable();
        moments.dedup();
        moments
    }

    /// Cuts the run at each of the moments (in rising order), twice: with all that was not flushed
    /// dropped, and with some of it there by chance. Gives what `check` found wrong, with the place.
    pub fn cut_at(
        &self,
        moments: &[usize],
        check: impl Fn(&Cut<'_>) -> Result<(), String> + Sync,
    ) -> Vec<String> {
        let found = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for share in 0..THREADS {
                let (found, check) = (&found, &check);
                let mine = moments.iter().copied().skip(share).step_by(THREADS);
                scope.spawn(move || self.cut_in_turn(mine, found, check));
            }
        });
        let mut found = found.into_inner().expect("no check has panicked");
        found.sort();
        found.into_iter().map(|(_, words)| words).collect()
    }

    fn cut_in_turn(
        &self,
        moments: impl Iterator<Item = usize>,
        found: &Mutex<Vec<(usize, String)>>,
        check: impl Fn(&Cut<'_>) -> Result<(), String>,
    ) {
        let mut disk = Disk::holding(&self.present);
        let mut done = 0;
        for after in moments {
            for step in &self.steps[done..after] {
                disk.take(step);
            }
            done = after;
            for unsynced in [Unsynced::Dropped, Unsynced::Some(after as u64)] {
                let folder = folder_in_memory();
                let remains = disk.after_a_cut(unsynced);
                remains
                    .lay_out(&self.root, folder.path())
                    .expect("lay out what a cut left");
                let cut = Cut {
                    after,
                    unsynced,
                    folder: folder.path(),
                    recording: self,
                };
                if let Err(words) = check(&cut) {
                    let place = format!("cut after step {after}, unsynced {unsynced:?}: {words}");
                    found
                        .lock()
                        .expect("no check has panicked")
                        .push((after, place));
                }
            }
        }
    }
}

impl Cut<'_> {
    /// The steps that were done before the power went, in order. What had begun to leave the
    /// process by then has left it.
    pub fn steps(&self) -> &[Step] {
        &self.recording.steps[..self.after]
    }
}

/// A folder that need not survive: in memory where the machine has such a place.
fn folder_in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .expect("a temporary folder")
}
