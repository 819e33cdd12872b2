//! Campaigns as the office follows and keeps them, and as everybody may see them (R16).

use ledger::ReferenceTable::{Members, Organizations};
use ledger::accounting::{
    CampaignNews, CampaignToldApart, CampaignWatch, GiftSum, PublicCampaign, RecordPayout,
};
use ledger::domain::Yen;
use ledger::reference::{SwitchPublicPage, TypedCampaign};
use ledger::review::VoidApplication;
use ledger::{Call, Caller, LedgerError, Result};
use testkit::on_both;
use testkit::world::{AtOnce, told};

use crate::office::{Office, close};

on_both!(
    r16_progress_told_apart_comes_to_the_whole,
    r16_a_campaign_without_gifts_is_told_apart_too,
    r16_the_public_page_moves_in_the_steps_of_the_organisation,
    r16_a_page_that_is_switched_off_is_none,
    r16_news_alone_lead_to_what_a_whole_look_sees,
    r16_who_signs_in_or_looks_makes_no_news,
    r16_news_of_another_process_are_read,
    r17_who_may_switch_a_public_page,
    a_campaign_is_registered_and_corrected_as_it_is_typed,
    what_is_typed_wrong_is_told_by_field,
    a_campaign_with_gifts_keeps_whose_money_it_is,
    a_page_is_seen_before_it_is_switched_on,
);

const CAMPAIGN: &str = "kosumosu-2025";

fn told_apart(office: &Office) -> CampaignToldApart {
    office
        .ledger
        .show_campaign_progress(&office.office(), CAMPAIGN)
        .unwrap_or_else(|error| panic!("look: {}", told(&error)))
}

fn sum(gifts: i64, units: i64) -> GiftSum {
    GiftSum {
        gifts,
        units,
        amount: Yen::new(500 * units),
    }
}

fn total<'a>(sums: impl Iterator<Item = &'a GiftSum>) -> (i64, i64, i64) {
    sums.fold((0, 0, 0), |(gifts, units, amount), sum| {
        (
            gifts + sum.gifts,
            units + sum.units,
            amount + sum.amount.get(),
        )
    })
}

/// Days, channels and co-ops each come to what is told of the whole.
fn assert_adds_up(told: &CampaignToldApart) {
    let whole = &told.progress;
    for (name, stage, days, channels, coops) in [
        (
            "applied",
            &whole.applied,
            total(told.days.iter().map(|day| &day.applied)),
            total(told.channels.iter().map(|share| &share.applied)),
            total(told.cooperatives.iter().map(|share| &share.applied)),
        ),
        (
            "billed",
            &whole.billed,
            total(told.days.iter().map(|day| &day.billed)),
            total(told.channels.iter().map(|share| &share.billed)),
            total(told.cooperatives.iter().map(|share| &share.billed)),
        ),
        (
            "collected",
            &whole.collected,
            total(told.days.iter().map(|day| &day.collected)),
            total(told.channels.iter().map(|share| &share.collected)),
            total(told.cooperatives.iter().map(|share| &share.collected)),
        ),
    ] {
        let stage = (stage.gifts, stage.units, stage.amount.get());
        assert_eq!([days, channels, coops], [stage; 3], "{name}");
    }
    let paid: i64 = told.days.iter().map(|day| day.paid_out.get()).sum();
    assert_eq!(paid, whole.paid_out.amount.get());
}

fn r16_progress_told_apart_comes_to_the_whole(office: Office) {
    office.members(&["0000001", "0000002", "0000003"]);
    office.import(Members, "coop,member_number\n02,0000001\n");
    office.applies(
        "01,0000001,133540,4,2025-11-10,web\n01,0000002,133540,3,2025-11-12,paper\n\
         01,0000003,133540,2,2025-11-12,paper\n02,0000001,133540,5,2025-11-12,phone\n",
    );
    assert_adds_up(&told_apart(&office));
    office.set_today("2025-12-10");
    close(&office, "2025-12");
    office.export("2025-12");
    let keys = office.keys("2025-12");
    office.set_today("2025-12-26");
    office.results(&[
        format!("{},0,2025-12-26", keys[0]),
        format!("{},1,", keys[1]),
    ]);
    let payout = RecordPayout {
        campaign: CAMPAIGN.to_owned(),
        paid_on: Some("2025-12-10".parse().expect("a day")),
        amount: Yen::new(1_500),
        fee: Yen::ZERO,
        returned: false,
        note: None,
    };
    let paid = office.ledger.record_payout(&office.office(), &payout);
    paid.at_once().expect("pay");

    let apart = told_apart(&office);
    assert_adds_up(&apart);
    let days: Vec<_> = apart
        .days
        .iter()
        .map(|day| {
            let figures = (day.applied, day.billed, day.collected);
            (day.day.to_string(), figures, day.paid_out.get())
        })
        .collect();
    let none = GiftSum::default();
    assert_eq!(
        days,
        [
            ("2025-11-10".to_owned(), (sum(1, 4), none, none), 0),
            ("2025-11-12".to_owned(), (sum(3, 10), none, none), 0),
            ("2025-12-10".to_owned(), (none, sum(3, 9), none), 1_500),
            ("2025-12-26".to_owned(), (none, none, sum(1, 4)), 0),
        ]
    );
    let channels: Vec<_> = apart
        .channels
        .iter()
        .map(|share| {
            (
                share.of.as_str(),
                share.applied,
                share.billed,
                share.collected,
            )
        })
        .collect();
    assert_eq!(
        channels,
        [
            ("paper", sum(2, 5), sum(2, 5), none),
            ("web", sum(1, 4), sum(1, 4), sum(1, 4)),
            ("phone", sum(1, 5), none, none),
        ]
    );
    let coops: Vec<_> = apart
        .cooperatives
        .iter()
        .map(|share| (share.of.0.as_str(), share.applied, share.billed))
        .collect();
    assert_eq!(
        coops,
        [("01", sum(3, 9), sum(3, 9)), ("02", sum(1, 5), none)]
    );
}

