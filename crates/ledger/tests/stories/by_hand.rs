//! Reference data typed at the desk, one record at a time: by the same rules as a file.

use chrono::NaiveDate;
use domain::{Code, CoopCode, OnFailure, OrderNumber};
use ledger::ReferenceTable::{Members, Offerings};
use ledger::reference::{
    AddCycles, CopiedNumber, CopyOfferings, CycleDetail, CyclesAdded, OfferingDetail, TypedCycle,
    TypedName, TypedOffering,
};
use ledger::{Call, IdempotencyKey, LedgerError, PageRequest, Result, SettingView, Settings};
use store::tables::audit_events;
use store::{OpenMode, Store};
use testkit::world::told;
use testkit::{World, on_both};

use crate::months::close_month;

on_both!(
    the_next_four_weeks_are_proposed_corrected_and_saved,
    a_holiday_week_is_merged_with_the_one_before,
    the_newsletters_weeks_are_proposed_as_they_were,
    several_cycles_are_added_all_or_none_and_each_wrong_field_is_named,
    a_cycle_that_there_is_already_is_not_added_again,
    a_cycle_keeps_its_label_once_somebody_applied,
    a_cycle_keeps_its_month_once_that_is_closed,
    r1_a_cycle_is_not_corrected_onto_another_window_of_one_of_its_numbers,
    r1_a_number_that_is_still_open_elsewhere_is_refused_beside_its_field,
    a_number_is_added_once_to_a_cycle,
    what_somebody_applied_for_stays_what_it_was,
    an_offering_nobody_applied_for_may_be_corrected_number_and_all,
    r1_a_number_is_not_corrected_into_one_that_is_open_elsewhere,
    the_last_cycles_offerings_are_copied_under_new_numbers,
    r1_a_copy_is_refused_beside_the_number_that_is_in_the_way,
    each_policy_is_set_with_its_limit,
    a_coop_a_fund_and_an_organisation_are_added_and_renamed,
    the_calendar_shows_a_month_in_whole_weeks,
    todays_numbers_are_those_of_the_order_sheet_and_of_the_web,
    every_record_leaves_its_event_and_an_unchanged_one_none,
    the_same_request_under_its_key_adds_nothing_twice,
    the_settings_in_force_are_shown_as_they_are,
    r17_finance_and_admin_write_the_catalogue_and_nobody_else,
);

fn cycle(label: &str, opens_on: &str, closes_on: &str, month: &str) -> TypedCycle {
    TypedCycle {
        cycle: label.to_owned(),
        opens_on: opens_on.to_owned(),
        closes_on: closes_on.to_owned(),
        collection_month: month.to_owned(),
        ..TypedCycle::default()
    }
}

fn supporter(cycle: &str, order_number: &str) -> TypedOffering {
    TypedOffering {
        cycle: cycle.to_owned(),
        order_number: order_number.to_owned(),
        kind: "supporter".to_owned(),
        unit_price: "300".to_owned(),
        fund: "inclufund".to_owned(),
        title: "サポーター登録".to_owned(),
        ..TypedOffering::default()
    }
}

fn named(code: &str, name: &str) -> TypedName {
    TypedName {
        code: code.to_owned(),
        name: name.to_owned(),
    }
}

