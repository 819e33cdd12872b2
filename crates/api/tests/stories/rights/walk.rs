//! The walk: every operation of the OpenAPI document, asked for by everybody there is, against the one
//! table of rights. An operation that the table has not, or that answers otherwise, fails it.

use chrono::TimeDelta;
use ledger::Operation;
use ledger::people::ChangeRoles;
use ledger::rights::{Allowed, Area};
use testkit::http::Answer;
use testkit::visitors::{Is, Visitor, Visitors};
use testkit::{TestApp, on_both};

use super::place::Place;
use super::requests::{Request, of_every_operation};

on_both!(
    r17_every_role_reaches_what_the_table_says,
    r17_who_has_not_signed_in_reaches_what_is_for_anybody,
    r17_who_is_half_signed_in_reaches_their_sign_in_only,
    r17_a_session_that_ended_reaches_nothing,
    r17_a_session_from_before_a_change_of_role_reaches_nothing,
    r17_a_token_reaches_what_its_role_and_scope_say,
    r17_a_token_that_is_good_no_more_reaches_nothing,
    r17_another_organisation_is_told_nothing_of_this_one,
);

/// Codes by which somebody is refused for who they are.
const NOT_LET_IN: [&str; 7] = [
    "sign_in_needed",
    "session_ended",
    "token_refused",
    "not_permitted",
    "second_factor_needed",
    "outside_scope",
    "csrf_token_needed",
];
const STAFF: [&str; 4] = ["clerk", "finance", "auditor", "admin"];
const ORGANIZATION: &str = "kosumosu";

