//! The table.

use std::fs;

use crate::measure::{Taken, median};

/// A step measured, beside the floor under it.
pub struct Step {
    pub name: &'static str,
    pub ours: Taken,
    /// None where there is nothing to compare with.
    pub floor: Option<Taken>,
    pub ratio_max: Option<f64>,
}

/// What every turn took, ours and the floor.
#[derive(Default)]
pub struct Turns {
    pub import: Vec<Taken>,
    pub close: Vec<Taken>,
    pub export: Vec<Taken>,
    /// Empty where there is nothing to measure it against.
    pub verify: Vec<Taken>,
    pub floor_import: Vec<Taken>,
    pub floor_close: Vec<Taken>,
    pub floor_export: Vec<Taken>,
    pub floor_verify: Vec<Taken>,
}

impl Turns {
    /// The steps by their medians, each with its bar, after the import of the members.
    pub fn steps(self, members: Taken) -> Vec<Step> {
        let step = |name, ours, floor, ratio_max| Step {
            name,
            ours: median(ours),
            floor: Some(median(floor)),
            ratio_max: Some(ratio_max),
        };
        let mut steps = vec![
            Step {
                name: "import members",
                ours: members,
                floor: None,
                ratio_max: None,
            },
            step("import applications", self.import, self.floor_import, 6.0),
            step("close", self.close, self.floor_close, 2.0),
            step("export (CP932)", self.export, self.floor_export, 1.2),
        ];
        if !self.verify.is_empty() {
            steps.push(step(
                "verify (floor: integrity_check)",
                self.verify,
                self.floor_verify,
                10.0,
            ));
        }
        steps
    }
}

pub struct Report;

impl Report {
    /// Prints the steps as a table in Markdown.
    pub fn print(steps: &[Step], database: &str, lines: u32) {
        println!("\n### {database}, {lines} lines\n");
        println!("| step | ours, s | floor, s | ratio | at most | rows/s | peak memory, MB |");
        println!("|---|---:|---:|---:|---:|---:|---:|");
        for step in steps {
            let ours = step.ours.wall.as_secs_f64();
            let floor = step.floor.map(|floor| floor.wall.as_secs_f64());
            println!(
                "| {} | {ours:.2} | {} | {} | {} | {:.0} | {:.0} |",
                step.name,
                floor.map_or_else(String::new, |floor| format!("{floor:.2}")),
                floor.map_or_else(String::new, |floor| format!("{:.2}", ours / floor)),
                step.ratio_max
                    .map_or_else(String::new, |max| format!("{max:.1}")),
                f64::from(lines) / ours,
                step.ours.memory_peak_bytes as f64 / 1e6,
            );
        }
    }
}

/// What it was measured on.
pub fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split(':').nth(1))
        .unwrap_or("unknown processor")
        .trim()
        .to_owned();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib: u64 = memory
        .lines()
        .find_map(|line| {
            line.strip_prefix("MemTotal:")?
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        })
        .unwrap_or(0);
    format!(
        "Measured on {model}, {cores} cores, {} GiB",
        kib / 1024 / 1024
    )
}
