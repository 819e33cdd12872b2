//! People, and what they may do (R17).

use actix_web::{get, post, put, web};
use ledger::Page;
use ledger::people::{ChangeRoles, InvitePerson, LinkGiven, PeopleFilter, PersonView, ResetPerson};
use serde::Deserialize;
use utoipa::{IntoParams, IntoResponses};

use super::Answer;
use crate::api::Api;
use crate::extract::{Asked, Body, Caller, OptionalKey, PageParameters, Parameters};

/// Whom it is about.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct PersonPath {
    /// What they sign in with.
    #[param(example = "aoki")]
    name: String,
}

impl PersonPath {
    /// The name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// There is no such person.
#[derive(IntoResponses)]
#[response(status = 404, description = "`person_not_found`: nobody has that name")]
pub struct NoSuchPerson;

/// Everybody who was ever invited, in that order.
#[utoipa::path(
    tag = "people",
    operation_id = "list_people",
    params(PageParameters),
    responses((status = 200, description = "A page of them", body = Page<PersonView>))
)]
#[get("/api/v1/people")]
pub async fn list_people(
    api: web::Data<Api>,
    caller: Caller,
    asked: Parameters<PageParameters>,
) -> Answer<Page<PersonView>> {
    let page = asked.0.page();
    api.answer(move |ledger| ledger.list_people(&caller.0, &PeopleFilter::default(), &page))
        .await
}

/// Invites somebody by a one-time link, by which they set a password. The link is in this answer and
/// nowhere else.
#[utoipa::path(
    tag = "people",
    operation_id = "invite_person",
    params(OptionalKey),
    request_body = InvitePerson,
    responses(
        (status = 200, description = "The person, and the link to hand over", body = LinkGiven),
        (status = 404, description = "`organization_not_found`: there is no such organisation"),
        (status = 409, description = "`name_taken`: somebody has, or had, that name"),
        (status = 422, description = "`name_unreadable`, `display_name_unreadable`; `organization_missing`, `organization_unexpected`; `expiry_out_of_range`; `field_unreadable`, `idempotency_key_reused`"),
    )
)]
#[post("/api/v1/people")]
pub async fn invite_person(
    api: web::Data<Api>,
    asked: Asked,
    body: Body<InvitePerson>,
) -> Answer<LinkGiven> {
    api.answer(move |ledger| ledger.invite_person(&asked.0, &body.0))
        .await
}

/// A person.
#[utoipa::path(
    tag = "people",
    operation_id = "get_person",
    params(PersonPath),
    responses((status = 200, description = "The person", body = PersonView), NoSuchPerson)
)]
#[get("/api/v1/people/{name}")]
pub async fn get_person(
    api: web::Data<Api>,
    caller: Caller,
    path: web::Path<PersonPath>,
) -> Answer<PersonView> {
    api.answer(move |ledger| ledger.get_person(&caller.0, &path.name))
        .await
}

/// Gives a person other roles. Their sessions end; their tokens keep no role that the person has no
/// more.
#[utoipa::path(
    tag = "people",
    operation_id = "change_roles",
    params(PersonPath, OptionalKey),
    request_body = ChangeRoles,
    responses(
        (status = 200, description = "The person", body = PersonView),
        (status = 404, description = "`person_not_found`, `organization_not_found`"),
        (status = 409, description = "`last_admin`: nobody else could administer the office"),
        (status = 422, description = "`organization_missing`, `organization_unexpected`; `field_unreadable`, `idempotency_key_reused`"),
    )
)]
#[put("/api/v1/people/{name}/roles")]
pub async fn change_roles(
    api: web::Data<Api>,
    asked: Asked,
    path: web::Path<PersonPath>,
    body: Body<ChangeRoles>,
) -> Answer<PersonView> {
    api.answer(move |ledger| ledger.change_roles(&asked.0, &path.name, &body.0))
        .await
}

/// Lets a person sign in no more: their sessions end, their tokens are refused and their link is good
/// no more. What they did stays on record.
#[utoipa::path(
    tag = "people",
    operation_id = "disable_person",
    params(PersonPath, OptionalKey),
    responses(
        (status = 200, description = "The person", body = PersonView),
        NoSuchPerson,
        (status = 409, description = "`last_admin`: nobody else could administer the office"),
    )
)]
#[post("/api/v1/people/{name}/disable")]
pub async fn disable_person(
    api: web::Data<Api>,
    asked: Asked,
    path: web::Path<PersonPath>,
) -> Answer<PersonView> {
    api.answer(move |ledger| ledger.disable_person(&asked.0, &path.name))
        .await
}

/// Lets a person who was disabled sign in again.
#[utoipa::path(
    tag = "people",
    operation_id = "enable_person",
    params(PersonPath, OptionalKey),
    responses((status = 200, description = "The person", body = PersonView), NoSuchPerson)
)]
#[post("/api/v1/people/{name}/enable")]
pub async fn enable_person(
    api: web::Data<Api>,
    asked: Asked,
    path: web::Path<PersonPath>,
) -> Answer<PersonView> {
    api.answer(move |ledger| ledger.enable_person(&asked.0, &path.name))
        .await
}

/// Takes a person's password, second factor and recovery codes from them, ends their sessions, and
/// gives a one-time link by which they set a new password. The link is in this answer and nowhere else.
#[utoipa::path(
    tag = "people",
    operation_id = "reset_person",
    params(PersonPath, OptionalKey),
    request_body = ResetPerson,
    responses(
        (status = 200, description = "The person, and the link to hand over", body = LinkGiven),
        NoSuchPerson,
        (status = 409, description = "`last_admin`: nobody else could administer the office; `person_disabled`"),
        (status = 422, description = "`expiry_out_of_range`; `field_unreadable`, `idempotency_key_reused`"),
    )
)]
#[post("/api/v1/people/{name}/reset")]
pub async fn reset_person(
    api: web::Data<Api>,
    asked: Asked,
    path: web::Path<PersonPath>,
    body: Body<ResetPerson>,
) -> Answer<LinkGiven> {
    api.answer(move |ledger| ledger.reset_person(&asked.0, &path.name, &body.0))
        .await
}