fn r16_a_campaign_without_gifts_is_told_apart_too(office: Office) {
    let apart = told_apart(&office);
    assert_adds_up(&apart);
    assert!(apart.days.is_empty() && apart.channels.is_empty() && !apart.is_public);
    let unknown = office
        .ledger
        .show_campaign_progress(&office.office(), "nobody-2025")
        .expect_err("a campaign that there is not");
    assert_eq!(unknown.code(), "campaign_not_found");
}

fn nobody() -> Call {
    Call::by(Caller::Nobody)
}

fn switch(office: &Office, is_public: bool) {
    let request = SwitchPublicPage {
        campaign: CAMPAIGN.to_owned(),
        is_public,
    };
    let switched = office
        .ledger
        .switch_public_page(&office.office(), &request)
        .unwrap_or_else(|error| panic!("switch: {}", told(&error)));
    assert_eq!(switched.is_public, is_public);
}

fn try_public(office: &Office, code: &str) -> Result<PublicCampaign> {
    office
        .ledger
        .show_public_campaign(&nobody(), code, CampaignNews::ALL)
}

fn public(office: &Office) -> PublicCampaign {
    try_public(office, CAMPAIGN).unwrap_or_else(|error| panic!("look: {}", told(&error)))
}

/// Yen of the stages as everybody sees them.
fn yen(shown: &PublicCampaign) -> (i64, i64, i64) {
    let [applied, billed, collected] =
        [&shown.applied, &shown.billed, &shown.collected].map(|stage| stage.amount.get());
    (applied, billed, collected)
}

fn number(member: u32) -> String {
    format!("{member:07}")
}

fn in_the_week(office: &Office) {
    let numbers: Vec<String> = (1..=20).map(number).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    office.members(&numbers);
    office.set_today("2025-11-12");
}

fn give(office: &Office, members: impl IntoIterator<Item = u32>) {
    let rows: String = members
        .into_iter()
        .map(|member| format!("01,{},133540,1,2025-11-12,web\n", number(member)))
        .collect();
    office.applies(&rows);
}

fn r16_the_public_page_moves_in_the_steps_of_the_organisation(office: Office) {
    in_the_week(&office);
    let baker = office.of_organization("baker", "kosumosu");
    switch(&office, true);
    give(&office, 1..=4);
    assert_eq!(yen(&public(&office)), (0, 0, 0), "four have come");
    give(&office, [5]);
    assert_eq!(yen(&public(&office)), (2_500, 0, 0), "the fifth has come");
    let void = VoidApplication {
        reason: "本人の取下げ".to_owned(),
    };
    let voided = office.ledger.void_application(&office.office(), 1, &void);
    voided.expect("void");
    assert_eq!(yen(&public(&office)), (2_500, 0, 0), "nobody sees one go");
    give(&office, 6..=9);
    assert_eq!(yen(&public(&office)), (2_500, 0, 0));
    let own = office.ledger.list_own_campaigns(&baker).expect("look");
    assert_eq!(own[0].applied, public(&office).applied);

    office.set_today("2025-11-15");
    let shown = public(&office);
    assert_eq!(yen(&shown), (4_000, 0, 0), "the cycle has closed");
    assert_eq!(shown.applied.percent.to_string(), "4.0");
    assert_eq!(shown.organization_name, "パン＆カフェ こすもす");
    assert_eq!(shown.target, Yen::new(100_000));
}

