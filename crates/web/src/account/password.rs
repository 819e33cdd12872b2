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
    page.show(&Password {
        page: &page,
        fields: &Fields::default(),
    })
}

/// Changes it. The person's other sessions end.
#[post("/account/password")]
pub(super) async fn change(form: Form, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let changed = match asked_of(&fields) {
        Ok(asked) => {
            page.run(move |ledger| ledger.change_password(&call, &asked))
                .await
        }
        Err(problem) => Err(problem),
    };
    match changed {
        Ok(opened) => {
            let answer = page.done("/account", "account-done-password", None);
            Ok(with_session(&request, &opened.secret, answer))
        }
        Err(problem) => {
            // The passwords are not sent back.
            let fields = Fields::default().refused(problem);
            page.show_form(
                &fields,
                &Password {
                    page: &page,
                    fields: &fields,
                },
            )
        }
    }
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
