//! R16: what organisations are shown moves in steps, so that no difference between two looks betrays
//! a giver.

mod at_random;

use std::sync::Barrier;
use std::thread;

use ledger::ReferenceTable::Organizations;
use ledger::accounting::{CampaignProgress, OwnCampaign, RecordPayout};
use ledger::domain::{Way, Yen};
use ledger::review::VoidApplication;
use ledger::{Call, LedgerError};
use testkit::world::{AtOnce, told};

use crate::office::{Office, close};

testkit::on_both!(
    r16_what_is_shown_moves_when_five_more_givers_have_come,
    r16_one_giver_is_one_however_often,
    r16_a_cycle_that_closes_shows_what_is_true,
    r16_what_is_taken_back_stays_until_the_cycle_closes,
    r16_what_is_billed_and_collected_moves_in_steps_too,
    r16_after_the_last_cycle_figures_move_with_the_month,
    r16_organisations_that_look_at_once_see_one_figure,
    r16_an_organisation_sees_its_own_campaigns_only,
);

/// What the organisation is shown of its campaign.
fn shown(office: &Office, who: &Call) -> OwnCampaign {
    let mut campaigns = office
        .ledger
        .list_own_campaigns(who)
        .unwrap_or_else(|error| panic!("look: {}", told(&error)));
    assert_eq!(campaigns.len(), 1);
    campaigns.remove(0)
}

/// Yen shown as applied for, billed and collected.
fn yen(office: &Office, who: &Call) -> (i64, i64, i64) {
    let shown = shown(office, who);
    let [applied, billed, collected] =
        [shown.applied, shown.billed, shown.collected].map(|stage| stage.amount.get());
    (applied, billed, collected)
}

fn staff_figure(office: &Office) -> CampaignProgress {
    let mut all = office
        .ledger
        .campaign_progress(&office.office(), Some("kosumosu-2025"))
        .expect("how far it is");
    all.remove(0)
}

/// Members 0000001 to 0000020, in the week of the campaign. Gives somebody of its organisation.
fn in_the_week(office: &Office) -> Call {
    let numbers: Vec<String> = (1..=20).map(number).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    office.members(&numbers);
    office.set_today("2025-11-12");
    office.of_organization("baker", "kosumosu")
}

fn number(member: u32) -> String {
    format!("{member:07}")
}

/// So many units of the campaign by each of some members.
fn give(office: &Office, members: impl IntoIterator<Item = u32>, units: i64) {
    let rows: String = members
        .into_iter()
        .map(|member| format!("01,{},133540,{units},2025-11-12,web\n", number(member)))
        .collect();
    office.applies(&rows);
}

/// Voids the application of the first giver.
fn void_first(office: &Office) {
    let request = VoidApplication {
        reason: "本人の取下げ".to_owned(),
    };
    office
        .ledger
        .void_application(&office.office(), 1, &request)
        .unwrap_or_else(|error| panic!("void: {}", told(&error)));
}

fn r16_what_is_shown_moves_when_five_more_givers_have_come(office: Office) {
    let who = in_the_week(&office);
    give(&office, 1..=4, 3);
    assert_eq!(yen(&office, &who), (0, 0, 0), "four have come");
    assert_eq!(staff_figure(&office).applied.amount, Yen::new(6_000));

    give(&office, [5], 1);
    assert_eq!(yen(&office, &who), (6_500, 0, 0), "the fifth has come");
    give(&office, 6..=9, 2);
    assert_eq!(yen(&office, &who), (6_500, 0, 0), "four more have come");
    give(&office, 10..=11, 1);
    assert_eq!(
        yen(&office, &who),
        (6_500 + 5_000, 0, 0),
        "six more have come"
    );

    let shown = shown(&office, &who);
    assert_eq!(shown.applied.units, 23);
    assert_eq!(shown.applied.percent.to_string(), "11.5");
}

fn r16_one_giver_is_one_however_often(office: Office) {
    let who = in_the_week(&office);
    give(&office, 1..=4, 1);
    for units in 2..=4 {
        give(&office, [4], units);
    }
    for hold in office.holds() {
        office.resolve(hold.id, Way::Accept);
    }
    assert_eq!(staff_figure(&office).applied.gifts, 7);
    assert_eq!(yen(&office, &who), (0, 0, 0), "four givers, seven gifts");

    give(&office, [5], 1);
    assert_eq!(yen(&office, &who), (7_000, 0, 0));
}

fn r16_a_cycle_that_closes_shows_what_is_true(office: Office) {
    let who = in_the_week(&office);
    give(&office, 1..=3, 2);
    office.set_today("2025-11-14");
    assert_eq!(
        yen(&office, &who),
        (0, 0, 0),
        "the last day is a day of the cycle"
    );
    office.set_today("2025-11-15");
    assert_eq!(yen(&office, &who), (3_000, 0, 0), "it has closed");

    // What is keyed late waits for others again.
    give(&office, [4], 9);
    assert_eq!(yen(&office, &who), (3_000, 0, 0));
    give(&office, 5..=8, 1);
    assert_eq!(yen(&office, &who), (3_000 + 4_500 + 2_000, 0, 0));
}

