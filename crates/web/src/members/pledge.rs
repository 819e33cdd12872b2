//! Changing, pausing or ending a pledge: what it would do first, then doing it.

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use domain::CollectionMonth;
use front::Problem;
use ledger::Operation;
use ledger::pledges::{
    ChangePledge, EndPledge, PausePledge, PledgeChange, PledgeChangeWeighed, PledgeName, PledgeView,
};

use super::{address, named};
use crate::page::{Fields, Form, Page};

/// What is to be done to the pledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Change,
    Pause,
    End,
}

impl Kind {
    fn of(word: &str) -> Option<Self> {
        match word {
            "change" => Some(Self::Change),
            "pause" => Some(Self::Pause),
            "end" => Some(Self::End),
            _ => None,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Change => "members-change-title",
            Self::Pause => "members-pause-title",
            Self::End => "members-end-title",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Change => "members-change-hint",
            Self::Pause => "members-pause-hint",
            Self::End => "members-end-hint",
        }
    }

    fn button(self) -> &'static str {
        match self {
            Self::Change => "members-change-do",
            Self::Pause => "members-pause-do",
            Self::End => "members-end-do",
        }
    }
}

#[derive(Template)]
#[template(path = "members/pledge.html")]
struct Asked<'a> {
    page: &'a Page,
    fields: &'a Fields,
    kind: Kind,
    path: String,
    here: String,
    number: &'a str,
    weighed: Option<PledgeChangeWeighed>,
}

impl Asked<'_> {
    fn plan(&self, pledge: &PledgeView) -> String {
        let terms = pledge.plan.iter().map(|term| {
            let (month, units) = (
                self.page.month(term.from_month),
                self.page.count(term.units),
            );
            self.page.t2("members-term", "month", month, "units", units)
        });
        terms.collect::<Vec<_>>().join("、")
    }
}

/// Co-op, member, fund and what is done.
type Names = (String, String, String, String);

#[get("/members/{coop}/{number}/pledges/{fund}/{change}")]
pub(super) async fn index(
    page: Page,
    path: Path<Names>,
    query: Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    page.require(Operation::ChangePledge)?;
    show(&page, &path, Fields::of(query.into_inner())).await
}

async fn show(page: &Page, path: &Names, fields: Fields) -> Result<HttpResponse, Problem> {
    let kind = Kind::of(&path.3).ok_or_else(no_such_page)?;
    let (coop, number) = named(&path.0, &path.1)?;
    let here = address(coop.as_str(), number.as_str());
    let is_asked = fields.optional("from").is_some() && fields.refusal().is_none();
    let (fields, weighed) = if is_asked {
        let weighed = weigh(page, path, kind, &fields).await;
        (fields.with(&weighed), weighed.ok())
    } else if fields.refusal().is_some() {
        (fields, None)
    } else {
        (proposed(page, path).await?, None)
    };
    page.show_form(
        &fields,
        &Asked {
            page,
            kind,
            path: format!("{here}/pledges/{}/{}", path.2, path.3),
            here,
            number: &path.1,
            weighed,
            fields: &fields,
        },
    )
}

fn no_such_page() -> Problem {
    Problem::new(
        actix_web::http::StatusCode::NOT_FOUND,
        "path_not_found",
        "このページはありません。アドレスを確かめるか、メニューから開いてください",
    )
}

/// The form as it is proposed: from the first month that is open.
async fn proposed(page: &Page, path: &Names) -> Result<Fields, Problem> {
    let (coop, number) = named(&path.0, &path.1)?;
    let name = PledgeName::new(coop.as_str(), number.as_str(), &path.2);
    let call = page.call();
    let (history, open) = page
        .run(move |ledger| {
            let history = ledger.get_pledge(&call, &name)?;
            Ok((history, ledger.first_open_month(&call, &coop)?))
        })
        .await?;
    let begins = history.pledge.plan.first().map(|term| term.from_month);
    let from = begins.map_or(open, |begins| begins.max(open));
    let term = history.pledge.plan.iter().rev();
    let units = term
        .filter(|term| term.units > 0)
        .map(|term| term.units)
        .next();
    let units = units.map_or_else(String::new, |units| units.to_string());
    Ok(Fields::of([("from", from.to_string()), ("units", units)]))
}

fn change(path: &Names, kind: Kind, fields: &Fields) -> Result<PledgeChange, Problem> {
    let (coop, member_number, fund) = (path.0.clone(), path.1.clone(), path.2.clone());
    let from = fields.read::<CollectionMonth>("from")?;
    let reason = fields.required("reason")?;
    Ok(match kind {
        Kind::Change => PledgeChange::Change(ChangePledge {
            coop,
            member_number,
            fund,
            from,
            units: fields.number("units")?,
            reason,
        }),
        Kind::Pause => PledgeChange::Pause(PausePledge {
            coop,
            member_number,
            fund,
            from,
            until: fields.read("until")?,
            reason,
        }),
        Kind::End => PledgeChange::End(EndPledge {
            coop,
            member_number,
            fund,
            from,
            reason,
        }),
    })
}

async fn weigh(
    page: &Page,
    path: &Names,
    kind: Kind,
    fields: &Fields,
) -> Result<PledgeChangeWeighed, Problem> {
    let (change, call) = (change(path, kind, fields)?, page.call());
    page.run(move |ledger| ledger.weigh_pledge_change(&call, &change))
        .await
}

#[post("/members/{coop}/{number}/pledges/{fund}/{change}")]
pub(super) async fn carry_out(form: Form, path: Path<Names>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let kind = Kind::of(&path.3).ok_or_else(no_such_page)?;
    let done = async {
        let change = change(&path, kind, &fields)?;
        page.run(move |ledger| match &change {
            PledgeChange::Change(one) => ledger.change_pledge(&call, one),
            PledgeChange::Pause(one) => ledger.pause_pledge(&call, one),
            PledgeChange::End(one) => ledger.end_pledge(&call, one),
        })
        .await?;
        Ok(page.done(&address(&path.0, &path.1), "members-done-changed", None))
    };
    fields
        .answer(done, |fields| show(&page, &path, fields))
        .await
}
