//! The review desk of a small office, for the stories of what people decide.

use domain::{Channel, CollectionMonth, HoldReason, Way};
use ledger::ReferenceTable::{Cycles, Members, Offerings, Pledges};
use ledger::intake::NewApplication;
use ledger::pledges::{PledgeHistory, PledgeName};
use ledger::review::{
    ApplicationView, DecisionUndone, Hold, HoldCorrection, HoldFilter, HoldResolved, HoldWeighed,
    Resolution, UndoDecision, VoidApplication,
};
use ledger::{LedgerError, PageRequest};
use testkit::World;
use testkit::world::told;

/// Wednesday of 2025年7月4回, collected from August 2025.
pub const JULY: &str = "2025-07-16";
/// Wednesday of 2025年11月3回, collected from December 2025.
pub const NOVEMBER: &str = "2025-11-12";

pub const SUPPORTER_JULY: &str = "164151";
pub const SPOT_JULY: &str = "164160";
pub const SUPPORTER_NOVEMBER: &str = "108413";
pub const CAMPAIGN_NOVEMBER: &str = "133540";
/// In 2025年11月4回, at 500 yen a unit.
pub const SUPPORTER_AT_500: &str = "108999";

/// The newsletters' facts, a later week with another unit price, and members of co-op 01:
/// 0000003 leaves in the middle of November.
pub fn small_office(world: &World) {
    world.load_newsletters();
    world.import(
        Cycles,
        "企画回,ISO週,申込開始,申込終了,集金月\n2025年11月4回,2025-W47,2025-11-17,2025-11-21,2025-12\n",
    );
    world.import(
        Offerings,
        "企画回,注文番号,種別,単価,基金コード,募集コード,名称\n2025年11月4回,108999,supporter,500,inclufund,,見本の登録\n",
    );
    world.import(
        Members,
        "単協コード,組合員番号,氏名,脱退日\n\
         01,0000001,見本 一,\n01,0000002,見本 二,\n01,0000003,見本 三,2025-11-15\n01,0000004,見本 四,\n",
    );
    world.set_today(NOVEMBER);
}

/// Member 0000001 has given `units` a month since August 2025.
pub fn a_supporter(world: &World, units: i64) {
    small_office(world);
    world.import(
        Pledges,
        &format!(
            "単協コード,組合員番号,基金コード,口数,単価,開始月\n01,0000001,inclufund,{units},300,2025-08\n"
        ),
    );
}

/// A line of an order sheet.
pub fn line(member: &str, order_number: &str, units: i64, day: &str) -> NewApplication {
    NewApplication {
        coop: "01".to_owned(),
        member_number: member.to_owned(),
        order_number: Some(order_number.to_owned()),
        units: Some(units),
        received_on: Some(day.to_owned()),
        ..NewApplication::default()
    }
}

/// A depot form of free text.
pub fn form(member: &str, note: &str) -> NewApplication {
    NewApplication {
        coop: "01".to_owned(),
        member_number: member.to_owned(),
        received_on: Some(NOVEMBER.to_owned()),
        channel: Some(Channel::Depot.as_str().to_owned()),
        note: Some(note.to_owned()),
        ..NewApplication::default()
    }
}

/// Takes an application; gives its number.
pub fn take(world: &World, application: NewApplication) -> i64 {
    let recorded = world
        .ledger
        .record_application(&world.office(), application);
    recorded
        .unwrap_or_else(|error| panic!("{}", told(&error)))
        .id
}

/// Takes an application that is held for this reason.
pub fn take_held(world: &World, application: NewApplication, reason: HoldReason) -> i64 {
    let id = take(world, application);
    assert_eq!(view(world, id).reason, Some(reason));
    id
}

pub fn because(way: Way) -> Resolution {
    Resolution::new(way, "本人に電話で確かめた")
}

pub fn try_resolve(
    world: &World,
    id: i64,
    resolution: &Resolution,
) -> Result<HoldResolved, LedgerError> {
    world.ledger.resolve_hold(&world.office(), id, resolution)
}

