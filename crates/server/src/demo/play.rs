//! The months, day by day.

use std::path::PathBuf;

use domain::{Clock, CollectionMonth, CoopCode, FixedClock, HoldReason, Way};
use ledger::billing::{CloseBatch, ExportBatch};
use ledger::intake::ImportApplications;
use ledger::pledges::{ChangePledge, PausePledge};
use ledger::reference::SwitchPublicPage;
use ledger::review::{Hold, HoldFilter, Resolution};
use ledger::{Call, IdempotencyKey, Ledger, PageRequest, Source};

use super::{day, files};
use crate::failure::Failure;

/// The months that are closed and exported.
const CLOSED: [(i32, u32); 4] = [(2025, 8), (2025, 9), (2025, 10), (2025, 11)];

/// The campaign that everybody may look at.
const PUBLIC_CAMPAIGN: &str = "kosumosu-2025";

/// The ledger, the clock and where the files go.
pub struct Stage<'a> {
    pub ledger: &'a Ledger,
    pub clock: &'a FixedClock,
    pub call: &'a Call,
    pub folder: PathBuf,
}

impl Stage<'_> {
    /// Plays July to November, and gives the collection files written.
    pub fn play(&self) -> Result<Vec<String>, Failure> {
        for (table, file) in &files::REFERENCE {
            let call = under(self.call, file.0)?;
            self.ledger
                .import_reference(&call, *table, &files::source(file))?;
        }
        let page = SwitchPublicPage {
            campaign: PUBLIC_CAMPAIGN.to_owned(),
            is_public: true,
        };
        let call = under(self.call, "public page")?;
        self.ledger.switch_public_page(&call, &page)?;
        self.clock.set_day(day(2025, 7, 18)?);
        self.import(&files::JULY)?;
        self.clock.set_day(day(2025, 7, 22)?);
        self.decide_july()?;
        let mut written = Vec::new();
        for (year, month) in CLOSED {
            self.clock.set_day(day(year, month, 1)?);
            self.close(
                CollectionMonth::new(year, month).map_err(in_words)?,
                &mut written,
            )?;
            if month == 9 {
                self.change_plans()?;
            }
        }
        self.clock.set_day(day(2025, 11, 17)?);
        self.import(&files::NOVEMBER)?;
        Ok(written)
    }

    fn import(&self, applications: &[(domain::Channel, (&str, &[u8]))]) -> Result<(), Failure> {
        for (channel, file) in applications {
            let defaults = ImportApplications {
                channel: Some(*channel),
                received_on: None,
            };
            let source = ledger::BytesSource::new(file.0, file.1);
            let call = under(self.call, source.name())?;
            self.ledger
                .import_applications(&call, &source, defaults, &|_| {})?;
        }
        Ok(())
    }

    /// What the office decided about the doubtful lines of July.
    fn decide_july(&self) -> Result<(), Failure> {
        for hold in holds(self.ledger, self.call)? {
            // Those of November may be there already, when an earlier run was cut off.
            if hold.received_on > self.clock.today() {
                continue;
            }
            let mut resolution = match hold.reason {
                HoldReason::AlreadySupporter => {
                    Resolution::new(Way::Add, "見本: 電話で確認、口数を足す")
                }
                HoldReason::DuplicateApplication => {
                    Resolution::new(Way::Mistake, "見本: 注文用紙とインターネットの両方に書いた")
                }
                HoldReason::ImplausibleUnits => {
                    Resolution::new(Way::Accept, "見本: 3口の書き間違いと確認")
                }
                _ => continue,
            };
            if hold.reason == HoldReason::ImplausibleUnits {
                resolution.units = Some(3);
            }
            let call = under(self.call, &format!("resolve {}", hold.id))?;
            self.ledger.resolve_hold(&call, hold.id, &resolution)?;
        }
        Ok(())
    }

    /// Two supporters change their plans, so that later months differ.
    fn change_plans(&self) -> Result<(), Failure> {
        let month = |year, month| CollectionMonth::new(year, month).map_err(in_words);
        let change = ChangePledge {
            coop: "01".to_owned(),
            member_number: "0010106".to_owned(),
            fund: "inclufund".to_owned(),
            from: month(2025, 10)?,
            units: 3,
            reason: "見本: 本人から電話".to_owned(),
        };
        self.ledger
            .change_pledge(&under(self.call, "change 0010106")?, &change)?;
        let pause = PausePledge {
            coop: "01".to_owned(),
            member_number: "0010231".to_owned(),
            fund: "inclufund".to_owned(),
            from: month(2025, 10)?,
            until: month(2025, 12)?,
            reason: "見本: しばらく休みたいとの連絡".to_owned(),
        };
        self.ledger
            .pause_pledge(&under(self.call, "pause 0010231")?, &pause)?;
        Ok(())
    }

    /// Closes a month of every co-op and writes its file.
    fn close(&self, month: CollectionMonth, written: &mut Vec<String>) -> Result<(), Failure> {
        let page = PageRequest::default();
        for coop in self.ledger.list_cooperatives(self.call, &page)?.items {
            let coop: CoopCode = coop.coop;
            let request = CloseBatch {
                coop: coop.clone(),
                month,
                reason: None,
            };
            let call = under(self.call, &format!("close {coop} {month}"))?;
            let closed = self.ledger.close_batch(&call, request)?;
            if closed.sequence.is_none() {
                continue;
            }
            let file = self.folder.join(format!("collection-{coop}-{month}.csv"));
            let request = ExportBatch {
                coop,
                month,
                sequence: closed.sequence,
                profile: None,
            };
            self.ledger.export_batch(self.call, request, &file)?;
            written.push(file.display().to_string());
        }
        Ok(())
    }
}

/// The same caller under a key of the demo's own.
pub fn under(call: &Call, step: &str) -> Result<Call, Failure> {
    let key = IdempotencyKey::new(&format!("demo: {step}"))?;
    Ok(call.clone().under(key))
}

/// How many applications are held.
pub fn count_holds(ledger: &Ledger, call: &Call) -> Result<usize, Failure> {
    Ok(holds(ledger, call)?.len())
}

fn holds(ledger: &Ledger, call: &Call) -> Result<Vec<Hold>, Failure> {
    let mut holds = Vec::new();
    ledger.all_holds(call, &HoldFilter::default(), |hold| {
        holds.push(hold);
        Ok(())
    })?;
    Ok(holds)
}

fn in_words(error: domain::MonthError) -> Failure {
    Failure::new(error.to_string())
}
