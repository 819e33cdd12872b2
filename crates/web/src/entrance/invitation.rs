//! An invitation, or a link for a new password: the person chooses one.

use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::people::AcceptLink;

use crate::page::{Fields, Guest, GuestForm, Page, wrong};

#[derive(Template)]
#[template(path = "entrance/invitation.html")]
struct Invitation<'a> {
    page: &'a Page,
    fields: &'a Fields,
}

/// The form.
#[get("/invitation")]
pub(super) async fn show(guest: Guest) -> Result<HttpResponse, Problem> {
    let (page, fields) = (guest.0, Fields::default());
    page.show(&Invitation {
        page: &page,
        fields: &fields,
    })
}

/// Sets the password, and leads to where one signs in with it.
#[post("/invitation")]
pub(super) async fn accept(form: GuestForm) -> Result<HttpResponse, Problem> {
    let GuestForm { page, fields, .. } = form;
    let accepted = match asked_of(&fields) {
        Ok(asked) => {
            let call = page.call();
            page.run(move |ledger| ledger.accept_link(&call, &asked))
                .await
        }
        Err(problem) => Err(problem),
    };
    match accepted {
        Ok(accepted) => {
            let name = serde_urlencoded::to_string([("name", &accepted.name)]);
            let to = format!("/sign-in?{}", name.unwrap_or_default());
            Ok(page.done(&to, "entrance-done-password", None))
        }
        Err(problem) => {
            // The passwords are not sent back.
            let fields = Fields::of([("link", fields.get("link"))]).refused(problem);
            page.show_form(
                &fields,
                &Invitation {
                    page: &page,
                    fields: &fields,
                },
            )
        }
    }
}

fn asked_of(fields: &Fields) -> Result<AcceptLink, Problem> {
    let link = fields.required("link")?;
    let password = fields.get("password").to_owned();
    if password != fields.get("again") {
        let told = "2つのパスワードが違います。もう一度入れてください".to_owned();
        return Err(wrong("again", told));
    }
    // The whole link was pasted, or what stands behind its `#`.
    let secret = link.rsplit('#').next().unwrap_or_default().to_owned();
    Ok(AcceptLink { secret, password })
}
