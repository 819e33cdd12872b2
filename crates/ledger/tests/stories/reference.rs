//! Reference data: every file is taken whole or not at all, and the same file twice changes
//! nothing.

use ledger::ReferenceTable::{
    self, Campaigns, Cooperatives, Cycles, Funds, Members, Offerings, Pledges,
};
use ledger::{Cursor, PageRequest};
use testkit::world::told;
use testkit::{World, fixtures, on_both};

on_both!(
    the_newsletters_are_taken_and_taken_again_without_a_change,
    a_file_is_refused_whole_with_every_bad_line,
    a_code_not_known_yet_names_the_file_to_import_first,
    a_row_may_come_once_in_a_file,
    a_new_name_is_a_change,
    a_week_that_disagrees_with_its_first_day_is_refused,
    each_cooperative_gets_a_number_for_its_charge_keys,
    a_list_comes_page_by_page,
    a_file_in_cp932_is_read_as_well,
    the_same_files_brought_by_several_people_at_once_are_taken_once,
    an_import_leaves_one_event_with_counts_and_hash,
);

fn the_newsletters_are_taken_and_taken_again_without_a_change(world: World) {
    for round in 1..=2 {
        for (table, file) in fixtures::NEWSLETTER {
            let table: ReferenceTable = table.parse().expect("a table");
            let text = String::from_utf8(fixtures::bytes(file)).expect("UTF-8");
            let imported = world.import(table, &text);
            let lines = text.lines().count() as u64 - 1;
            assert_eq!(imported.lines, lines, "{file}");
            assert_eq!(imported.changed, 0, "{file}");
            let expected = if round == 1 { (lines, 0) } else { (0, lines) };
            assert_eq!((imported.added, imported.unchanged), expected, "{file}");
        }
    }
}

fn a_file_is_refused_whole_with_every_bad_line(world: World) {
    let refused = world
        .try_import(
            Cycles,
            "企画回,ISO週,申込開始,申込終了,集金月\n\
             2025年7月4回,2025-W29,2025-07-14,2025-07-18,2025-08\n\
             2025年7月5回,2025-W30,2025-02-31,2025-07-25,2025-08\n\
             2025年8月1回,2025-W31,2025-07-28,2025-08-01,2025-13\n",
        )
        .expect_err("two bad lines");

    let told = told(&refused);
    assert!(told.contains("2件の誤り"), "{told}");
    assert!(told.contains("3:申込開始: "), "{told}");
    assert!(told.contains("4:集金月: "), "{told}");
    let cycles = world
        .ledger
        .list_cycles(&world.office(), &PageRequest::default());
    assert_eq!(cycles.expect("list cycles").items, []);
}

fn a_code_not_known_yet_names_the_file_to_import_first(world: World) {
    let offering = world.try_import(
        Offerings,
        "cycle,order_number,kind,unit_price,fund,campaign,title\n\
         2025年7月4回,164151,supporter,300,inclufund,,サポーター登録\n",
    );
    let campaign = world.try_import(
        Campaigns,
        "campaign,organization,title,target,opens_on,closes_on,accounting\n\
         a,b,見本,100000,2025-11-10,2025-11-14,agency\n",
    );

    let told_of_offering = told(&offering.expect_err("no such cycle"));
    assert!(
        told_of_offering.contains("2:企画回: "),
        "{told_of_offering}"
    );
    assert!(
        told_of_offering.contains("先に企画回を登録するか、企画回のファイルを取り込んで"),
        "{told_of_offering}"
    );
    assert!(
        told_of_offering.contains("先に基金を登録するか、基金のファイルを取り込んで"),
        "{told_of_offering}"
    );
    let told_of_campaign = told(&campaign.expect_err("no such organization"));
    assert!(
        told_of_campaign.contains("先に団体を登録するか、団体のファイルを取り込んで"),
        "{told_of_campaign}"
    );
}

fn a_row_may_come_once_in_a_file(world: World) {
    let refused = world.try_import(Funds, "fund,name\na,甲\nb,乙\nA,丙\na,丁\n");

    let told = told(&refused.expect_err("a comes twice"));
    assert!(
        told.contains("5:基金コード: 「a」: 2行目にも同じ"),
        "{told}"
    );
}

fn a_new_name_is_a_change(world: World) {
    world.import(Funds, "fund,name\na,甲\nb,乙\n");

    let imported = world.import(Funds, "name,fund\n乙,b\n新しい甲,a\n丙,c\n");

    assert_eq!(
        (imported.added, imported.changed, imported.unchanged),
        (1, 1, 1)
    );
    let funds = world
        .ledger
        .list_funds(&world.office(), &PageRequest::default())
        .expect("list funds");
    let names: Vec<_> = funds.items.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["新しい甲", "乙", "丙"]);
}

