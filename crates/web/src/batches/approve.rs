//! Approving that a batch is handed over: by another person than who closed it (R17).

use actix_web::web::Path;
use actix_web::{HttpResponse, post};
use front::Problem;

use super::OfBatch;
use super::batch::{Asked, show};
use crate::page::Form;

#[post("/batches/{coop}/{month}/{sequence:\\d+}/approve")]
pub(super) async fn approve(form: Form, of: Path<OfBatch>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let of = of.into_inner();
    let batch_id = of.find(&page).await?.batch_id;
    let approved = async {
        page.run(move |ledger| ledger.approve_batch(&call, batch_id))
            .await?;
        Ok(page.done(&of.path(), "batches-done-approved", None))
    };
    fields
        .answer(approved, async |fields| {
            show(&page, &fields, of.clone(), Asked::default()).await
        })
        .await
}