fn r16_a_page_that_is_switched_off_is_none(office: Office) {
    let refusal = |code: &str| match try_public(&office, code) {
        Err(LedgerError::NotFound { code, message }) => (code, message),
        other => panic!("{code}: {other:?}"),
    };
    let unknown = refusal("nobody-2025");
    assert_eq!(refusal(CAMPAIGN), unknown, "not switched on yet");
    assert_eq!(refusal("no code at all / <b>"), unknown);
    switch(&office, true);
    switch(&office, true);
    assert_eq!(public(&office).campaign, CAMPAIGN);
    switch(&office, false);
    assert_eq!(refusal(CAMPAIGN), unknown, "switched off again");
    office.assert_all_is_well();
}

/// Somebody who keeps what they saw and looks only at what is news. Gives how often they had to look.
fn r16_news_alone_lead_to_what_a_whole_look_sees(office: Office) {
    in_the_week(&office);
    switch(&office, true);
    let mut watch = CampaignWatch::default();
    let mut kept: Option<(ledger::accounting::Reading, PublicCampaign)> = None;
    let mut looks = 0;
    let mut look = |office: &Office| {
        let reading = office.ledger.read_campaign_news(&mut watch).expect("news");
        let news = kept.as_ref().map_or(CampaignNews::ALL, |(earlier, _)| {
            reading.news_since(earlier)
        });
        if !news.is_none() {
            looks += 1;
            let shown = office
                .ledger
                .show_public_campaign(&nobody(), CAMPAIGN, news)
                .unwrap_or_else(|error| panic!("look: {}", told(&error)));
            kept = Some((reading, shown));
        }
        let (_, shown) = kept.clone().expect("a first look");
        (yen(&shown), shown.paid_out.amount.get(), looks)
    };
    assert_eq!(look(&office), ((0, 0, 0), 0, 1));
    assert_eq!(look(&office), ((0, 0, 0), 0, 1), "no news, no look");
    give(&office, 1..=6);
    assert_eq!(look(&office), ((3_000, 0, 0), 0, 2));
    office.set_today("2025-12-10");
    assert_eq!(look(&office).2, 3, "another day");
    close(&office, "2025-12");
    assert_eq!(look(&office).0, (3_000, 3_000, 0), "billed");
    office.export("2025-12");
    let keys = office.keys("2025-12");
    let rows: Vec<String> = keys
        .iter()
        .map(|key| format!("{key},0,2025-12-26"))
        .collect();
    office.set_today("2025-12-26");
    office.results(&rows[..4]);
    assert_eq!(look(&office).0, (3_000, 3_000, 0), "four were collected");
    office.results(&rows);
    assert_eq!(look(&office).0, (3_000, 3_000, 3_000), "six were collected");
    let payout = RecordPayout {
        campaign: CAMPAIGN.to_owned(),
        paid_on: None,
        amount: Yen::new(1_000),
        fee: Yen::ZERO,
        returned: false,
        note: None,
    };
    let paid = office.ledger.record_payout(&office.office(), &payout);
    paid.at_once().expect("pay");
    assert_eq!(look(&office).1, 1_000, "passed on");
    office.import(Organizations, "organization,name\nkosumosu,こすもす\n");
    look(&office);
    assert_eq!(public(&office).organization_name, "こすもす");
}

fn r16_who_signs_in_or_looks_makes_no_news(office: Office) {
    let mut watch = CampaignWatch::default();
    let first = office.ledger.read_campaign_news(&mut watch).expect("news");
    let done = office.ledger.writes_done();
    office.person("aoki", "clerk");
    let again = office.ledger.read_campaign_news(&mut watch).expect("news");
    assert!(again.news_since(&first).is_none());
    assert!(
        office.ledger.writes_done() > done,
        "it was a write all the same"
    );
}

fn r16_news_of_another_process_are_read(office: Office) {
    in_the_week(&office);
    switch(&office, true);
    let other = office.opened_again();
    let mut watch = CampaignWatch::default();
    let first = other.read_campaign_news(&mut watch).expect("news");
    give(&office, 1..=5);
    let after = other.read_campaign_news(&mut watch).expect("news");
    let news = after.news_since(&first);
    assert!(!news.is_none());
    let shown = other.show_public_campaign(&nobody(), CAMPAIGN, news);
    assert_eq!(yen(&shown.expect("look")), (2_500, 0, 0));
}

fn r17_who_may_switch_a_public_page(office: Office) {
    let request = SwitchPublicPage {
        campaign: CAMPAIGN.to_owned(),
        is_public: true,
    };
    for (name, role, may) in [
        ("clerk", "clerk", false),
        ("auditor", "auditor", false),
        ("finance", "finance", true),
        ("admin", "admin", true),
    ] {
        let person = office.person(name, role);
        let switched = office.ledger.switch_public_page(&person, &request);
        assert_eq!(switched.is_ok(), may, "{role}: {switched:?}");
    }
}

