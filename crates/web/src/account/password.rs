//! A new password.

use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::people::ChangePassword;

use crate::entrance::with_session;
use crate::page::{Fields, Form, Page, wrong};

#[derive(Template)]
#[template(path = "account/password.html")]
struct Password<'a> {
    page: &'a Page,
    fields: &'a Fields,
}

/// The form.
#[get("/account/password")]
pub(super) async fn show(page: Page) -> Result<HttpResponse, Problem> {
    shown(&page, &Fields::default())
}

/// Changes it. The person's other sessions end.
#[post("/account/password")]
pub(super) async fn change(form: Form, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let changed = async {
        let asked = asked_of(&fields)?;
        let opened = page
            .run(move |ledger| ledger.change_password(&call, &asked))
            .await?;
        let answer = page.done("/account", "account-done-password", None);
        Ok(with_session(&request, &opened.secret, answer))
    };
    // The passwords are not sent back.
    let none = Fields::default();
    none.answer(changed, async |fields| shown(&page, &fields))
        .await
}

fn shown(page: &Page, fields: &Fields) -> Result<HttpResponse, Problem> {
    page.show_form(fields, &Password { page, fields })
}

fn asked_of(fields: &Fields) -> Result<ChangePassword, Problem> {
    let (current, new) = (
        fields.get("current").to_owned(),
        fields.get("new").to_owned(),
    );
    if new != fields.get("again") {
        let told = "2つのパスワードが違います。もう一度入れてください".to_owned();
        return Err(wrong("again", told));
    }
    Ok(ChangePassword { current, new })
}
