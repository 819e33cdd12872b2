//! An independent program agrees with our books (R14): hledger takes the journal in strict mode, and
//! comes to the same balances, to the yen.

use std::collections::BTreeMap;
use std::path::Path;

use ledger::ReferenceTable::{Campaigns, Cycles, Funds, Offerings};
use ledger::accounting::reports::{ReportFilter, SplitBy};
use ledger::accounting::{
    CloseFiscalYear, ExportJournal, JournalFormat, NewJournalLine, PostJournalEntry, RecordPayout,
    RecordRemittance, ReverseJournalEntry,
};
use ledger::domain::{AccountKind, Yen};
use testkit::hledger::Hledger;
use testkit::on_both;
use testkit::world::{AtOnce, told};

use crate::office::{Office, close, coop};

on_both!(
    r14_hledger_agrees_over_a_year,
    a_description_cannot_break_the_journal,
);

const MONTHS: [&str; 12] = [
    "2025-04", "2025-05", "2025-06", "2025-07", "2025-08", "2025-09", "2025-10", "2025-11",
    "2025-12", "2026-01", "2026-02", "2026-03",
];

fn journal(office: &Office, out: &Path) -> i64 {
    let request = ExportJournal {
        format: JournalFormat::Hledger,
    };
    office
        .ledger
        .export_journal(&office.office(), &request, out)
        .unwrap_or_else(|error| panic!("export: {}", told(&error)))
        .entries
}

fn post(office: &Office, date: &str, debit: &str, credit: &str, yen: i64, fund: Option<&str>) {
    let line = |account: &str, is_debit: bool| NewJournalLine {
        account: account.to_owned(),
        debit: is_debit.then(|| Yen::new(yen)),
        credit: (!is_debit).then(|| Yen::new(yen)),
        fund: fund.map(str::to_owned),
        ..NewJournalLine::default()
    };
    let request = PostJournalEntry {
        date: Some(date.parse().expect("a day")),
        description: "手入力; 見本: (1) | *!  \"=x\"".to_owned(),
        reason: "見本".to_owned(),
        lines: vec![line(debit, true), line(credit, false)],
    };
    office
        .ledger
        .post_journal_entry(&office.office(), &request)
        .at_once()
        .unwrap_or_else(|error| panic!("post: {}", told(&error)));
}

/// What a second fund and a campaign of the fund's own need.
fn reference(office: &Office) {
    office.import(Funds, "fund,name\nmachi,まちづくり積立金\n");
    office.import(
        Campaigns,
        "campaign,organization,title,target,opens_on,closes_on,accounting\n\
         own-2025,kosumosu,見本の募集,50000,2025-11-10,2025-11-14,principal\n",
    );
    office.import(
        Cycles,
        "cycle,iso_week,opens_on,closes_on,collection_month\n\
         2025年9月2回,2025-W36,2025-09-01,2025-09-05,2025-10\n",
    );
    office.import(
        Offerings,
        "cycle,order_number,kind,unit_price,fund,campaign,title\n\
         2025年9月2回,170001,spot,500,machi,,まちづくり・スポット\n\
         2025年9月2回,170002,campaign,500,,own-2025,見本の募集\n",
    );
}

/// A year of co-op 01: supporters, spot gifts, both kinds of campaign; some cannot be collected, the
/// co-op hands over a little less than is due every month, organisations get theirs.
fn a_year(office: &Office) {
    reference(office);
    office.pledges(
        "01,0000001,inclufund,2,300,2025-04,\n01,0000002,inclufund,1,300,2025-06,\n\
         01,0000003,machi,3,300,2025-04,\n",
    );
    office.applies(
        "01,0000001,164160,2,2025-07-16,web\n01,0000002,170001,3,2025-09-03,web\n\
         01,0000003,170002,4,2025-09-03,paper\n01,0000001,133540,5,2025-11-12,paper\n",
    );
    office.set_today("2026-04-20");
    for (number, of) in MONTHS.into_iter().enumerate() {
        close(office, of);
        office.export(of);
        let rows: Vec<String> = office
            .keys(of)
            .iter()
            .enumerate()
            .map(|(charge, key)| {
                let code = if (number + charge) % 7 == 6 { 1 } else { 0 };
                format!("{key},{code},{of}-27")
            })
            .collect();
        office.results(&rows);
        let remittance = RecordRemittance {
            coop: coop(),
            received_on: Some(format!("{of}-28").parse().expect("a day")),
            amount: Yen::new(1_000),
            fee: Yen::new(110),
            shares: Vec::new(),
            note: None,
        };
        office
            .ledger
            .record_remittance(&office.office(), &remittance)
            .unwrap_or_else(|error| panic!("remit: {}", told(&error)));
        post(
            office,
            &format!("{of}-15"),
            "5111",
            "1121",
            700,
            Some("inclufund"),
        );
    }
    post(office, "2025-06-01", "1121", "4111", 10_000, None);
    let payables = office
        .ledger
        .payables(&office.office(), None)
        .expect("the payables");
    assert_eq!(payables.rows.len(), 2, "both campaigns collected something");
    for row in &payables.rows {
        let payout = RecordPayout {
            campaign: row.campaign.clone(),
            paid_on: Some("2026-03-20".parse().expect("a day")),
            amount: Yen::new(row.payable.get() - 100),
            fee: Yen::new(330),
            returned: false,
            note: None,
        };
        office
            .ledger
            .record_payout(&office.office(), &payout)
            .at_once()
            .unwrap_or_else(|error| panic!("pay: {}", told(&error)));
    }
    let reversal = ReverseJournalEntry {
        entry_id: office
            .ledger
            .get_remittance(&office.office(), 1)
            .expect("the first")
            .entry_id,
        date: Some("2026-03-25".parse().expect("a day")),
        reason: "見本".to_owned(),
    };
    office
        .ledger
        .reverse_journal_entry(&office.office(), &reversal)
        .at_once()
        .expect("take the first remittance back");
}

