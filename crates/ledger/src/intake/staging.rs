//! Lines on their way into the staging tables: looked at, given their round, sorted by member.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use chrono::NaiveDate;
use domain::settings::MEMBER_NUMBER_CHARS_MAX;
use domain::{Channel, LineIn, OrderNumber, UnreadableLine};
use store::DbConnection;
use store::intake::{StagedLine, StagedLook, clear, stage_lines, stage_looks};

use super::desk::{Desk, Look};
use super::rounds::Rounds;
use crate::Result;

/// Lines of one run. A run is sorted by member before it is staged, so that the indexes by member
/// fill up in order; two runs are in memory at once.
const RUN_LINES_MAX: usize = 100_000;
/// Bytes of notes and line ids of one run.
const RUN_TEXT_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Looks remembered so that lines which are alike share one.
const LOOKS_REMEMBERED_MAX: usize = 50_000;

/// One line as it came in.
pub(crate) struct IncomingLine<'a> {
    /// Its line in the file or on the sheet.
    pub(crate) line_no: u64,
    /// The member's co-op.
    pub(crate) coop_id: i64,
    /// The member's number, in its one spelling.
    pub(crate) member_number: &'a str,
    /// The rest of it.
    pub(crate) line: LineIn<'a>,
    /// The sender's own name for it.
    pub(crate) line_id: Option<&'a str>,
}

/// Looks at lines and gathers them into runs.
pub(crate) struct Stager<'d> {
    desk: &'d Desk,
    rounds: Rounds,
    looks_known: HashMap<LookKey, (i64, Look)>,
    looks_made: i64,
    run: Run,
}

/// Lines without a note are alike when they agree in this.
#[derive(PartialEq, Eq, Hash)]
struct LookKey {
    coop_id: i64,
    order_number: OrderNumber,
    units: Option<i64>,
    amount: Option<i64>,
    received_on: NaiveDate,
    channel: Channel,
}

/// Some lines, ready to be staged.
#[derive(Default)]
pub(crate) struct Run {
    looks: Vec<(i64, Look)>,
    lines: Vec<RunLine>,
    text: String,
}

struct RunLine {
    coop_id: i64,
    member_number: [u8; MEMBER_NUMBER_CHARS_MAX],
    line_no: i64,
    round: i32,
    look_id: i64,
    note: Option<Range<u32>>,
    line_id: Option<Range<u32>>,
}

impl<'d> Stager<'d> {
    pub(crate) fn new(desk: &'d Desk) -> Self {
        Self {
            desk,
            rounds: Rounds::new(),
            looks_known: HashMap::new(),
            looks_made: 0,
            run: Run::default(),
        }
    }

    /// Looks at the next line and takes it into the run. Refuses one that cannot be read at all.
    pub(crate) fn take(&mut self, incoming: &IncomingLine<'_>) -> Result<(), UnreadableLine> {
        let line = &incoming.line;
        let key = line.order_number.map(|order_number| LookKey {
            coop_id: incoming.coop_id,
            order_number,
            units: line.units.map(|units| units.get()),
            amount: line.amount.map(|amount| amount.get()),
            received_on: line.received_on,
            channel: line.channel,
        });
        let known = key.as_ref().and_then(|key| self.looks_known.get(key));
        let (look_id, round) = match known {
            Some((look_id, look)) => (*look_id, self.rounds.of_next(incoming.member_number, look)),
            None => {
                let look = Look::of(incoming.coop_id, line, &self.desk.look_at(line)?);
                let round = self.rounds.of_next(incoming.member_number, &look);
                self.looks_made += 1;
                self.run.looks.push((self.looks_made, look.clone()));
                if let Some(key) = key {
                    self.remember(key, look);
                }
                (self.looks_made, round)
            }
        };
        self.run.push(incoming, look_id, round);
        Ok(())
    }

    fn remember(&mut self, key: LookKey, look: Look) {
        if self.looks_known.len() >= LOOKS_REMEMBERED_MAX {
            self.looks_known.clear();
        }
        self.looks_known.insert(key, (self.looks_made, look));
    }

