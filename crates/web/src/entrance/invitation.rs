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
    shown(&guest.0, &Fields::default())
}

fn shown(page: &Page, fields: &Fields) -> Result<HttpResponse, Problem> {
    page.show_form(fields, &Invitation { page, fields })
}

/// Sets the password, and leads to where one signs in with it.
#[post("/invitation")]
pub(super) async fn accept(form: GuestForm) -> Result<HttpResponse, Problem> {
    let GuestForm { page, fields, .. } = form;
    let accepted = async {
        let (call, asked) = (page.call(), asked_of(&fields)?);
        let accepted = page
            .run(move |ledger| ledger.accept_link(&call, &asked))
            .await?;
        let name = serde_urlencoded::to_string([("name", &accepted.name)]);
        let to = format!("/sign-in?{}", name.unwrap_or_default());
        Ok(page.done(&to, "entrance-done-password", None))
    };
    // The passwords are not sent back.
    let kept = Fields::of([("link", fields.get("link"))]);
    kept.answer(accepted, async |fields| shown(&page, &fields))
        .await
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
