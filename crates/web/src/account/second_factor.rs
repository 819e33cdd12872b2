//! A second factor of one's own choice or in the place of another, and new recovery codes. Both ask
//! for the password again.

use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::people::{ConfirmTotp, RenewRecoveryCodes, StartTotp};

use crate::entrance::second_factor::{OfferedKey, RecoveryCodes, again};
use crate::entrance::with_session;
use crate::page::{Fields, Form, Page};

#[derive(Template)]
#[template(path = "account/second_factor.html")]
struct SecondFactor<'a> {
    page: &'a Page,
    fields: &'a Fields,
}

#[derive(Template)]
#[template(path = "account/recovery_codes.html")]
struct NewRecoveryCodes<'a> {
    page: &'a Page,
    fields: &'a Fields,
}

/// What changes, and the password once more.
#[get("/account/second-factor")]
pub(super) async fn show(page: Page) -> Result<HttpResponse, Problem> {
    page.show(&SecondFactor {
        page: &page,
        fields: &Fields::default(),
    })
}

/// Offers a key.
#[post("/account/second-factor")]
pub(super) async fn offer(form: Form) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let asked = StartTotp {
        password: Some(fields.get("password").to_owned()),
    };
    match page
        .run(move |ledger| ledger.start_totp(&call, &asked))
        .await
    {
        Ok(offered) => {
            let fields = Fields::of([("key", offered.key), ("uri", offered.uri)]);
            page.show(&of_account(&page, &fields))
        }
        Err(problem) => {
            let fields = Fields::default().refused(problem);
            page.show_form(
                &fields,
                &SecondFactor {
                    page: &page,
                    fields: &fields,
                },
            )
        }
    }
}

/// Puts it into force and shows the recovery codes.
#[post("/account/second-factor/code")]
pub(super) async fn confirm(form: Form, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let asked = ConfirmTotp {
        code: fields.get("code").to_owned(),
    };
    match page
        .run(move |ledger| ledger.confirm_totp(&call, &asked))
        .await
    {
        Ok(confirmed) => {
            let page = page.within(&confirmed.opened);
            let answer = shown(&page, &confirmed.recovery_codes)?;
            Ok(with_session(&request, &confirmed.opened.secret, answer))
        }
        Err(problem) => {
            let fields = again(&fields).refused(problem);
            page.show_form(&fields, &of_account(&page, &fields))
        }
    }
}

/// What new recovery codes mean, and the password once more.
#[get("/account/recovery-codes")]
pub(super) async fn show_recovery_codes(page: Page) -> Result<HttpResponse, Problem> {
    page.show(&NewRecoveryCodes {
        page: &page,
        fields: &Fields::default(),
    })
}

/// Gives new recovery codes in the place of the old ones.
#[post("/account/recovery-codes")]
pub(super) async fn renew_recovery_codes(form: Form) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let asked = RenewRecoveryCodes {
        password: fields.get("password").to_owned(),
    };
    let renewed = page.run(move |ledger| ledger.renew_recovery_codes(&call, &asked));
    match renewed.await {
        Ok(renewed) => shown(&page, &renewed.recovery_codes),
        Err(problem) => {
            let fields = Fields::default().refused(problem);
            let template = NewRecoveryCodes {
                page: &page,
                fields: &fields,
            };
            page.show_form(&fields, &template)
        }
    }
}

fn shown(page: &Page, codes: &[String]) -> Result<HttpResponse, Problem> {
    page.show(&RecoveryCodes {
        page,
        codes,
        next: "/account",
    })
}

fn of_account<'a>(page: &'a Page, fields: &'a Fields) -> OfferedKey<'a> {
    OfferedKey {
        page,
        fields,
        action: "/account/second-factor/code",
        next: "/account",
    }
}