/// The balances of our own trial balance by hledger's names of account and fund.
fn ours(office: &Office) -> BTreeMap<String, i64> {
    let split = SplitBy {
        fund: true,
        ..SplitBy::default()
    };
    let report = office
        .ledger
        .trial_balance(&office.office(), &ReportFilter::default(), split);
    let report = report.expect("the trial balance");
    assert_eq!(report.balance, Yen::ZERO);
    let name = |kind: AccountKind, name: &str| {
        format!(
            "{}:{}",
            kind.label_ja(),
            name.replace('(', "（").replace(')', "）")
        )
    };
    let rows = report.rows.iter();
    rows.map(|row| {
        let fund = row.fund.as_deref().unwrap_or("基金なし");
        let account = format!("{} {}", row.account, row.name);
        (
            format!("{}:{fund}", name(row.kind, &account)),
            row.balance.get(),
        )
    })
    .collect()
}

/// hledger's balances, by account.
fn theirs(hledger: &Hledger, journal: &Path) -> BTreeMap<String, i64> {
    let arguments = ["balance", "--flat", "--empty", "--no-total", "-O", "csv"];
    let csv = hledger.run(journal, &arguments).expect("balance");
    csv.lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.trim_matches('"').split("\",\"").collect();
            let [account, balance] = fields[..] else {
                panic!("not two fields: {line}");
            };
            let yen = balance.strip_suffix(" JPY").unwrap_or(balance);
            (account.to_owned(), yen.parse().expect("whole yen"))
        })
        .collect()
}

fn r14_hledger_agrees_over_a_year(office: Office) {
    let Some(hledger) = Hledger::installed() else {
        return;
    };
    a_year(&office);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("仕訳.journal");

    for closes in [false, true] {
        if closes {
            let year = CloseFiscalYear {
                fiscal_year: 2025,
                note: None,
            };
            let closed = office.ledger.close_fiscal_year(&office.office(), &year);
            closed.expect("close the year");
        }
        let entries = journal(&office, &file);

        hledger.run(&file, &["check", "--strict"]).expect("check");
        hledger
            .run(&file, &["check", "ordereddates"])
            .expect("in the order of days");
        let printed = hledger.run(&file, &["print", "-O", "csv"]).expect("print");
        assert!(printed.contains("手入力"), "the descriptions are there");
        let ours = ours(&office);
        assert!(ours.len() >= 15, "{ours:?}");
        assert!(entries > 50, "{entries}");
        assert_eq!(theirs(&hledger, &file), ours);
    }
    office.assert_all_is_well();
}

fn a_description_cannot_break_the_journal(office: Office) {
    let Some(hledger) = Hledger::installed() else {
        return;
    };
    post(&office, "2025-11-20", "1121", "4111", 10_000, None);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("out.journal");
    std::fs::write(&file, "not a journal").expect("write a file in the way");

    assert_eq!(journal(&office, &file), 1);

    hledger.run(&file, &["check", "--strict"]).expect("check");
    let broken = folder.path().join("broken.journal");
    let text = std::fs::read_to_string(&file).expect("read the journal");
    std::fs::write(&broken, text.replace("  -10000 JPY", "  -9999 JPY")).expect("write");
    let complaint = hledger.run(&broken, &["check", "--strict"]);
    assert!(complaint.is_err(), "hledger would see one yen");
    let undeclared = text.replace("account 資産:1121 普通預金:基金なし\n", "");
    std::fs::write(&broken, undeclared).expect("write");
    let complaint = hledger.run(&broken, &["check", "--strict"]);
    assert!(
        complaint.is_err(),
        "hledger would see an undeclared account"
    );
}