impl Place {
    /// Asks for every operation, each time as somebody new, and collects where the answer is another
    /// than `expected`: let in (none), or refused with this status and code.
    fn walk(
        &self,
        name: &str,
        come: impl Fn(&Visitors) -> Visitor,
        expected: impl Fn(&Request) -> Option<(u16, &'static str)>,
    ) -> Vec<String> {
        let mut wrong = Vec::new();
        for request in of_every_operation() {
            let answer = self.ask(&come(&self.visitors), &request);
            let found = refusal(&answer);
            let expected = expected(&request).map(|(status, code)| (status, code.to_owned()));
            if found != expected || answer.status >= 500 {
                let (method, path) = (&request.method, &request.path);
                wrong.push(format!(
                    "{name} {} ({method} {path}): {} {found:?}, not {expected:?}: {}",
                    request.operation,
                    answer.status,
                    answer.text()
                ));
            }
        }
        wrong
    }
}

/// The status and code of an answer that refuses somebody for who they are.
fn refusal(answer: &Answer) -> Option<(u16, String)> {
    if answer.header("content-type") != "application/problem+json" {
        return None;
    }
    let code = answer.json()["code"].as_str()?.to_owned();
    NOT_LET_IN
        .contains(&code.as_str())
        .then_some((answer.status, code))
}

#[track_caller]
fn assert_right(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The operations that a request comes to: beginning an import is one more of what is imported.
fn operations(request: &Request) -> Vec<Operation> {
    let table = request.path.split_once("table=").map(|(_, table)| table);
    let name = match table {
        Some("applications") => "import_applications",
        Some("members" | "member-changes" | "pledges") => "import_members",
        Some("results") => "import_results",
        Some(_) => "import_catalogue",
        None => return vec![request.operation],
    };
    let imported = Operation::named(name).expect("an operation of the table");
    vec![request.operation, imported]
}

/// What the table says of somebody with one role.
fn by_table(role: &str, request: &Request) -> Option<(u16, &'static str)> {
    let roles = role.parse().expect("a role");
    let may = operations(request)
        .iter()
        .all(|operation| operation.allowed().to(roles));
    (!may).then_some((403, "not_permitted"))
}

/// Let in to what is for anybody, and refused elsewhere.
fn only_for_anybody(
    refused: (u16, &'static str),
) -> impl Fn(&Request) -> Option<(u16, &'static str)> {
    move |request| (request.operation.allowed() != Allowed::Anybody).then_some(refused)
}

fn is_of(role: &str) -> Is<'_> {
    match role {
        "organization" => Is::of_organization(ORGANIZATION),
        role => Is::staff(role),
    }
}

fn r17_every_role_reaches_what_the_table_says(app: TestApp) {
    let place = Place::of(app);
    let mut wrong = Vec::new();
    for role in STAFF.into_iter().chain(["organization"]) {
        wrong.extend(place.walk(
            role,
            |visitors| visitors.session(is_of(role), "full"),
            |request| by_table(role, request),
        ));
    }
    assert_right(&wrong);
}

fn r17_who_has_not_signed_in_reaches_what_is_for_anybody(app: TestApp) {
    let place = Place::of(app);
    let expected = only_for_anybody((401, "sign_in_needed"));
    assert_right(&place.walk("a stranger", |_| Visitor::stranger(), expected));
}

fn r17_who_is_half_signed_in_reaches_their_sign_in_only(app: TestApp) {
    let place = Place::of(app);
    for stage in ["second_factor", "enrolment"] {
        let expected = |request: &Request| match request.operation.allowed() {
            Allowed::Anybody | Allowed::HalfSignedIn => None,
            _ => Some((403, "second_factor_needed")),
        };
        let come = |visitors: &Visitors| visitors.session(Is::staff("admin"), stage);
        assert_right(&place.walk(stage, come, expected));
    }
}

fn r17_a_session_that_ended_reaches_nothing(app: TestApp) {
    let place = Place::of(app);
    let come = |visitors: &Visitors| {
        let visitor = visitors.session(Is::staff("clerk,finance,auditor,admin"), "full");
        visitors.end_session(&visitor, "signed_out");
        visitor
    };
    let expected = only_for_anybody((401, "session_ended"));
    assert_right(&place.walk("an ended session", come, expected));
}

fn r17_a_session_from_before_a_change_of_role_reaches_nothing(app: TestApp) {
    let place = Place::of(app);
    let world = &place.app.world;
    let come = |visitors: &Visitors| {
        let visitor = visitors.session(Is::staff("clerk"), "full");
        let change = ChangeRoles {
            roles: "finance,admin".parse().unwrap(),
            organization: None,
        };
        world
            .ledger
            .change_roles(&world.office(), &visitor.name, &change)
            .unwrap();
        visitor
    };
    let expected = only_for_anybody((401, "session_ended"));
    assert_right(&place.walk("a session of a clerk who rose", come, expected));
}

fn r17_a_token_reaches_what_its_role_and_scope_say(app: TestApp) {
    let place = Place::of(app);
    let day = TimeDelta::days(1);
    let mut wrong = Vec::new();
    for role in STAFF.into_iter().chain(["organization"]) {
        wrong.extend(place.walk(
            &format!("a token of {role}"),
            |visitors| visitors.token(is_of(role), "all", day),
            |request| match (request.operation.allowed(), request.operation.area()) {
                (Allowed::Anybody, _) => None,
                (_, Area::Account) => Some((403, "outside_scope")),
                _ => by_table(role, request),
            },
        ));
    }
    let only_reads = |request: &Request| {
        let is_confined = operations(request).iter().any(|operation| {
            operation.area() != Area::Billing || operation.reach() != ledger::rights::Reach::Read
        });
        match request.operation.allowed() {
            Allowed::Anybody => None,
            _ if is_confined => Some((403, "outside_scope")),
            _ => by_table("finance", request),
        }
    };
    wrong.extend(place.walk(
        "a token for looking at bills",
        |visitors| visitors.token(Is::staff("finance"), "billing:read", day),
        only_reads,
    ));
    assert_right(&wrong);
}

fn r17_a_token_that_is_good_no_more_reaches_nothing(app: TestApp) {
    let place = Place::of(app);
    let expected = only_for_anybody((401, "token_refused"));
    // Some of what is for anybody does not ask who it is; what does refuses a token that is none.
    let expected = |request: &Request| expected(request);
    let refused_or_anybody = |name: &str, come: &dyn Fn(&Visitors) -> Visitor| {
        let wrong = place.walk(name, come, expected);
        wrong
            .into_iter()
            .filter(|line| !line.contains("Some((401, \"token_refused\")), not None"))
            .collect::<Vec<_>>()
    };
    let staff = Is::staff("clerk,finance,auditor,admin");
    let wrong = refused_or_anybody("a revoked token", &|visitors| {
        let visitor = visitors.token(staff, "all", TimeDelta::days(1));
        visitors.revoke_token(&visitor);
        visitor
    });
    assert_right(&wrong);
    let wrong = refused_or_anybody("a token past its end", &|visitors| {
        visitors.token(staff, "all", TimeDelta::zero())
    });
    assert_right(&wrong);
}

/// Whatever is asked for, nothing of the answer tells another organisation of this one's campaign or of
/// anybody who gives.
fn r17_another_organisation_is_told_nothing_of_this_one(app: TestApp) {
    let place = Place::of(app);
    place.app.world.import(
        ledger::ReferenceTable::Organizations,
        "organization,name\nother,ほかの団体\n",
    );
    for request in of_every_operation() {
        if request.operation.allowed() == Allowed::Anybody {
            continue;
        }
        let other = place.visitors.session(Is::of_organization("other"), "full");
        let answer = place.ask(&other, &request);
        let told = answer.text();
        for secret in [ORGANIZATION, "こすもす", "133540", "0010106", "見本"] {
            assert!(!told.contains(secret), "{}: {told}", request.operation);
        }
    }
    let own = place
        .visitors
        .session(Is::of_organization(ORGANIZATION), "full");
    let answer = own.ask(place.app.address, "GET", "/api/v1/own-campaigns", &[], &[]);
    assert!(answer.good().to_string().contains("kosumosu-2025"));
}