fn r16_what_is_taken_back_stays_until_the_cycle_closes(office: Office) {
    let who = in_the_week(&office);
    give(&office, 1..=5, 2);
    assert_eq!(yen(&office, &who), (5_000, 0, 0));
    void_first(&office);
    assert_eq!(staff_figure(&office).applied.amount, Yen::new(4_000));
    assert_eq!(
        yen(&office, &who),
        (5_000, 0, 0),
        "nobody sees one giver go"
    );
    give(&office, 6..=9, 1);
    assert_eq!(
        yen(&office, &who),
        (5_000, 0, 0),
        "one who went is none who came"
    );

    office.set_today("2025-11-15");
    assert_eq!(yen(&office, &who), (6_000, 0, 0));
}

/// The charges of December with their results: `failing` of them fail.
fn answer(office: &Office, failing: usize) {
    let keys = office.keys("2025-12");
    let rows: Vec<String> = keys
        .iter()
        .enumerate()
        .map(|(place, key)| match place < failing {
            true => format!("{key},1,"),
            false => format!("{key},0,2025-12-26"),
        })
        .collect();
    office.set_today("2025-12-26");
    office.results(&rows);
}

fn r16_what_is_billed_and_collected_moves_in_steps_too(office: Office) {
    let who = in_the_week(&office);
    give(&office, 1..=6, 1);
    office.set_today("2025-12-10");
    assert_eq!(yen(&office, &who), (3_000, 0, 0));
    close(&office, "2025-12");
    office.export("2025-12");
    assert_eq!(
        yen(&office, &who),
        (3_000, 3_000, 0),
        "six were billed at once"
    );
    answer(&office, 2);
    assert_eq!(staff_figure(&office).collected.amount, Yen::new(2_000));
    assert_eq!(yen(&office, &who), (3_000, 3_000, 0), "four were collected");

    let payout = RecordPayout {
        campaign: "kosumosu-2025".to_owned(),
        paid_on: None,
        amount: Yen::new(1_500),
        fee: Yen::ZERO,
        returned: false,
        note: None,
    };
    office
        .ledger
        .record_payout(&office.office(), &payout)
        .at_once()
        .unwrap_or_else(|error| panic!("pay: {}", told(&error)));
    assert_eq!(
        shown(&office, &who).paid_out.amount,
        Yen::new(1_500),
        "what it was paid, it has"
    );
    office.assert_all_is_well();
}

fn r16_after_the_last_cycle_figures_move_with_the_month(office: Office) {
    let who = in_the_week(&office);
    give(&office, 1..=4, 1);
    office.set_today("2025-12-10");
    assert_eq!(yen(&office, &who), (2_000, 0, 0));
    close(&office, "2025-12");
    office.export("2025-12");
    answer(&office, 1);
    assert_eq!(yen(&office, &who), (2_000, 0, 0));
    office.set_today("2025-12-31");
    assert_eq!(yen(&office, &who), (2_000, 0, 0));
    office.set_today("2026-01-01");
    assert_eq!(yen(&office, &who), (2_000, 2_000, 1_500));
}

fn r16_an_organisation_sees_its_own_campaigns_only(office: Office) {
    let who = in_the_week(&office);
    give(&office, 1..=5, 1);
    office.import(Organizations, "organization,name\nother,ほかの団体\n");
    let other = office.of_organization("other", "other");
    let look = |who: &Call| office.ledger.list_own_campaigns(who);
    assert_eq!(look(&other).expect("look"), Vec::new());
    assert_eq!(look(&who).expect("look").len(), 1);
    let staff = office.person("aoki", "clerk,finance,auditor,admin");
    let refused = look(&staff).expect_err("a look of the staff");
    assert!(
        matches!(refused, LedgerError::Forbidden { .. }),
        "{refused}"
    );
    let refused = office
        .ledger
        .campaign_progress(&who, None)
        .expect_err("a look at the true figures");
    assert!(
        matches!(refused, LedgerError::Forbidden { .. }),
        "{refused}"
    );
}

fn r16_organisations_that_look_at_once_see_one_figure(office: Office) {
    let who = in_the_week(&office);
    for round in 0..4 {
        give(&office, (5 * round + 1)..=(5 * round + 5), 1);
        let together = Barrier::new(4);
        let looks: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        together.wait();
                        yen(&office, &who)
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("a look"))
                .collect()
        });
        let expected = (i64::from(round + 1) * 2_500, 0, 0);
        assert_eq!(looks, vec![expected; 4]);
    }
}
