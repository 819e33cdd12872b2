//! Keying a sheet: the page. Its script (`assets/sheets.js`) makes a grid of the form; without it the
//! form adds a line at a time.

use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use domain::Channel;
use front::Problem;
use ledger::intake::sheets::{KeyedLineLook, LineBeingKeyed, SheetLineView, SheetTotals};
use serde::Deserialize;

use super::Head;
use super::line::put;
use super::look::LookAnswer;
use crate::page::{Fields, Form, Page};

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// The order number that stays from line to line.
    order: Option<String>,
}

#[derive(Template)]
#[template(path = "sheets/keying.html")]
struct Keying<'a> {
    page: &'a Page,
    fields: &'a Fields,
    head: Head,
    /// `first` or `second`.
    keying: &'static str,
    look: Option<LookAnswer>,
}

/// A total of the cover beside that of the lines.
struct Total {
    name: &'static str,
    control: Option<String>,
    keyed: Option<String>,
}

impl Total {
    fn number(text: &Option<String>) -> Option<i128> {
        text.as_deref().and_then(|text| text.parse().ok())
    }

    /// What the lines have more than the cover; none where one of the two is not known.
    fn off(&self) -> Option<i128> {
        Some(Self::number(&self.keyed)? - Self::number(&self.control)?)
    }

    fn is_even(&self) -> bool {
        self.off() == Some(0)
    }

    fn difference(&self) -> String {
        match self.off() {
            Some(off) if off > 0 => format!("+{}", grouped(off)),
            Some(off) => grouped(off),
            None => String::new(),
        }
    }

    fn shown(&self, total: &Option<String>) -> String {
        Self::number(total).map_or_else(String::new, grouped)
    }
}

/// A number with its thousands apart; sums of member numbers may pass 64 bits.
fn grouped(number: i128) -> String {
    match i64::try_from(number) {
        Ok(number) => crate::words::count(number),
        Err(_) => number.to_string(),
    }
}

impl Keying<'_> {
    fn lines(&self) -> &[SheetLineView] {
        match self.keying {
            "first" => &self.head.sheet.lines,
            _ => &self.head.sheet.second_lines,
        }
    }

    /// Depot forms may give yen and free text; elsewhere these columns would only be in the way.
    fn is_depot(&self) -> bool {
        self.head.sheet.channel == Channel::Depot
    }

    /// Whose unsaved lines the browser keeps.
    fn person_key(&self) -> &str {
        let session = self.page.session.as_ref();
        session.map_or("", |session| session.name.as_str())
    }

    fn totals(&self) -> Vec<Total> {
        let control = &self.head.sheet.control;
        let keyed = match (&self.head.sheet.keyed, self.keying) {
            (Some(keyed), "first") => keyed.clone(),
            _ => self.summed(),
        };
        let text = |number: Option<i64>| number.map(|number| number.to_string());
        let total = |name, control, keyed| Total {
            name,
            control,
            keyed,
        };
        vec![
            total("lines", text(control.lines), text(keyed.lines)),
            total("units", text(control.units), text(keyed.units)),
            total("amount", text(control.amount), text(keyed.amount)),
            total("member_sum", control.member_sum.clone(), keyed.member_sum),
        ]
    }

    /// What the lines of the second keying come to, as far as they say it themselves.
    fn summed(&self) -> SheetTotals {
        let lines = self.lines();
        let sum = |of: fn(&SheetLineView) -> Option<i64>| lines.iter().filter_map(of).sum::<i64>();
        let numbers = lines
            .iter()
            .map(|line| line.member_number.parse::<u128>().ok());
        let members = numbers.sum::<Option<u128>>();
        SheetTotals {
            lines: i64::try_from(lines.len()).ok(),
            units: Some(sum(|line| line.units)),
            amount: Some(sum(|line| line.comes_to)),
            member_sum: members.map(|sum| sum.to_string()),
        }
    }

    // messages: sheets-total-*
    fn total_name(&self, total: &Total) -> String {
        let word = total.name.replace('_', "-");
        self.page.t(&format!("sheets-total-{word}"))
    }
}

#[get("/sheets/{id}/first")]
pub(super) async fn first(
    page: Page,
    id: Path<i64>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    begin(page, *id, "first", asked.into_inner()).await
}

#[get("/sheets/{id}/second")]
pub(super) async fn second(
    page: Page,
    id: Path<i64>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Problem> {
    begin(page, *id, "second", asked.into_inner()).await
}

#[post("/sheets/{id}/first")]
pub(super) async fn first_send(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    keyed(form, *id, "first").await
}

#[post("/sheets/{id}/second")]
pub(super) async fn second_send(form: Form, id: Path<i64>) -> Result<HttpResponse, Problem> {
    keyed(form, *id, "second").await
}

async fn begin(
    page: Page,
    sheet_id: i64,
    keying: &'static str,
    asked: Asked,
) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let sheet = page
        .run(move |ledger| ledger.begin_keying(&call, sheet_id))
        .await;
    let sheet = match sheet {
        Ok(sheet) => sheet,
        // It is not open any more: what became of it is told there.
        Err(problem) if problem.status.as_u16() == 409 => {
            return Ok(page.go(&format!("/sheets/{sheet_id}")));
        }
        Err(problem) => return Err(problem),
    };
    let head = Head::with(&page, sheet).await?;
    let fields = Fields::of([("order_number", asked.order.unwrap_or_default())]);
    show(&page, head, keying, &fields, None).await
}

async fn keyed(form: Form, sheet_id: i64, keying: &'static str) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let number = if keying == "first" { 1 } else { 2 };
    if fields.has("do", "look") {
        let look = look(&page, sheet_id, number, &fields).await?;
        let head = Head::of(&page, sheet_id).await?;
        return show(&page, head, keying, &fields, Some(&look)).await;
    }
    let keyed = async {
        let keyed = put(&page, call, sheet_id, number, None, &fields).await?;
        let order = keyed.line.order_number.unwrap_or_default();
        let query = serde_urlencoded::to_string([("order", order)]).unwrap_or_default();
        let to = format!("/sheets/{sheet_id}/{keying}?{query}");
        Ok(page.done(&to, "sheets-done-keyed", Some(keyed.line.line_no)))
    };
    let again = async |fields| {
        let head = Head::of(&page, sheet_id).await?;
        show(&page, head, keying, &fields, None).await
    };
    fields.answer(keyed, again).await
}

async fn look(
    page: &Page,
    sheet_id: i64,
    keying: i32,
    fields: &Fields,
) -> Result<KeyedLineLook, Problem> {
    let line = LineBeingKeyed {
        keying: Some(keying),
        line_no: None,
        member_number: fields.optional("member_number"),
        order_number: fields.optional("order_number"),
        units: fields.optional("units"),
        amount: fields.optional("amount"),
        note: fields.optional("note"),
    };
    let call = page.call();
    page.run(move |ledger| ledger.look_at_keyed_line(&call, sheet_id, &line))
        .await
}

async fn show(
    page: &Page,
    head: Head,
    keying: &'static str,
    fields: &Fields,
    look: Option<&KeyedLineLook>,
) -> Result<HttpResponse, Problem> {
    let look = match look {
        Some(look) => Some(LookAnswer::of(page, look).await?),
        None => None,
    };
    let template = Keying {
        page,
        fields,
        head,
        keying,
        look,
    };
    page.show_form(fields, &template)
}