fn typed() -> TypedCampaign {
    let text = str::to_owned;
    TypedCampaign {
        campaign: text("aozora-2026"),
        organization: text("kosumosu"),
        title: text("あおぞらの窯"),
        target: text("２５０,０００"),
        opens_on: text("2026-01-05"),
        closes_on: text("2026-03-27"),
        accounting: text("principal"),
    }
}

fn a_campaign_is_registered_and_corrected_as_it_is_typed(office: Office) {
    let added = office
        .ledger
        .add_campaign(&office.office(), &typed())
        .unwrap_or_else(|error| panic!("add: {}", told(&error)));
    assert_eq!(added.campaign.target, Yen::new(250_000));
    assert_eq!(added.organization_name, "パン＆カフェ こすもす");
    assert!(!added.is_public && !added.has_gifts);
    let longer = TypedCampaign {
        title: "あおぞらの大きな窯".to_owned(),
        closes_on: "2026-04-24".to_owned(),
        accounting: "agency".to_owned(),
        ..typed()
    };
    let corrected = office
        .ledger
        .correct_campaign(&office.office(), &longer)
        .unwrap_or_else(|error| panic!("correct: {}", told(&error)));
    assert_eq!(corrected.campaign.title, "あおぞらの大きな窯");
    assert_eq!(corrected.campaign.accounting.as_str(), "agency");
    let again = office.ledger.get_campaign(&office.office(), "aozora-2026");
    assert_eq!(again.expect("the campaign"), corrected);
    office.assert_all_is_well();
}

fn what_is_typed_wrong_is_told_by_field(office: Office) {
    let add = |typed: &TypedCampaign| match office.ledger.add_campaign(&office.office(), typed) {
        Err(LedgerError::Invalid { problems, .. }) => problems
            .into_iter()
            .map(|problem| problem.column.unwrap_or_default())
            .collect::<Vec<_>>(),
        other => panic!("{typed:?}: {other:?}"),
    };
    let wrong = TypedCampaign {
        title: String::new(),
        target: "0".to_owned(),
        closes_on: "2025-12-31".to_owned(),
        ..typed()
    };
    let mut places = add(&wrong);
    places.sort();
    assert_eq!(places, ["closes_on", "target", "title"]);
    let unknown = TypedCampaign {
        organization: "nobody".to_owned(),
        ..typed()
    };
    assert_eq!(add(&unknown), ["organization"]);
    let there = TypedCampaign {
        campaign: CAMPAIGN.to_owned(),
        ..typed()
    };
    assert_eq!(add(&there), ["campaign"]);
    let none = office
        .ledger
        .correct_campaign(&office.office(), &typed())
        .expect_err("a campaign that there is not");
    assert_eq!(none.code(), "campaign_not_found");
}

fn a_campaign_with_gifts_keeps_whose_money_it_is(office: Office) {
    in_the_week(&office);
    office.import(Organizations, "organization,name\nother,ほかの団体\n");
    give(&office, [1]);
    let before = office.ledger.get_campaign(&office.office(), CAMPAIGN);
    let before = before.expect("the campaign");
    assert!(before.has_gifts);
    let same = TypedCampaign {
        campaign: CAMPAIGN.to_owned(),
        organization: before.campaign.organization.to_string(),
        accounting: before.campaign.accounting.to_string(),
        ..typed()
    };
    for (turned, field) in [
        (
            TypedCampaign {
                organization: "other".to_owned(),
                ..same.clone()
            },
            "organization",
        ),
        (
            TypedCampaign {
                accounting: "principal".to_owned(),
                ..same.clone()
            },
            "accounting",
        ),
    ] {
        let refused = office.ledger.correct_campaign(&office.office(), &turned);
        let Err(LedgerError::Invalid { problems, .. }) = refused else {
            panic!("{field}: {refused:?}");
        };
        assert_eq!(problems[0].column.as_deref(), Some(field));
    }
    let corrected = office.ledger.correct_campaign(&office.office(), &same);
    assert_eq!(
        corrected.expect("title and target").campaign.title,
        "あおぞらの窯"
    );
}

fn a_page_is_seen_before_it_is_switched_on(office: Office) {
    in_the_week(&office);
    give(&office, 1..=5);
    let admin = office.person("admin", "admin");
    let seen = office.ledger.preview_public_page(&admin, CAMPAIGN);
    assert_eq!(yen(&seen.expect("look")), (2_500, 0, 0));
    let clerk = office.person("clerk", "clerk");
    let refused = office.ledger.preview_public_page(&clerk, CAMPAIGN);
    assert!(matches!(refused, Err(LedgerError::Forbidden { .. })));
    assert!(try_public(&office, CAMPAIGN).is_err());
}