    /// Whether the run has become as long as a run may.
    pub(crate) fn is_run_full(&self) -> bool {
        self.run.lines.len() >= RUN_LINES_MAX || self.run.text.len() >= RUN_TEXT_BYTES_MAX
    }

    /// The run, sorted by member; the next begins.
    pub(crate) fn take_run(&mut self) -> Run {
        let mut run = std::mem::take(&mut self.run);
        run.lines.sort_unstable_by(RunLine::by_member);
        run
    }

    /// The last round there is.
    pub(crate) fn last_round(&self) -> i32 {
        self.rounds.last()
    }
}

impl Run {
    fn push(&mut self, incoming: &IncomingLine<'_>, look_id: i64, round: i32) {
        let note = self.keep(incoming.line.note);
        let line_id = self.keep(incoming.line_id);
        let mut member_number = [0; MEMBER_NUMBER_CHARS_MAX];
        for (place, byte) in member_number.iter_mut().zip(incoming.member_number.bytes()) {
            *place = byte;
        }
        self.lines.push(RunLine {
            coop_id: incoming.coop_id,
            member_number,
            line_no: i64::try_from(incoming.line_no).unwrap_or(i64::MAX),
            round,
            look_id,
            note,
            line_id,
        });
    }

    fn keep(&mut self, text: Option<&str>) -> Option<Range<u32>> {
        let text = text?;
        let from = u32::try_from(self.text.len()).ok()?;
        self.text.push_str(text);
        Some(from..u32::try_from(self.text.len()).ok()?)
    }

    /// Stages the run.
    pub(crate) fn stage(&self, connection: &mut DbConnection) -> Result<()> {
        let looks: Vec<StagedLook<'_>> = self
            .looks
            .iter()
            .map(|(id, look)| look.staged(*id, None))
            .collect();
        stage_looks(connection, &looks)?;
        stage_lines(
            connection,
            self.lines.iter().map(|line| line.staged(&self.text)),
        )?;
        Ok(())
    }
}

impl RunLine {
    fn by_member(&self, other: &Self) -> Ordering {
        (self.coop_id, self.member_number, self.line_no).cmp(&(
            other.coop_id,
            other.member_number,
            other.line_no,
        ))
    }

    fn staged<'a>(&'a self, text: &'a str) -> StagedLine<'a> {
        let end = self
            .member_number
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(MEMBER_NUMBER_CHARS_MAX);
        let number = self.member_number.get(..end).unwrap_or_default();
        let kept = |range: &Option<Range<u32>>| {
            range
                .as_ref()
                .and_then(|range| text.get(range.start as usize..range.end as usize))
        };
        StagedLine {
            line_no: self.line_no,
            round: self.round,
            look_id: self.look_id,
            // ASCII by its grammar (§6).
            member_number: std::str::from_utf8(number).unwrap_or_default(),
            note: kept(&self.note),
            line_id: kept(&self.line_id),
        }
    }
}

/// Stages one line alone.
pub(crate) fn stage_one(
    connection: &mut DbConnection,
    look: &Look,
    line: &OneLine<'_>,
) -> Result<()> {
    clear(connection)?;
    stage_looks(connection, &[look.staged(1, line.self_id)])?;
    let line = StagedLine {
        line_no: 1,
        round: 1,
        look_id: 1,
        member_number: line.member_number,
        note: line.note,
        line_id: line.line_id,
    };
    stage_lines(connection, std::iter::once(line))?;
    Ok(())
}

/// What a line says besides its look.
pub(crate) struct OneLine<'a> {
    /// The member's number.
    pub(crate) member_number: &'a str,
    /// What else was written.
    pub(crate) note: Option<&'a str>,
    /// The sender's own name for it.
    pub(crate) line_id: Option<&'a str>,
    /// The application itself, where it is there already.
    pub(crate) self_id: Option<i64>,
}
