//! Finding a member by number, name or kana.

use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use domain::{CoopCode, MemberNumber};
use front::Problem;
use ledger::Operation;
use ledger::reference::{MemberState, MemberView};

use super::address;
use crate::page::{Fields, Page};
use crate::review::coops;

#[derive(Template)]
#[template(path = "members/index.html")]
struct Index<'a> {
    page: &'a Page,
    fields: &'a Fields,
    coops: Vec<(String, String)>,
    found: Option<Vec<MemberView>>,
}

impl Index<'_> {
    fn coop(&self, code: &CoopCode) -> String {
        let known = self.coops.iter().find(|(known, _)| known == code.as_str());
        known.map_or_else(|| code.to_string(), |(_, name)| name.clone())
    }

    fn state(&self, member: &MemberView) -> String {
        match member.state {
            MemberState::Member => self.page.t("members-here"),
            MemberState::Left => {
                let day = self.page.date(member.left_on);
                self.page.t1("members-left", "day", day)
            }
            MemberState::Moved => self.page.t("members-moved"),
        }
    }

    fn units(&self, member: &MemberView) -> i64 {
        member.pledges.iter().map(|pledge| pledge.units).sum()
    }
}

#[get("/members")]
pub(super) async fn index(
    page: Page,
    query: Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    page.require(Operation::SearchMembers)?;
    let fields = Fields::of(query.into_inner());
    let coop = fields.read_if_given::<CoopCode>("coop")?;
    let found = match fields.optional("number") {
        None => None,
        Some(letters) => {
            let call = page.call();
            let found = page
                .run(move |ledger| ledger.search_members(&call, coop.as_ref(), &letters))
                .await?;
            Some(found)
        }
    };
    if let Some(found) = &found
        && let Some(one) = exactly(&fields, found)
    {
        return Ok(page.go(&address(one.coop.as_str(), one.member_number.as_str())));
    }
    let coops = coops(&page).await?;
    page.show(&Index {
        page: &page,
        coops,
        found,
        fields: &fields,
    })
}

/// The member of just that number, where it is one only.
fn exactly<'a>(fields: &Fields, found: &'a [MemberView]) -> Option<&'a MemberView> {
    let number: MemberNumber = fields.read("number").ok()?;
    let mut same = found.iter().filter(|one| one.member_number == number);
    let first = same.next();
    first.filter(|_| same.next().is_none())
}
