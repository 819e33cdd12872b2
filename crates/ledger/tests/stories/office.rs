//! A co-op's office at its work, for the stories of billing.

use std::ops::Deref;

use ledger::ReferenceTable::{Members, Pledges};
use ledger::billing::{BatchClosed, BatchPreview, CloseBatch, ExportBatch};
use ledger::domain::{CollectionMonth, CoopCode, Way};
use ledger::intake::{ApplicationsImported, ImportApplications};
use ledger::pledges::{ChangePledge, EndPledge, PausePledge, PledgeView};
use ledger::review::{Hold, HoldFilter, HoldResolved, Resolution};
use ledger::settlement::{ImportResults, ResultsImported};
use ledger::trace::{ChargeFilter, ChargeView};
use ledger::{BytesSource, Call, IdempotencyKey, PageRequest, Result};
use testkit::world::told;
use testkit::{TestDatabase, World};

/// The world with the newsletters' facts, on a day when August 2025 may be closed.
pub struct Office(World);

impl From<TestDatabase> for Office {
    fn from(database: TestDatabase) -> Self {
        let world = World::from(database);
        world.load_newsletters();
        world.set_today("2025-12-01");
        Self(world)
    }
}

impl Deref for Office {
    type Target = World;

    fn deref(&self) -> &World {
        &self.0
    }
}

impl Office {
    /// Members of co-op 01 by their numbers.
    pub fn members(&self, numbers: &[&str]) {
        let rows: String = numbers
            .iter()
            .map(|number| format!("01,{number}\n"))
            .collect();
        self.import(Members, &format!("coop,member_number\n{rows}"));
    }

    /// Supporters of old, as rows of the file, and they as members.
    pub fn pledges(&self, rows: &str) {
        let mut numbers: Vec<&str> = rows
            .lines()
            .filter_map(|row| row.split(',').nth(1))
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        self.members(&numbers);
        self.import(
            Pledges,
            &format!("coop,member_number,fund,units,unit_price,from_month,order_number\n{rows}"),
        );
    }

    /// A day on which a member of co-op 01 leaves.
    pub fn leaves(&self, number: &str, on: &str) {
        let row = format!("coop,member_number,left_on\n01,{number},{on}\n");
        self.import(Members, &row);
    }

    /// Applications as rows of the file `applications.csv`.
    pub fn applies(&self, rows: &str) -> ApplicationsImported {
        self.take_applications(
            format!("coop,member_number,order_number,units,received_on,channel\n{rows}"),
            ImportApplications::default(),
        )
    }

    /// Takes everything that is held of co-op 01 as it stands.
    pub fn accept_all(&self) {
        for hold in self.holds() {
            self.resolve(hold.id, Way::Accept);
        }
    }

    /// Everything that is held of co-op 01.
    pub fn holds(&self) -> Vec<Hold> {
        let filter = HoldFilter {
            coop: Some("01".to_owned()),
            ..HoldFilter::default()
        };
        let page = PageRequest {
            cursor: None,
            limit: Some(500),
        };
        self.ledger
            .list_holds(&self.office(), &filter, &page)
            .expect("list the holds")
            .items
    }

    /// Decides a held application.
    pub fn resolve(&self, id: i64, way: Way) {
        self.try_resolve(id, way)
            .unwrap_or_else(|error| panic!("resolve {id} as {way}: {}", told(&error)));
    }

    /// The same, or the refusal.
    pub fn try_resolve(&self, id: i64, way: Way) -> Result<HoldResolved> {
        let resolution = Resolution::new(way, "本人に電話で確認");
        self.ledger.resolve_hold(&self.office(), id, &resolution)
    }

    /// Other units of the pledge of a member of co-op 01, from a month on.
    pub fn change(&self, number: &str, units: i64, from: &str) {
        self.try_change(number, units, from)
            .unwrap_or_else(|error| panic!("change {number}: {}", told(&error)));
    }

    /// The same, or the refusal.
    pub fn try_change(&self, number: &str, units: i64, from: &str) -> Result<PledgeView> {
        let request = ChangePledge {
            coop: "01".to_owned(),
            member_number: number.to_owned(),
            fund: "inclufund".to_owned(),
            from: month(from),
            units,
            reason: "口数の変更".to_owned(),
        };
        self.ledger.change_pledge(&self.office(), &request)
    }

    /// A pause of that pledge, until it resumes.
    pub fn pause(&self, number: &str, from: &str, until: &str) {
        self.try_pause(number, from, until)
            .unwrap_or_else(|error| panic!("pause {number}: {}", told(&error)));
    }

