//! What can be shown from outside: control sheets, heads that were written down, and backups.

use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use ledger::proof::{ChainHead, read_heads};
use ledger::{Call, Ledger, OpenMode};
use testkit::{TestDatabase, World, on_both};

use crate::desk::*;
use crate::months::close_month;

on_both!(
    heads_written_down_are_extended_by_what_came_after,
    a_chain_that_was_cut_off_or_written_anew_is_seen_from_outside,
    a_backup_taken_under_load_is_whole,
    every_change_is_an_event_of_its_coops_chain,
    who_verified_last_and_what_came_of_it_is_on_record,
);

fn heads(world: &World) -> Vec<ChainHead> {
    world.ledger.verify(&world.office()).expect("verify").heads
}

fn heads_written_down_are_extended_by_what_came_after(world: World) {
    a_supporter(&world, 2);
    close_month(&world, "01", "2025-08");
    let written = heads(&world);
    let chains: Vec<&str> = written.iter().map(|head| head.chain.as_str()).collect();
    assert_eq!(chains, ["audit", "audit/01"]);
    close_month(&world, "01", "2025-09");

    let verification = world
        .ledger
        .verify_against(&world.office(), &written)
        .expect("verify");

    assert!(verification.ok, "{:?}", verification.checks);
    assert!(verification.heads[1].length > written[1].length);
    let text = serde_json::to_string(&verification).expect("JSON");
    assert_eq!(read_heads(&text).expect("heads"), verification.heads);
}

fn a_chain_that_was_cut_off_or_written_anew_is_seen_from_outside(world: World) {
    a_supporter(&world, 2);
    close_month(&world, "01", "2025-08");
    let written = heads(&world);
    let broken = |changed: &dyn Fn(&mut Vec<ChainHead>)| {
        let mut written = written.clone();
        changed(&mut written);
        let verification = world
            .ledger
            .verify_against(&world.office(), &written)
            .expect("verify");
        let wrong: Vec<_> = verification.checks.iter().filter(|c| !c.ok).collect();
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert_eq!(wrong[0].name, "chains_extend_the_heads");
        wrong[0].detail.clone()
    };

    let cut_off = broken(&|heads| heads[1].length += 1);
    assert!(cut_off.contains("audit/01 は"), "{cut_off}");
    let anew = broken(&|heads| heads[1].sha256 = "0".repeat(64));
    assert!(anew.contains("audit/01 の"), "{anew}");
    let gone = broken(&|heads| heads[1].chain = "audit/99".to_owned());
    assert!(gone.contains("audit/99 という"), "{gone}");
    let refused = world
        .ledger
        .verify_against(&world.office(), &[])
        .expect_err("nothing to compare");
    assert_eq!(refused.code(), "heads_unreadable");
    assert_eq!(
        read_heads("{}").expect_err("no heads").code(),
        "heads_unreadable"
    );
}