fn a_week_that_disagrees_with_its_first_day_is_refused(world: World) {
    let refused = world.try_import(
        Cycles,
        "cycle,iso_week,opens_on,closes_on,collection_month\n\
         2025年7月4回,2025-W30,2025-07-14,2025-07-18,2025-08\n",
    );

    let told = told(&refused.expect_err("W30 begins on 21 July"));
    assert!(told.contains("2:ISO週: "), "{told}");
    assert!(told.contains("2025-W29 の週"), "{told}");
}

fn each_cooperative_gets_a_number_for_its_charge_keys(world: World) {
    world.import(Cooperatives, "coop,name\nminami,南\n02,北\n1,東\n");
    world.import(Cooperatives, "coop,name\n01,西\n700,中\n");

    let listed = world
        .ledger
        .list_cooperatives(&world.office(), &PageRequest::default())
        .expect("list co-ops");

    let numbers: Vec<_> = listed
        .items
        .iter()
        .map(|one| (one.coop.as_str(), one.number))
        .collect();
    assert_eq!(
        numbers,
        [("1", 1), ("02", 2), ("minami", 3), ("01", 4), ("700", 700)]
    );
}

fn a_list_comes_page_by_page(world: World) {
    world.load_newsletters();

    let mut seen = Vec::new();
    let mut page = PageRequest {
        cursor: None,
        limit: Some(3),
    };
    loop {
        let listed = world
            .ledger
            .list_offerings(&world.office(), None, &page)
            .expect("list offerings");
        assert!(listed.items.len() <= 3);
        seen.extend(
            listed
                .items
                .into_iter()
                .map(|one| one.order_number.to_string()),
        );
        match listed.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => break,
        }
    }

    assert_eq!(seen, ["164151", "164160", "108413", "133540"]);
    let of_july = world.ledger.list_offerings(
        &world.office(),
        Some("２０２５年７月４回"),
        &PageRequest::default(),
    );
    assert_eq!(of_july.expect("list offerings").items.len(), 2);
    page.cursor = Some(Cursor::from("made up".to_owned()));
    let refused = world
        .ledger
        .list_offerings(&world.office(), None, &page)
        .expect_err("a made-up cursor");
    assert_eq!(refused.code(), "cursor_unreadable");
}

fn a_file_in_cp932_is_read_as_well(world: World) {
    // 基金コード,基金名 / a,積立金
    let cp932 = b"\x8a\xee\x8b\xe0\x83R\x81[\x83h,\x8a\xee\x8b\xe0\x96\xbc\r\na,\x90\xcf\x97\xa7\x8b\xe0\r\n";
    let source = ledger::BytesSource::new("funds.csv", &cp932[..]);

    let imported = world
        .ledger
        .import_reference(&world.office(), Funds, &source)
        .expect("CP932 is read");

    assert_eq!(imported.added, 1);
    let funds = world
        .ledger
        .list_funds(&world.office(), &PageRequest::default())
        .expect("list funds");
    assert_eq!(funds.items[0].name, "積立金");
}

fn the_same_files_brought_by_several_people_at_once_are_taken_once(world: World) {
    world.load_newsletters();
    let mut members = "coop,member_number,name\n".to_owned();
    let mut pledges = "coop,member_number,fund,units,unit_price,from_month\n".to_owned();
    for number in 1..=200 {
        members += &format!("01,{number:04},見本 {number}\n");
        pledges += &format!("01,{number:04},inclufund,1,300,2025-08\n");
    }
    let offerings = "cycle,order_number,kind,unit_price,fund,campaign,title\n\
         2025年11月3回,500001,spot,500,machizukuri,,まちづくり積立金へのスポット寄付\n";

    for (table, file, rows) in [
        (Offerings, offerings, 1),
        (Members, members.as_str(), 200),
        (Pledges, pledges.as_str(), 200),
    ] {
        let imported: Vec<_> = std::thread::scope(|scope| {
            let people: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| world.import(table, file)))
                .collect();
            people
                .into_iter()
                .map(|person| person.join().expect("an import"))
                .collect()
        });
        let added: u64 = imported.iter().map(|one| one.added).sum();
        let unchanged: u64 = imported.iter().map(|one| one.unchanged).sum();
        assert_eq!((added, unchanged), (rows, 3 * rows), "{table}");
    }
}

fn an_import_leaves_one_event_with_counts_and_hash(world: World) {
    use sha2::{Digest, Sha256};

    let file = "fund,name\na,甲\nb,乙\n";
    world.import(Funds, file);
    world.import(Funds, "fund,name\na,甲\nb,丙\n");

    let subject = format!("file:{}", hex::encode(Sha256::digest(file)));
    let store = store::Store::open(world.database.url(), store::OpenMode::MustExist)
        .expect("open the database");
    let events = store
        .read(|connection| store::tables::audit_events::of_subject(connection, &subject))
        .expect("read the audit log");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].action, "import_funds");
    assert_eq!(events[0].actor, "cli:office");
    let after = events[0].after.as_deref().unwrap_or_default();
    assert!(
        after.contains("\"added\":2,\"changed\":0,\"unchanged\":0"),
        "{after}"
    );
}
