//! An entry written by hand.

use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use domain::Yen;
use front::Problem;
use ledger::Call;
use ledger::accounting::{JournalEntryView, NewJournalLine, PostJournalEntry};
use ledger::two_persons::Outcome;

use super::asked::Codes;
use crate::page::{Fields, Form, Page};

/// Lines of an empty form.
const LINES_AT_FIRST: usize = 4;
/// Lines that a press of the button adds.
const LINES_MORE: usize = 4;
/// Lines of a form at most; more come by file or in two entries.
const LINES_MAX: usize = 200;
/// What a line says, besides its account.
const PARTS: [&str; 6] = ["account", "debit", "credit", "fund", "coop", "campaign"];

pub fn routes(routes: &mut ServiceConfig) {
    routes.service(show).service(send);
}

#[derive(Template)]
#[template(path = "books/new_entry.html")]
struct Shown<'a> {
    page: &'a Page,
    fields: &'a Fields,
    codes: &'a Codes,
    /// How many lines the form has.
    lines: usize,
    /// What both sides come to so far.
    debit: Yen,
    credit: Yen,
}

impl Shown<'_> {
    /// The name of a part of a line: what the refusal of the use case points to.
    fn name(&self, line: &usize, part: &str) -> String {
        name(*line, part)
    }

    /// By how much the sides differ.
    fn difference(&self) -> Yen {
        Yen::new(
            self.debit
                .get()
                .saturating_sub(self.credit.get())
                .saturating_abs(),
        )
    }
}

fn name(line: usize, part: &str) -> String {
    format!("lines/{line}/{part}")
}

#[get("/books/entries/new")]
async fn show(page: Page) -> Result<HttpResponse, Problem> {
    let today = page.front().ledger.today().to_string();
    let fields = Fields::of([("date", today)]);
    answer(&page, fields, LINES_AT_FIRST).await
}

async fn answer(page: &Page, fields: Fields, lines: usize) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let codes = page
        .run(move |ledger| {
            ledger.require(&call, ledger::Operation::PostJournalEntry)?;
            Codes::load(ledger, &call)
        })
        .await?;
    let shown = Shown {
        page,
        fields: &fields,
        codes: &codes,
        lines,
        debit: sum(&fields, lines, "debit"),
        credit: sum(&fields, lines, "credit"),
    };
    page.show_form(&fields, &shown)
}

/// What a side comes to; what is no number counts as none.
fn sum(fields: &Fields, lines: usize, part: &str) -> Yen {
    let yen = (0..lines).filter_map(|line| fields.number(&name(line, part)).ok());
    Yen::new(yen.fold(0, i64::saturating_add))
}

#[post("/books/entries/new")]
async fn send(form: Form) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let (fields, written) = closed_up(&fields);
    if fields.has("do", "more") {
        let lines = (written + LINES_MORE).max(LINES_AT_FIRST);
        return answer(&page, fields, lines.min(LINES_MAX)).await;
    }
    let posted = async {
        Ok(match posted(&page, call, &fields, written).await? {
            Outcome::Done(entry) => {
                let to = format!("/books/entries/{}", entry.entry_id);
                page.done(&to, "books-entry-done", Some(entry.entry_id))
            }
            Outcome::Pending(pending) => {
                page.done("/approvals", "books-pending-done", Some(pending.pending_id))
            }
        })
    };
    let lines = (written + 1).clamp(LINES_AT_FIRST, LINES_MAX);
    fields
        .answer(posted, |fields| answer(&page, fields, lines))
        .await
}

async fn posted(
    page: &Page,
    call: Call,
    fields: &Fields,
    written: usize,
) -> Result<Outcome<JournalEntryView>, Problem> {
    let request = PostJournalEntry {
        date: Some(fields.date("date")?),
        description: fields.required("description")?,
        reason: fields.required("reason")?,
        lines: (0..written)
            .map(|line| read(fields, line))
            .collect::<Result<_, _>>()?,
    };
    page.run(move |ledger| ledger.post_journal_entry(&call, &request))
        .await
}

fn read(fields: &Fields, line: usize) -> Result<NewJournalLine, Problem> {
    let yen = |part: &str| fields.number_if_given(&name(line, part));
    Ok(NewJournalLine {
        account: fields.required(&name(line, "account"))?,
        debit: yen("debit")?.map(Yen::new),
        credit: yen("credit")?.map(Yen::new),
        fund: fields.optional(&name(line, "fund")),
        coop: fields.optional(&name(line, "coop")),
        campaign: fields.optional(&name(line, "campaign")),
    })
}

/// The form with the lines that say something one after the other, and how many those are.
fn closed_up(fields: &Fields) -> (Fields, usize) {
    let mut pairs: Vec<(String, String)> = ["date", "description", "reason", "do"]
        .map(|name| (name.to_owned(), fields.get(name).to_owned()))
        .into();
    let mut written = 0;
    for line in 0..LINES_MAX {
        let said = PARTS.map(|part| fields.get(&name(line, part)).to_owned());
        let [account, debit, credit, ..] = &said;
        if [account, debit, credit]
            .iter()
            .all(|one| one.trim().is_empty())
        {
            continue;
        }
        let parts = PARTS.iter().zip(said);
        pairs.extend(parts.map(|(part, value)| (name(written, part), value)));
        written += 1;
    }
    (Fields::of(pairs), written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_lines_fall_out_and_the_rest_close_up() {
        let fields = Fields::of([
            ("description", "年会費"),
            ("lines/0/account", "1121"),
            ("lines/0/debit", "１０,０００"),
            ("lines/2/account", "4111"),
            ("lines/2/credit", "10000"),
            ("lines/2/fund", "inclufund"),
            ("lines/3/fund", "inclufund"),
        ]);
        let (closed, written) = closed_up(&fields);
        assert_eq!(written, 2);
        assert_eq!(closed.get("lines/1/account"), "4111");
        assert_eq!(closed.get("lines/1/fund"), "inclufund");
        assert_eq!(closed.get("lines/2/account"), "");
        assert_eq!(sum(&closed, 4, "debit"), Yen::new(10_000));
        assert_eq!(sum(&closed, 4, "credit"), Yen::new(10_000));
    }
}