/// Writers that go on until they are told to stop; gives how many applications they were told are
/// taken.
fn under_load<T>(world: &World, during: impl FnOnce(&AtomicUsize) -> T) -> T {
    let (stop, taken) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for writer in 0..3 {
            let (stop, taken) = (&stop, &taken);
            let ledger = world.ledger.clone();
            scope.spawn(move || {
                let call = Call::of_operator(&format!("writer{writer}"));
                while !stop.load(Ordering::SeqCst) {
                    let gift = line("0000002", SPOT_JULY, 1, JULY);
                    ledger
                        .record_application(&call, gift)
                        .expect("an application");
                    taken.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        while taken.load(Ordering::SeqCst) < 10 {
            thread::yield_now();
        }
        let made = during(&taken);
        stop.store(true, Ordering::SeqCst);
        made
    })
}

fn a_backup_taken_under_load_is_whole(world: World) {
    a_supporter(&world, 2);
    close_month(&world, "01", "2025-08");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("backup.db");
    if world.database.folder().is_none() {
        return restore_from_pg_dump(&world, &file);
    }
    let (made, before) = under_load(&world, |taken| {
        let before = taken.load(Ordering::SeqCst);
        (world.ledger.backup(&world.office(), &file), before)
    });
    let made = made.expect("a backup");
    assert_eq!(made.bytes, fs::metadata(&file).expect("the backup").len());

    let refused = world.ledger.backup(&world.office(), &file);

    assert_eq!(refused.expect_err("it is there").code(), "file_exists");
    let restored = opened(&world, &format!("sqlite://{}", file.display()));
    assert_whole(&world, &restored, before);
    let names: Vec<_> = fs::read_dir(folder.path())
        .expect("the folder")
        .flatten()
        .collect();
    assert!(
        names
            .iter()
            .all(|name| name.file_name().to_string_lossy().starts_with("backup.db")),
        "{names:?}"
    );
}

/// What the refusal says is what works.
fn restore_from_pg_dump(world: &World, file: &std::path::Path) {
    let refused = world
        .ledger
        .backup(&world.office(), file)
        .expect_err("use pg_dump");
    assert_eq!(refused.code(), "backup_by_pg_dump");
    let words = refused.to_string();
    let command = |name: &str| {
        let begin = words.find(&format!("{name} --")).expect("the command");
        let command = words[begin..].split("  ").next().expect("the command");
        command.to_owned()
    };
    let run = |command: &str, url: &str| {
        let done = Command::new("sh")
            .args(["-c", command])
            .env("HITOKUCHI_DATABASE_URL", url)
            .status();
        assert!(done.expect("a shell").success(), "{command}");
    };
    let before = under_load(world, |taken| {
        let before = taken.load(Ordering::SeqCst);
        run(&command("pg_dump"), world.database.url());
        before
    });
    let empty = TestDatabase::postgres().expect("the same server");
    run(&command("pg_restore"), empty.url());
    let restored = opened(world, empty.url());
    assert_whole(world, &restored, before);
}

fn opened(world: &World, url: &str) -> Ledger {
    let salts = std::sync::Arc::new(domain::CountedSalts::default());
    let settings = ledger::Settings::default();
    Ledger::open(
        url,
        OpenMode::MustExist,
        world.clock.clone(),
        salts,
        settings,
    )
    .expect("the restored database")
}

/// The copy is sound, its chains go on in the original, and what was acknowledged before is in it.
fn assert_whole(world: &World, restored: &Ledger, before: usize) {
    let verification = restored.verify(&world.office()).expect("verify");
    assert!(verification.ok, "{:?}", verification.checks);
    let extended = world
        .ledger
        .verify_against(&world.office(), &verification.heads)
        .expect("verify");
    assert!(extended.ok, "{:?}", extended.checks);
    let events = verification
        .heads
        .iter()
        .find(|head| head.chain == "audit/01");
    let length = events.map_or(0, |head| head.length);
    assert!(
        length > i64::try_from(before).expect("a few"),
        "{length} {before}"
    );
}

/// The length of co-op 01's chain, and of the one for the rest.
fn lengths(world: &World) -> (i64, i64) {
    let length = |name: &str| {
        let heads = world.ledger.list_chain_heads(&world.office());
        let heads = heads.expect("the heads");
        let head = heads.iter().find(|head| head.chain == name);
        head.map_or(0, |head| head.length)
    };
    (length("audit/01"), length("audit"))
}

fn every_change_is_an_event_of_its_coops_chain(world: World) {
    let adds = |what: &str, expected: (i64, i64), change: &dyn Fn()| {
        let before = lengths(&world);
        change();
        let after = lengths(&world);
        assert_eq!((after.0 - before.0, after.1 - before.1), expected, "{what}");
    };
    small_office(&world);
    let imported =
        "単協コード,組合員番号,基金コード,口数,単価,開始月\n01,0000001,inclufund,2,300,2025-08\n";
    adds("import_pledges", (0, 1), &|| {
        world.import(ledger::ReferenceTable::Pledges, imported);
    });
    adds("record_application", (1, 0), &|| {
        take(&world, line("0000002", SPOT_JULY, 1, JULY));
    });
    adds("a held one and its decision", (2, 0), &|| {
        let id = take(&world, line("0000002", SPOT_JULY, 1, JULY));
        try_resolve(&world, id, &because(domain::Way::Accept)).expect("a decision");
    });
    adds("a voided one", (2, 0), &|| {
        let id = take(&world, line("0000004", SPOT_JULY, 1, JULY));
        try_void(&world, id).expect("a withdrawal");
    });
    adds("close_batch", (1, 0), &|| {
        close_month(&world, "01", "2025-08");
    });
    adds("verify_records", (0, 1), &|| {
        heads(&world);
    });
    adds("verify_against_heads", (0, 1), &|| {
        let written = world.ledger.list_chain_heads(&world.office());
        let written = written.expect("the heads");
        let found = world.ledger.verify_against(&world.office(), &written);
        assert!(found.expect("verify").ok);
    });
    adds("a refusal", (0, 0), &|| {
        let request = ledger::billing::CloseBatch {
            coop: "01".parse().expect("a code"),
            month: month("2025-08"),
            reason: None,
        };
        let again = world.ledger.close_batch(&world.office(), request);
        again.expect_err("nothing new");
    });
}

/// Who verified last, and whether everything held.
fn last(world: &World) -> Option<(String, bool)> {
    let last = world.ledger.last_verification(&world.office());
    last.expect("whether there was one")
        .map(|last| (last.by, last.ok))
}

fn who_verified_last_and_what_came_of_it_is_on_record(world: World) {
    small_office(&world);
    let auditor = world.person("sato", "auditor");
    assert_eq!(last(&world), None);

    let verification = world.ledger.verify(&auditor).expect("verify");

    assert!(verification.ok && verification.is_recorded);
    assert_eq!(last(&world), Some(("user:sato/test".to_owned(), true)));
    let mut forged = verification.heads.clone();
    forged[0].sha256 = "0".repeat(64);
    let found = world.ledger.verify_against(&world.office(), &forged);
    assert!(!found.expect("verify").ok);
    assert_eq!(last(&world), Some(("cli:office".to_owned(), false)));
    // The events themselves break nothing, and the heads from before them go on.
    let found = world.ledger.verify_against(&auditor, &verification.heads);
    assert!(found.expect("verify").ok);
    assert_eq!(last(&world), Some(("user:sato/test".to_owned(), true)));

    let clerk = world.person("chiba", "clerk");
    let refused = world.ledger.verify(&clerk).expect_err("not a clerk's");
    assert_eq!(refused.code(), "not_permitted");
    let refused = world.ledger.last_verification(&clerk);
    assert_eq!(refused.expect_err("not a clerk's").code(), "not_permitted");
    assert_eq!(last(&world), Some(("user:sato/test".to_owned(), true)));
}