pub fn resolve(world: &World, id: i64, way: Way) -> HoldResolved {
    resolve_so(world, id, &because(way))
}

pub fn resolve_so(world: &World, id: i64, resolution: &Resolution) -> HoldResolved {
    let resolved = try_resolve(world, id, resolution);
    let resolved = resolved.unwrap_or_else(|error| panic!("{}", told(&error)));
    assert_all_is_well(world);
    resolved
}

/// Whether everything still holds that always must (§7).
#[track_caller]
pub fn assert_all_is_well(world: &World) {
    let verification = world.ledger.verify(&world.office()).expect("verify");
    assert!(verification.ok, "{:?}", verification.checks);
}

/// The refusal of a decision.
pub fn refusal(world: &World, id: i64, resolution: &Resolution) -> LedgerError {
    try_resolve(world, id, resolution).expect_err("a refusal")
}

pub fn view(world: &World, id: i64) -> ApplicationView {
    world
        .ledger
        .get_application(&world.office(), id)
        .expect("the application")
}

pub fn weigh(world: &World, id: i64) -> HoldWeighed {
    world
        .ledger
        .weigh_hold(&world.office(), id, &HoldCorrection::default())
        .expect("weigh the hold")
}

/// What a weighed way would make of the member's charge: month, yen now, yen then.
pub fn weighed(weighed: &HoldWeighed, way: Way) -> (Option<String>, i64, i64) {
    let found = weighed.ways.iter().find(|one| one.way == way);
    let one = found.unwrap_or_else(|| panic!("{way} is not there: {weighed:?}"));
    let month = one.month.map(|month| month.to_string());
    (month, one.amount_now, one.amount_then)
}

pub fn holds(world: &World, filter: &HoldFilter) -> Vec<Hold> {
    let page = world
        .ledger
        .list_holds(&world.office(), filter, &PageRequest::default());
    page.expect("a list of holds").items
}

pub fn undo(world: &World, id: i64) -> DecisionUndone {
    let undone = try_undo(world, id).unwrap_or_else(|error| panic!("{}", told(&error)));
    assert_all_is_well(world);
    undone
}

pub fn try_undo(world: &World, id: i64) -> Result<DecisionUndone, LedgerError> {
    let request = UndoDecision {
        reason: "決め間違い".to_owned(),
    };
    world.ledger.undo_decision(&world.office(), id, &request)
}

pub fn try_void(world: &World, id: i64) -> Result<ledger::review::ApplicationVoided, LedgerError> {
    let request = VoidApplication {
        reason: "本人の取り下げ".to_owned(),
    };
    world.ledger.void_application(&world.office(), id, &request)
}

pub fn void(world: &World, id: i64) {
    try_void(world, id).unwrap_or_else(|error| panic!("{}", told(&error)));
    assert_all_is_well(world);
}

pub fn month(month: &str) -> CollectionMonth {
    month.parse().expect("a month like 2025-12")
}

/// The newest pledge of a member of co-op 01.
pub fn history(world: &World, member: &str) -> PledgeHistory {
    let name = PledgeName::new("01", member, "inclufund");
    world
        .ledger
        .get_pledge(&world.office(), &name)
        .expect("a pledge")
}

/// Its plan as `month: units`, earliest first.
pub fn plan(world: &World, member: &str) -> Vec<String> {
    let terms = history(world, member).pledge.plan;
    terms
        .iter()
        .map(|term| format!("{}: {}", term.from_month, term.units))
        .collect()
}

/// Whether the audit log has an event of this use case.
pub fn has_event(world: &World, action: &str) -> bool {
    let filter = ledger::audit_log::AuditFilter {
        action: Some(action.to_owned()),
        ..Default::default()
    };
    let events =
        world
            .ledger
            .search_audit_events(&world.office(), &filter, &PageRequest::default());
    !events.expect("the audit log").items.is_empty()
}