    /// The same, or the refusal.
    pub fn try_pause(&self, number: &str, from: &str, until: &str) -> Result<PledgeView> {
        let request = PausePledge {
            coop: "01".to_owned(),
            member_number: number.to_owned(),
            fund: "inclufund".to_owned(),
            from: month(from),
            until: month(until),
            reason: "休止の届出".to_owned(),
        };
        self.ledger.pause_pledge(&self.office(), &request)
    }

    /// The end of that pledge.
    pub fn end(&self, number: &str, from: &str) {
        self.try_end(number, from)
            .unwrap_or_else(|error| panic!("end {number}: {}", told(&error)));
    }

    /// The same, or the refusal.
    pub fn try_end(&self, number: &str, from: &str) -> Result<PledgeView> {
        let request = EndPledge {
            coop: "01".to_owned(),
            member_number: number.to_owned(),
            fund: "inclufund".to_owned(),
            from: month(from),
            reason: "終了の届出".to_owned(),
        };
        self.ledger.end_pledge(&self.office(), &request)
    }

    /// Hands over the latest batch of a month of co-op 01.
    pub fn export(&self, of: &str) {
        let request = ExportBatch {
            coop: coop(),
            month: month(of),
            sequence: None,
            profile: None,
        };
        self.ledger
            .write_batch_file(&self.office(), request, &mut std::io::sink())
            .unwrap_or_else(|error| panic!("export {of}: {}", told(&error)));
    }

    /// The charges of a month of co-op 01, in the order of batches and files.
    pub fn charges(&self, of: &str) -> Vec<ChargeView> {
        let filter = ChargeFilter {
            coop: Some(coop()),
            month: Some(month(of)),
            ..ChargeFilter::default()
        };
        self.ledger
            .search_charges(&self.office(), &filter, &PageRequest::default())
            .expect("search the charges")
            .items
    }

    /// The keys of those charges that count.
    pub fn keys(&self, of: &str) -> Vec<String> {
        let charges = self.charges(of);
        let counting = charges.iter().filter(|one| !one.is_voided);
        counting.map(|one| one.charge_key.to_string()).collect()
    }

    /// Takes results as rows `key,code,day` of a file.
    pub fn results(&self, rows: &[String]) -> ResultsImported {
        let text = format!("charge_key,result_code,collected_on\n{}\n", rows.join("\n"));
        self.try_results(&text)
            .unwrap_or_else(|error| panic!("import results: {}", told(&error)))
    }

    /// Takes a file of results, or gives the refusal.
    pub fn try_results(&self, text: &str) -> Result<ResultsImported> {
        self.try_results_of(text, &ImportResults::default())
    }

    /// The same, with what is said beside the file.
    pub fn try_results_of(&self, text: &str, said: &ImportResults) -> Result<ResultsImported> {
        let source = BytesSource::new("results.csv", text);
        self.ledger
            .import_results(&self.office(), &source, said, &|_| ())
    }

    /// Nothing that must hold is broken.
    pub fn assert_all_is_well(&self) {
        let verification = self.ledger.verify(&self.office()).expect("verify");
        let broken: Vec<_> = verification.checks.iter().filter(|one| !one.ok).collect();
        assert!(broken.is_empty(), "{broken:?}");
    }

    /// A request under a key.
    pub fn keyed(&self, key: &str) -> Call {
        self.office()
            .under(IdempotencyKey::new(key).expect("a key"))
    }
}

/// The co-op of these stories.
pub fn coop() -> CoopCode {
    "01".parse().expect("a code")
}

/// A month as `2025-08`.
pub fn month(of: &str) -> CollectionMonth {
    of.parse().expect("a month")
}

/// Closes a month of co-op 01, or gives the refusal.
pub fn try_close(office: &Office, of: &str) -> Result<BatchClosed> {
    let request = CloseBatch {
        coop: coop(),
        month: month(of),
        reason: None,
    };
    office.ledger.close_batch(&office.office(), request)
}

/// Closes a month of co-op 01.
pub fn close(office: &Office, of: &str) -> BatchClosed {
    try_close(office, of).unwrap_or_else(|error| panic!("close {of}: {}", told(&error)))
}

/// What the next close of a month of co-op 01 would charge. It always adds up.
pub fn preview(office: &Office, of: &str) -> BatchPreview {
    let preview = office
        .ledger
        .preview_batch(&office.office(), &coop(), month(of))
        .unwrap_or_else(|error| panic!("preview {of}: {}", told(&error)));
    let steps: i64 = preview.bridge.iter().map(|step| step.amount.get()).sum();
    assert_eq!(preview.last_month.get() + steps, preview.amount.get());
    preview
}
