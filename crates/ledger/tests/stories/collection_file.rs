//! R10: the file of a batch is the same bytes for ever, and never takes another file's place.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;
use ledger::billing::{BatchExported, ExportBatch};
use ledger::{OpenMode, Result};
use store::Store;
use store::tables::batch_approvals::{self, BatchApproval};
use store::tables::exports::{self, Export};
use testkit::world::told;
use testkit::{on_both, on_every_database};

use crate::office::{Office, close, coop, month};

on_both!(
    r10_the_same_file_comes_out_every_time,
    r10_another_file_in_the_place_is_left_alone,
    r10_an_export_names_what_stands_in_its_way,
    r10_a_folder_named_in_place_of_a_file_is_told_apart,
    r10_a_file_that_differs_from_the_first_is_refused_loudly,
);
on_every_database!(r10_the_file_is_the_one_on_record);

const ROWS: &str = "01,0000002,inclufund,2,300,2025-12,\n01,0000001,machizukuri,12,1500,2025-12,\n\
     01,0000001,inclufund,1,300,2025-12,108413\n01,000000a,inclufund,3,300,2025-12,\n";

fn december(office: &Office) {
    office.pledges(ROWS);
    office.members(&["0000009"]);
    office.applies("01,0000009,133540,4,2025-11-12,paper\n01,0000001,133540,1,2025-11-12,web\n");
    close(office, "2025-12");
}

fn request(profile: &str) -> ExportBatch {
    ExportBatch {
        coop: coop(),
        month: month("2025-12"),
        sequence: None,
        profile: Some(profile.to_owned()),
    }
}

fn export(office: &Office, profile: &str, out: &Path) -> Result<BatchExported> {
    office
        .ledger
        .export_batch(&office.office(), request(profile), out)
}

fn r10_the_file_is_the_one_on_record(office: Office) {
    december(&office);
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("12.csv");

    let exported = export(&office, "standard-utf8", &out).expect("export");

    let text = fs::read_to_string(&out).expect("the file");
    insta::assert_snapshot!("collection_file", text.replace("\r\n", "\n"));
    assert_eq!(text.matches("\r\n").count(), 7);
    // The same on each database, in each run, for ever.
    insta::assert_snapshot!("collection_file_sha256", exported.sha256);
    let cp932 = export(&office, "standard", &folder.path().join("12-cp932.csv"));
    insta::assert_snapshot!(
        "collection_file_cp932_sha256",
        cp932.expect("export").sha256
    );
    assert_eq!((exported.rows, exported.amount.get()), (6, 22_300));
}

fn r10_the_same_file_comes_out_every_time(office: Office) {
    december(&office);
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = (folder.path().join("a.csv"), folder.path().join("b.csv"));

    let once = export(&office, "standard", &first).expect("export");
    let again = export(&office, "standard", &first).expect("the same place");
    let elsewhere = export(&office, "standard", &second).expect("another place");

    assert_eq!(once, again);
    assert_eq!(once.sha256, elsewhere.sha256);
    assert_eq!(fs::read(first).expect("a"), fs::read(second).expect("b"));
    assert!(office.ledger.verify(&office.office()).expect("verify").ok);
    assert_eq!(
        entries(folder.path()),
        ["a.csv", "b.csv"],
        "nothing is left beside it"
    );
}

fn r10_another_file_in_the_place_is_left_alone(office: Office) {
    december(&office);
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("12.csv");
    fs::write(&out, "somebody else's").expect("a file");

    let refused = export(&office, "standard", &out).expect_err("a file is there");

    assert_eq!(refused.code(), "file_exists");
    assert_eq!(fs::read(&out).expect("the file"), b"somebody else's");
    assert_eq!(entries(folder.path()), ["12.csv"]);
    // Nothing was recorded: the batch may still be voided.
    let detail = office
        .ledger
        .get_batch(&office.office(), 1)
        .expect("the batch");
    assert_eq!(detail.batch.exports, []);
}

fn r10_an_export_names_what_stands_in_its_way(office: Office) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("12.csv");
    let open = export(&office, "standard", &out).expect_err("not closed");
    assert_eq!(open.code(), "month_open");
    assert!(
        told(&open).contains("2025年12月分はまだ締めていません。先に締めてください"),
        "{open}"
    );
    december(&office);

    let profile = export(&office, "excel", &out).expect_err("no such profile");
    let place = export(&office, "standard", &folder.path().join("none/12.csv"));

    assert!(told(&profile).contains("standard-utf8"), "{profile}");
    let place = place.expect_err("no such folder");
    assert_eq!(place.code(), "file");
    let named = format!("フォルダ {}/none がありません", folder.path().display());
    assert!(told(&place).contains(&named), "{place}");
    assert!(entries(folder.path()).is_empty());
}

fn r10_a_folder_named_in_place_of_a_file_is_told_apart(office: Office) {
    december(&office);
    let folder = tempfile::tempdir().expect("a folder");
    let not_there = PathBuf::from(format!("{}/12/", folder.path().display()));
    for out in [folder.path(), not_there.as_path()] {
        let refused = export(&office, "standard", out).expect_err("a folder");

        assert_eq!(refused.code(), "file");
        let words = told(&refused);
        let example = out.join("01-2025-12.csv");
        assert!(words.contains("これはフォルダです"), "{words}");
        assert!(words.contains(&example.display().to_string()), "{words}");
    }
    let detail = office
        .ledger
        .get_batch(&office.office(), 1)
        .expect("the batch");
    assert_eq!(detail.batch.exports, [], "nothing was handed over");
    assert!(entries(folder.path()).is_empty());
}

fn r10_a_file_that_differs_from_the_first_is_refused_loudly(office: Office) {
    december(&office);
    let folder = tempfile::tempdir().expect("a folder");
    // A hand in the database: another file is on record as the first export.
    let store = Store::open(office.database.url(), OpenMode::MustExist).expect("open");
    let other = Export {
        batch_id: 1,
        profile: "standard".to_owned(),
        profile_version: 1,
        sha256: "0123abcd".to_owned(),
        rows: 6,
        amount: 22_300,
        actor: "cli:somebody".to_owned(),
        exported_at: NaiveDateTime::default(),
    };
    store
        .write(|connection| {
            let approval = BatchApproval {
                batch_id: 1,
                ground: "operator".to_owned(),
                approved_by: "cli:somebody".to_owned(),
                approved_at: NaiveDateTime::default(),
            };
            batch_approvals::insert(connection, &approval)?;
            exports::insert(connection, &other)
        })
        .expect("a hand in the database");

    let refused = export(&office, "standard", &folder.path().join("12.csv"));

    let refused = refused.expect_err("it differs");
    assert_eq!(refused.code(), "export_differs");
    assert!(told(&refused).contains("0123abcd"), "{refused}");
    assert!(entries(folder.path()).is_empty());
    let verification = office.ledger.verify(&office.office()).expect("verify");
    let broken: Vec<_> = verification
        .checks
        .iter()
        .filter(|check| !check.ok)
        .map(|check| check.name.as_str())
        .collect();
    assert_eq!(
        broken,
        [
            "batches_are_as_sealed",
            "two_persons_are_two",
            "exports_come_out_the_same"
        ]
    );
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("list the folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}
