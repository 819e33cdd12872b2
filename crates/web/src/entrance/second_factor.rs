//! The second factor: its code at every sign-in, and how it is set up the first time.

use actix_web::{HttpRequest, HttpResponse, post};
use askama::Template;
use front::Problem;
use ledger::people::{ConfirmSecondFactor, ConfirmTotp, StartTotp};

use super::qr::Qr;
use super::with_session;
use crate::page::{Fields, GuestForm, Page, own_address};

/// Digits of a code of the app; what is longer is a recovery code.
const CODE_DIGITS: usize = 6;

#[derive(Template)]
#[template(path = "entrance/code.html")]
struct Code<'a> {
    page: &'a Page,
    fields: &'a Fields,
    next: &'a str,
}

#[derive(Template)]
#[template(path = "entrance/enrolment.html")]
struct Enrolment<'a> {
    page: &'a Page,
    fields: &'a Fields,
    next: &'a str,
}

/// A key that is offered, and the code that is to confirm it.
#[derive(Template)]
#[template(path = "entrance/key.html")]
pub(crate) struct OfferedKey<'a> {
    pub page: &'a Page,
    pub fields: &'a Fields,
    /// Where the code is sent.
    pub action: &'a str,
    pub next: &'a str,
}

impl OfferedKey<'_> {
    /// The key in groups of four, to be typed.
    fn key_in_groups(&self) -> String {
        let key: Vec<char> = self.fields.get("key").chars().collect();
        let groups: Vec<String> = key.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join(" ")
    }

    fn qr(&self) -> Option<Qr> {
        Qr::of(self.fields.get("uri"))
    }
}

/// Codes that are shown this once.
#[derive(Template)]
#[template(path = "entrance/recovery_codes.html")]
pub(crate) struct RecoveryCodes<'a> {
    pub page: &'a Page,
    pub codes: &'a [String],
    pub next: &'a str,
}

/// Asks for a code.
pub(super) fn ask(page: &Page, fields: &Fields, next: &str) -> Result<HttpResponse, Problem> {
    page.show_form(fields, &Code { page, fields, next })
}

/// Says why a second factor is needed and what one needs for it.
pub(super) fn explain(page: &Page, fields: &Fields, next: &str) -> Result<HttpResponse, Problem> {
    page.show_form(fields, &Enrolment { page, fields, next })
}

/// Takes a code of the app, or a recovery code.
#[post("/sign-in/code")]
pub(super) async fn confirm(
    form: GuestForm,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    form.require_own_page(&request)?;
    let GuestForm { page, fields, .. } = form;
    let next = own_address(fields.get("next")).to_owned();
    let code = fields.get("code").to_owned();
    let is_recovery = code.chars().filter(|c| c.is_alphanumeric()).count() > CODE_DIGITS;
    let (call, asked) = (page.call(), ConfirmSecondFactor { code });
    let confirmed = page.run(move |ledger| ledger.confirm_second_factor(&call, &asked));
    match confirmed.await {
        Ok(opened) => {
            let left = opened.session.recovery_codes_left;
            let answer = match is_recovery {
                true => page.done(&next, "entrance-done-recovery-code", Some(left)),
                false => page.go(&next),
            };
            Ok(with_session(&request, &opened.secret, answer))
        }
        Err(problem) => ask(&page, &Fields::default().refused(problem), &next),
    }
}

/// Offers a key to somebody who has to set up a second factor before they go on.
#[post("/sign-in/enrolment")]
pub(super) async fn offer(form: GuestForm, request: HttpRequest) -> Result<HttpResponse, Problem> {
    form.require_own_page(&request)?;
    let GuestForm { page, fields, .. } = form;
    let next = own_address(fields.get("next")).to_owned();
    let (call, asked) = (page.call(), StartTotp { password: None });
    match page
        .run(move |ledger| ledger.start_totp(&call, &asked))
        .await
    {
        Ok(offered) => {
            let fields = Fields::of([("key", offered.key), ("uri", offered.uri)]);
            page.show(&of_entrance(&page, &fields, &next))
        }
        Err(problem) => explain(&page, &Fields::default().refused(problem), &next),
    }
}

/// Puts the offered key into force, and shows the recovery codes.
#[post("/sign-in/enrolment/code")]
pub(super) async fn enrol(form: GuestForm, request: HttpRequest) -> Result<HttpResponse, Problem> {
    form.require_own_page(&request)?;
    let GuestForm { page, fields, .. } = form;
    let next = own_address(fields.get("next")).to_owned();
    let code = fields.get("code").to_owned();
    let (call, asked) = (page.call(), ConfirmTotp { code });
    match page
        .run(move |ledger| ledger.confirm_totp(&call, &asked))
        .await
    {
        Ok(confirmed) => {
            let page = page.within(&confirmed.opened);
            let shown = RecoveryCodes {
                page: &page,
                codes: &confirmed.recovery_codes,
                next: &next,
            };
            Ok(with_session(
                &request,
                &confirmed.opened.secret,
                page.show(&shown)?,
            ))
        }
        Err(problem) => {
            let fields = again(&fields).refused(problem);
            page.show_form(&fields, &of_entrance(&page, &fields, &next))
        }
    }
}

/// The key once more, after a wrong code; not the code.
pub(crate) fn again(fields: &Fields) -> Fields {
    Fields::of([("key", fields.get("key")), ("uri", fields.get("uri"))])
}

fn of_entrance<'a>(page: &'a Page, fields: &'a Fields, next: &'a str) -> OfferedKey<'a> {
    OfferedKey {
        page,
        fields,
        action: "/sign-in/enrolment/code",
        next,
    }
}