fn number(text: &str) -> OrderNumber {
    text.parse().expect("an order number")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn add(world: &World, cycles: Vec<TypedCycle>) -> Result<CyclesAdded> {
    let request = AddCycles { cycles };
    world.ledger.add_cycles(&world.office(), &request)
}

fn get(world: &World, label: &str) -> CycleDetail {
    world
        .ledger
        .get_cycle(&world.office(), label)
        .unwrap_or_else(|error| panic!("{label}: {}", told(&error)))
}

fn add_offering(world: &World, request: &TypedOffering) -> Result<OfferingDetail> {
    world.ledger.add_offering(&world.office(), request)
}

fn correct_offering(
    world: &World,
    of: (&str, &str),
    request: &TypedOffering,
) -> Result<OfferingDetail> {
    let (cycle, order_number) = of;
    let office = world.office();
    world
        .ledger
        .correct_offering(&office, cycle, &number(order_number), request)
}

/// The fields that a refusal names.
#[track_caller]
fn fields<T: std::fmt::Debug>(refused: Result<T>) -> (Vec<String>, String) {
    let error = refused.expect_err("a refusal");
    let LedgerError::Invalid { problems, .. } = &error else {
        panic!("{error:?}");
    };
    let columns = problems.iter().filter_map(|one| one.column.clone());
    (columns.collect(), told(&error))
}

/// Somebody applies for the supporter's registration of July.
fn somebody_applies_in_july(world: &World) {
    world.import(Members, "coop,member_number\n01,0000001\n");
    let taken = world.take_applications(
        "coop,member_number,order_number,units,received_on,channel\n\
         01,0000001,164151,2,2025-07-15,paper\n",
        ledger::intake::ImportApplications::default(),
    );
    assert_eq!(taken.accepted, 1);
}

fn the_next_four_weeks_are_proposed_corrected_and_saved(world: World) {
    world.load_newsletters();
    world.set_today("2025-11-12");
    let office = world.office();
    let mut proposed = world
        .ledger
        .propose_cycles(&office, None, 4)
        .expect("proposals");
    let labels: Vec<_> = proposed.iter().map(|one| one.cycle.as_str()).collect();
    assert_eq!(
        labels,
        [
            "2025年11月4回",
            "2025年12月1回",
            "2025年12月2回",
            "2025年12月3回"
        ],
        "the running week has its cycle"
    );

    proposed[1].closes_on = "2025-11-27".to_owned();
    proposed[1].web_closes_on = String::new();
    let added = add(&world, proposed).expect("four weeks");

    assert_eq!(added.cycles.len(), 4);
    let corrected = get(&world, "2025年12月1回").cycle;
    assert_eq!(corrected.iso_week.to_string(), "2025-W48");
    assert_eq!(corrected.closes_on, day("2025-11-27"));
    assert_eq!(corrected.web_closes_on, None);
    assert_eq!(corrected.collection_month.to_string(), "2026-01");
    let next = world.ledger.propose_cycles(&office, None, 1);
    assert_eq!(next.expect("one more")[0].cycle, "2025年12月4回");
    let refused = world.ledger.propose_cycles(&office, None, 27);
    assert_eq!(fields(refused).0, ["weeks"]);
}

fn a_holiday_week_is_merged_with_the_one_before(world: World) {
    world.set_today("2025-12-18");
    let office = world.office();
    let from = Some(day("2025-12-22"));
    let mut proposed = world
        .ledger
        .propose_cycles(&office, from, 3)
        .expect("proposals");
    let later = proposed.remove(1);
    let merged = proposed.remove(0).merged_with(later);
    assert_eq!(
        (merged.opens_on.as_str(), merged.closes_on.as_str()),
        ("2025-12-22", "2026-01-02")
    );

    add(&world, vec![merged]).expect("one cycle over two weeks");

    let next = world
        .ledger
        .propose_cycles(&office, from, 1)
        .expect("proposals");
    assert_eq!(next[0].opens_on, "2026-01-05");
}

fn the_newsletters_weeks_are_proposed_as_they_were(world: World) {
    let office = world.office();
    for (on, label, week, days, month) in [
        (
            "2025-07-14",
            "2025年7月4回",
            "2025-W29",
            ("2025-07-14", "2025-07-18"),
            "2025-08",
        ),
        (
            "2025-11-10",
            "2025年11月3回",
            "2025-W46",
            ("2025-11-10", "2025-11-14"),
            "2025-12",
        ),
    ] {
        let proposed = world.ledger.propose_cycles(&office, Some(day(on)), 1);
        let one = &proposed.expect("a proposal")[0];
        assert_eq!((one.cycle.as_str(), one.iso_week.as_str()), (label, week));
        assert_eq!((one.opens_on.as_str(), one.closes_on.as_str()), days);
        assert_eq!(one.collection_month, month);
    }
}

fn several_cycles_are_added_all_or_none_and_each_wrong_field_is_named(world: World) {
    let refused = add(
        &world,
        vec![
            cycle("2025年7月4回", "2025-07-14", "2025-07-18", "2025-08"),
            cycle("2025年7月5回", "2025-07-21", "2025-07-11", "2025-08"),
            cycle("", "2025-02-31", "2025-08-01", "8月"),
        ],
    );

    let (columns, told) = fields(refused);
    assert_eq!(
        columns,
        [
            "cycles/1/closes_on",
            "cycles/2/cycle",
            "cycles/2/opens_on",
            "cycles/2/collection_month"
        ],
        "{told}"
    );
    let cycles = world
        .ledger
        .list_cycles(&world.office(), &PageRequest::default());
    assert_eq!(cycles.expect("cycles").items, [], "none of them");
    let none = add(&world, Vec::new());
    assert_eq!(fields(none).0, ["cycles"]);
    let twice = cycle("2025年7月4回", "2025-07-14", "2025-07-18", "2025-08");
    let (columns, told) = fields(add(&world, vec![twice.clone(), twice]));
    assert_eq!(columns, ["cycles/1/cycle"], "{told}");
    assert!(told.contains("1行目にも同じ企画回"), "{told}");
}

fn a_cycle_that_there_is_already_is_not_added_again(world: World) {
    world.load_newsletters();

    let again = cycle("２０２５年７月４回", "2025-07-21", "2025-07-25", "2025-08");
    let (columns, told) = fields(add(&world, vec![again]));

    assert_eq!(columns, ["cycles/0/cycle"]);
    assert!(told.contains("すでに登録されています"), "{told}");
    assert_eq!(
        get(&world, "2025年7月4回").cycle.opens_on,
        day("2025-07-14")
    );
}

fn a_cycle_keeps_its_label_once_somebody_applied(world: World) {
    world.load_newsletters();
    let renamed = cycle("2025年7月第4回", "2025-07-14", "2025-07-18", "2025-08");
    let office = world.office();
    let correct =
        |request: &TypedCycle| world.ledger.correct_cycle(&office, "2025年7月4回", request);
    let taken = cycle("2025年11月3回", "2025-07-14", "2025-07-18", "2025-08");
    let (columns, told) = fields(correct(&taken));
    assert_eq!(columns, ["cycle"], "{told}");

    somebody_applies_in_july(&world);
    let (columns, told) = fields(correct(&renamed));

    assert_eq!(columns, ["cycle"]);
    assert!(told.contains("すでに申込がある"), "{told}");
    assert!(get(&world, "2025年7月4回").is_applied_for);
    let november = TypedCycle {
        cycle: "2025年11月第3回".to_owned(),
        ..cycle("", "2025-11-10", "2025-11-14", "2025-12")
    };
    let corrected = world
        .ledger
        .correct_cycle(&office, "2025年11月3回", &november)
        .expect("nobody applied in November");
    assert_eq!(corrected.cycle.cycle, "2025年11月第3回");
    assert_eq!(get(&world, "2025年11月第3回").offerings.len(), 2);
    let gone = world.ledger.get_cycle(&office, "2025年11月3回");
    assert_eq!(gone.expect_err("renamed").code(), "cycle_not_found");
}

fn a_cycle_keeps_its_month_once_that_is_closed(world: World) {
    world.load_newsletters();
    somebody_applies_in_july(&world);
    let office = world.office();
    let later = cycle("2025年7月4回", "2025-07-14", "2025-07-18", "2025-09");
    let noted = world
        .ledger
        .correct_cycle(&office, "2025年7月4回", &later)
        .expect("the month is open");
    assert_eq!(noted.notes.len(), 1);
    assert!(
        noted.notes[0].contains("2025-08 のままです"),
        "{:?}",
        noted.notes
    );
    let back = cycle("2025年7月4回", "2025-07-14", "2025-07-18", "2025-08");
    let corrected = world.ledger.correct_cycle(&office, "2025年7月4回", &back);
    assert!(corrected.is_ok());
    world.set_today("2025-08-20");
    close_month(&world, "01", "2025-08");

    let (columns, told) = fields(world.ledger.correct_cycle(&office, "2025年7月4回", &later));

    assert_eq!(columns, ["collection_month"]);
    assert!(told.contains("2025-08 に戻してください"), "{told}");
    assert!(get(&world, "2025年7月4回").month_is_closed);
}

fn r1_a_cycle_is_not_corrected_onto_another_window_of_one_of_its_numbers(world: World) {
    world.load_newsletters();
    world.import(
        Offerings,
        "cycle,order_number,kind,unit_price,fund,campaign,title\n\
         2025年11月3回,164151,spot,500,machizukuri,,まちづくり積立金\n",
    );

    let moved = cycle("2025年11月3回", "2025-07-18", "2025-07-25", "2025-12");
    let office = world.office();
    let (columns, told) = fields(world.ledger.correct_cycle(&office, "2025年11月3回", &moved));

    assert_eq!(columns, ["opens_on"], "{told}");
    assert!(
        told.contains("の「インクルファンド・サポーター登録寄付」で重なります"),
        "{told}"
    );
}

fn r1_a_number_that_is_still_open_elsewhere_is_refused_beside_its_field(world: World) {
    world.load_newsletters();
    add(
        &world,
        vec![cycle("2025年7月5回", "2025-07-18", "2025-07-25", "2025-08")],
    )
    .expect("a week that begins on the last day of another");

    let refused = add_offering(&world, &supporter("2025年7月5回", "164151"));

    let (columns, told) = fields(refused);
    assert_eq!(columns, ["order_number"]);
    assert!(
        told.contains(
            "2025年7月4回（2025-07-14〜2025-07-18）の「インクルファンド・サポーター登録寄付」で重なります"
        ),
        "{told}"
    );
    assert!(get(&world, "2025年7月5回").offerings.is_empty());
    add_offering(&world, &supporter("2025年7月5回", "164152")).expect("a number of its own");
}

fn a_number_is_added_once_to_a_cycle(world: World) {
    world.load_newsletters();

    let (columns, told) = fields(add_offering(&world, &supporter("2025年7月4回", "164151")));

    assert_eq!(columns, ["order_number"]);
    assert!(told.contains("すでに登録されています"), "{told}");
    let mut wrong = supporter("2025年7月4回", "16415");
    wrong.unit_price = "0".to_owned();
    wrong.campaign = "kosumosu-2025".to_owned();
    wrong.fund = String::new();
    let (columns, told) = fields(add_offering(&world, &wrong));
    assert_eq!(
        columns,
        ["order_number", "unit_price", "fund", "campaign"],
        "{told}"
    );
    let mut unknown = supporter("2025年7月4回", "164170");
    unknown.fund = "none".to_owned();
    assert_eq!(fields(add_offering(&world, &unknown)).0, ["fund"]);
    let nowhere = add_offering(&world, &supporter("2025年7月9回", "164170"));
    assert_eq!(
        nowhere.expect_err("no such cycle").code(),
        "cycle_not_found"
    );
}

fn what_somebody_applied_for_stays_what_it_was(world: World) {
    world.load_newsletters();
    somebody_applies_in_july(&world);
    let of = ("2025年7月4回", "164151");
    let same = supporter("2025年7月4回", "164151");

    type Change = (&'static str, fn(&mut TypedOffering));
    let changes: [Change; 4] = [
        ("order_number", |one| one.order_number = "164159".to_owned()),
        ("kind", |one| one.kind = "spot".to_owned()),
        ("unit_price", |one| one.unit_price = "500".to_owned()),
        ("fund", |one| one.fund = "machizukuri".to_owned()),
    ];
    for (column, change) in changes {
        let mut typed = same.clone();
        change(&mut typed);
        let (columns, told) = fields(correct_offering(&world, of, &typed));
        assert_eq!(columns, [column], "{told}");
        assert!(told.contains("すでに申込があるため"), "{told}");
        assert!(told.contains("別の企画回・注文番号で登録"), "{told}");
    }

    let mut titled = same;
    titled.title = "サポーター登録寄付".to_owned();
    titled.on_failure = "carry_forward".to_owned();
    titled.failures_max = "3".to_owned();
    let corrected = correct_offering(&world, of, &titled).expect("title and policy");
    assert_eq!(corrected.offering.title, "サポーター登録寄付");
    assert!(corrected.is_applied_for);
}

fn an_offering_nobody_applied_for_may_be_corrected_number_and_all(world: World) {
    world.load_newsletters();
    let mut typed = supporter("2025年7月4回", "164155");
    typed.unit_price = "３５０".to_owned();

    let corrected = correct_offering(&world, ("2025年7月4回", "164151"), &typed);

    let corrected = corrected.expect("nobody applied");
    assert_eq!(corrected.offering.order_number, number("164155"));
    assert_eq!(corrected.offering.unit_price.get(), 350);
    let july = get(&world, "2025年7月4回");
    let numbers: Vec<_> = july
        .offerings
        .iter()
        .map(|one| one.offering.order_number.as_str())
        .collect();
    assert_eq!(numbers, ["164155", "164160"], "in its place");
    let taken = supporter("2025年7月4回", "164160");
    let refused = correct_offering(&world, ("2025年7月4回", "164155"), &taken);
    assert_eq!(fields(refused).0, ["order_number"]);
    let elsewhere = supporter("2025年11月3回", "164155");
    let refused = correct_offering(&world, ("2025年7月4回", "164155"), &elsewhere);
    assert_eq!(fields(refused).0, ["cycle"]);
    let nothing = correct_offering(&world, ("2025年7月4回", "999999"), &elsewhere);
    assert_eq!(
        nothing.expect_err("no such number").code(),
        "offering_not_found"
    );
}

fn r1_a_number_is_not_corrected_into_one_that_is_open_elsewhere(world: World) {
    world.load_newsletters();
    add(
        &world,
        vec![cycle("2025年7月5回", "2025-07-18", "2025-07-25", "2025-08")],
    )
    .expect("a cycle");
    add_offering(&world, &supporter("2025年7月5回", "170001")).expect("a number");

    let typed = supporter("2025年7月5回", "164160");
    let refused = correct_offering(&world, ("2025年7月5回", "170001"), &typed);

    let (columns, told) = fields(refused);
    assert_eq!(columns, ["order_number"]);
    assert!(told.contains("で重なります"), "{told}");
}

fn copied(pairs: &[(&str, &str)]) -> CopyOfferings {
    let offerings = pairs.iter().map(|(copied, order_number)| CopiedNumber {
        copied: (*copied).to_owned(),
        order_number: (*order_number).to_owned(),
    });
    CopyOfferings {
        from: "2025年7月4回".to_owned(),
        cycle: "2025年11月4回".to_owned(),
        offerings: offerings.collect(),
    }
}

/// The newsletters, and the week after theirs of November.
fn with_another_week(world: &World) {
    world.load_newsletters();
    let week = cycle("2025年11月4回", "2025-11-17", "2025-11-21", "2025-12");
    add(world, vec![week]).expect("a cycle");
}

fn the_last_cycles_offerings_are_copied_under_new_numbers(world: World) {
    with_another_week(&world);
    let mut typed = supporter("2025年7月4回", "164151");
    typed.on_failure = "end_pledge".to_owned();
    typed.failures_max = "2".to_owned();
    typed.title = "インクルファンド・サポーター登録寄付".to_owned();
    correct_offering(&world, ("2025年7月4回", "164151"), &typed).expect("a policy");
    assert_eq!(
        get(&world, "2025年11月4回").previous.as_deref(),
        Some("2025年11月3回")
    );

    let request = copied(&[("164151", "１２０００１"), ("164160", " ")]);
    let done = world
        .ledger
        .copy_offerings(&world.office(), &request)
        .expect("a copy");

    assert_eq!(done.offerings.len(), 1, "a blank number is not copied");
    let one = &done.offerings[0];
    assert_eq!(one.offering.order_number, number("120001"));
    assert_eq!(one.offering.cycle, "2025年11月4回");
    assert_eq!(one.offering.title, "インクルファンド・サポーター登録寄付");
    assert_eq!(
        one.fund_name.as_deref(),
        Some("地域たすけあい福祉基金（インクルファンド）")
    );
    assert_eq!(
        (one.on_failure, one.failures_max),
        (OnFailure::EndPledge, Some(2))
    );
    assert_eq!(get(&world, "2025年11月4回").offerings, done.offerings);
}

fn r1_a_copy_is_refused_beside_the_number_that_is_in_the_way(world: World) {
    with_another_week(&world);
    let office = world.office();
    let copy = |pairs: &[(&str, &str)]| world.ledger.copy_offerings(&office, &copied(pairs));

    let (columns, told) = fields(copy(&[("164151", ""), ("164160", "12000")]));
    assert_eq!(columns, ["offerings/1/order_number"], "{told}");
    let (columns, told) = fields(copy(&[("164151", "120001"), ("164160", "120001")]));
    assert_eq!(columns, ["offerings/1/order_number"], "{told}");
    let (columns, _) = fields(copy(&[("164151", ""), ("164160", "")]));
    assert_eq!(columns, ["offerings"]);
    let wider = cycle("2025年11月4回", "2025-11-14", "2025-11-21", "2025-12");
    world
        .ledger
        .correct_cycle(&office, "2025年11月4回", &wider)
        .expect("it has no numbers yet");
    let (columns, told) = fields(copy(&[("164151", "108413"), ("164160", "120002")]));
    assert_eq!(columns, ["offerings/0/order_number"], "{told}");
    assert!(told.contains("2025年11月3回（"), "{told}");
    assert!(
        get(&world, "2025年11月4回").offerings.is_empty(),
        "none of them"
    );
    let unknown = copy(&[("999999", "120001")]);
    assert_eq!(
        unknown.expect_err("no such number").code(),
        "offering_not_found"
    );
}

fn each_policy_is_set_with_its_limit(world: World) {
    world.load_newsletters();
    for (policy, limit, wrong) in [
        ("", "", None),
        ("lapse", "3", Some("failures_max")),
        ("carry_forward", "", Some("failures_max")),
        ("carry_forward", "1", Some("failures_max")),
        ("carry_forward", "3", None),
        ("end_pledge", "2", None),
        ("forgive", "", Some("on_failure")),
    ] {
        let mut typed = supporter("2025年7月4回", "164151");
        typed.on_failure = policy.to_owned();
        typed.failures_max = limit.to_owned();
        let corrected = correct_offering(&world, ("2025年7月4回", "164151"), &typed);
        match wrong {
            Some(column) => assert_eq!(fields(corrected).0, [column], "{policy} {limit}"),
            None => {
                let set = corrected.expect("a policy");
                let policy = policy.parse().unwrap_or(OnFailure::Lapse);
                assert_eq!(set.on_failure, policy);
            }
        }
    }
    let mut spot = supporter("2025年7月4回", "164160");
    spot.kind = "spot".to_owned();
    spot.unit_price = "500".to_owned();
    spot.on_failure = "end_pledge".to_owned();
    spot.failures_max = "2".to_owned();
    let refused = correct_offering(&world, ("2025年7月4回", "164160"), &spot);
    assert_eq!(fields(refused).0, ["on_failure"], "a gift has no pledge");
}

fn a_coop_a_fund_and_an_organisation_are_added_and_renamed(world: World) {
    let (ledger, office) = (&world.ledger, world.office());
    let coop = ledger
        .add_cooperative(&office, &named("０７", "見本の単協"))
        .expect("a co-op");
    assert_eq!((coop.coop.as_str(), coop.number), ("07", 7));
    let fund = ledger.add_fund(&office, &named("mihon", "見本の基金"));
    assert_eq!(fund.expect("a fund").name, "見本の基金");
    let organization = ledger.add_organization(&office, &named("dantai", "見本の団体"));
    assert!(organization.is_ok());

    let again = ledger.add_cooperative(&office, &named("07", "ほかの単協"));
    let (columns, told) = fields(again);
    assert_eq!(columns, ["coop"]);
    assert!(told.contains("すでに登録されています"), "{told}");
    let blank = ledger.add_fund(&office, &named("", ""));
    assert_eq!(fields(blank).0, ["fund", "name"]);
    let code: Code = "dantai".parse().expect("a code");
    let nameless = ledger.correct_organization(&office, &code, " ");
    assert_eq!(fields(nameless).0, ["name"]);

    let coop: CoopCode = "07".parse().expect("a code");
    let renamed = ledger.correct_cooperative(&office, &coop, "新しい名前");
    let renamed = renamed.expect("another name");
    assert_eq!((renamed.name.as_str(), renamed.number), ("新しい名前", 7));
    let renamed = ledger.correct_organization(&office, &code, "団体の新しい名前");
    assert_eq!(renamed.expect("another name").name, "団体の新しい名前");
    let missing = ledger.correct_fund(&office, &code, "x");
    assert_eq!(missing.expect_err("no such fund").code(), "fund_not_found");
}

fn the_calendar_shows_a_month_in_whole_weeks(world: World) {
    world.load_newsletters();
    world.set_today("2025-11-19");

    let november = world
        .ledger
        .show_calendar(&world.office(), None)
        .expect("a calendar");

    assert_eq!(
        (november.from, november.to),
        (day("2025-10-27"), day("2025-11-30"))
    );
    assert_eq!(november.cycles.len(), 1);
    assert_eq!(november.cycles[0].cycle.cycle, "2025年11月3回");
    assert_eq!(november.cycles[0].offerings, 2);
    let proposed: Vec<_> = november
        .proposed
        .iter()
        .map(|one| one.cycle.as_str())
        .collect();
    assert_eq!(
        proposed,
        ["2025年11月4回", "2025年12月1回"],
        "weeks that are over are not proposed"
    );
    let july = world
        .ledger
        .show_calendar(&world.office(), Some("2025-07".parse().expect("a month")))
        .expect("a calendar");
    assert_eq!((july.cycles.len(), july.proposed.len()), (1, 0));
}

fn todays_numbers_are_those_of_the_order_sheet_and_of_the_web(world: World) {
    world.load_newsletters();
    let todays = |on: &str| {
        world.set_today(on);
        let todays = world.ledger.list_todays_offerings(&world.office());
        todays
            .expect("today's numbers")
            .into_iter()
            .map(|one| (one.offering.order_number.to_string(), one.is_web_only))
            .collect::<Vec<_>>()
    };

    assert_eq!(
        todays("2025-11-14"),
        [("108413".to_owned(), false), ("133540".to_owned(), false)]
    );
    assert_eq!(todays("2025-11-13").len(), 2);
    assert_eq!(todays("2025-10-01"), []);
    let mut wider = cycle("2025年11月3回", "2025-11-10", "2025-11-14", "2025-12");
    wider.web_closes_on = "2025-11-15".to_owned();
    world
        .ledger
        .correct_cycle(&world.office(), "2025年11月3回", &wider)
        .expect("a day longer on the web");
    assert_eq!(
        todays("2025-11-15"),
        [("108413".to_owned(), true), ("133540".to_owned(), true)]
    );
}

/// The actions about one thing, in the order in which they came.
fn actions(world: &World, subject: &str) -> Vec<String> {
    let store = Store::open(world.database.url(), OpenMode::MustExist).expect("the database");
    let events = store
        .read(|connection| audit_events::of_subject(connection, subject))
        .expect("the audit log");
    events.into_iter().map(|event| event.action).collect()
}

fn every_record_leaves_its_event_and_an_unchanged_one_none(world: World) {
    let (ledger, office) = (&world.ledger, world.office());
    let fund: Code = "inclufund".parse().expect("a code");
    ledger
        .add_fund(&office, &named("inclufund", "基金"))
        .expect("a fund");
    for name in ["別の名前", "別の名前"] {
        ledger.correct_fund(&office, &fund, name).expect("a name");
    }
    let week = cycle("2025年7月4回", "2025-07-14", "2025-07-18", "2025-08");
    add(&world, vec![week.clone()]).expect("a cycle");
    for _ in 0..2 {
        let corrected = ledger.correct_cycle(&office, "2025年7月4回", &week);
        assert!(corrected.is_ok());
    }
    let typed = supporter("2025年7月4回", "164151");
    add_offering(&world, &typed).expect("a number");
    correct_offering(&world, ("2025年7月4回", "164151"), &typed).expect("the same");

    assert_eq!(
        actions(&world, "fund:inclufund"),
        ["add_fund", "correct_fund"]
    );
    assert_eq!(actions(&world, "cycle:2025年7月4回"), ["add_cycles"]);
    assert_eq!(
        actions(&world, "offering:2025年7月4回/164151"),
        ["add_offering"]
    );
    let verification = ledger.verify(&office).expect("verify");
    assert!(verification.checks.iter().all(|one| one.ok));
}

fn the_same_request_under_its_key_adds_nothing_twice(world: World) {
    world.load_newsletters();
    let keyed = |key: &str| -> Call {
        world
            .office()
            .under(IdempotencyKey::new(key).expect("a key"))
    };
    let typed = supporter("2025年7月4回", "164170");
    let first = world.ledger.add_offering(&keyed("1"), &typed);
    let again = world.ledger.add_offering(&keyed("1"), &typed);
    assert_eq!(first.expect("added"), again.expect("the answer kept"));
    let other = supporter("2025年7月4回", "164171");
    let refused = world.ledger.add_offering(&keyed("1"), &other);
    assert_eq!(
        refused.expect_err("another request").code(),
        "idempotency_key_reused"
    );
    assert_eq!(get(&world, "2025年7月4回").offerings.len(), 3);
}

fn the_settings_in_force_are_shown_as_they_are(world: World) {
    let setting = SettingView {
        name: "overdue_after_days".to_owned(),
        words: "遅れとして示すまでの日数".to_owned(),
        value: Some("30".to_owned()),
        origin: "hitokuchi.toml:3".to_owned(),
        is_default: false,
    };
    let ledger = world.opened_with(Settings {
        in_force: vec![setting.clone()],
        ..Settings::default()
    });
    let auditor = world.person("inoue", "auditor");
    assert_eq!(ledger.show_settings(&auditor).expect("settings"), [setting]);
    let clerk = world.person("endo", "clerk");
    let refused = ledger.show_settings(&clerk).expect_err("not a clerk's");
    assert_eq!(refused.code(), "not_permitted");
}

fn r17_finance_and_admin_write_the_catalogue_and_nobody_else(world: World) {
    world.load_newsletters();
    for (role, may) in [
        ("clerk", false),
        ("finance", true),
        ("auditor", false),
        ("admin", true),
    ] {
        let person = world.person(role, role);
        let ledger = &world.ledger;
        let added = ledger.add_fund(&person, &named(role, "見本"));
        assert_eq!(added.is_ok(), may, "{role}");
        let proposed = ledger.propose_cycles(&person, None, 1);
        assert_eq!(proposed.is_ok(), may, "{role}");
        assert!(ledger.show_calendar(&person, None).is_ok(), "{role}");
        assert!(ledger.list_todays_offerings(&person).is_ok(), "{role}");
    }
    let organization = world.of_organization("kobayashi", "kosumosu");
    let refused = world.ledger.show_calendar(&organization, None);
    assert_eq!(refused.expect_err("staff only").code(), "not_permitted");
}
