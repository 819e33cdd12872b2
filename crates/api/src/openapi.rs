//! The OpenAPI document: what the handlers say of themselves, plus what holds for all of them.

use actix_web::http::Method;
use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{
    Content, ObjectBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder,
};

use crate::extract::OPERATOR_HEADER;
use crate::operations::methods;
use crate::{requests, routes, titles};

/// Requests and answers of every operation as a story told over REST really had them, by operation
/// id. The story fails when they are no longer what the service gives.
const EXAMPLES: &str = include_str!("openapi_examples.json");

/// The document of this program.
pub fn document() -> OpenApi {
    let mut document = routes::documented();
    requests::describe(&mut document);
    let examples: Value = serde_json::from_str(EXAMPLES).unwrap_or_default();
    for (path, item) in &mut document.paths.paths {
        let present: Vec<_> = methods(item).map(|(method, _)| method).collect();
        for method in present {
            let operation = match method.as_str() {
                "GET" => &mut item.get,
                "PUT" => &mut item.put,
                "POST" => &mut item.post,
                "DELETE" => &mut item.delete,
                _ => &mut item.patch,
            };
            if let Some(operation) = operation {
                let id = operation.operation_id.clone().unwrap_or_default();
                if knows_operator(&method, operation) {
                    add_operator(operation);
                }
                requests::describe_parameters(path, operation);
                add_refusals(operation);
                add_examples(operation, &examples[&id]);
            }
        }
    }
    document
}

/// Whether it matters who asks: for every change, and for sheets, which are keyed blind.
fn knows_operator(method: &Method, operation: &Operation) -> bool {
    let is_of_sheets = operation
        .tags
        .as_ref()
        .is_some_and(|tags| tags.iter().any(|tag| tag == "sheets"));
    *method != Method::GET || is_of_sheets
}

fn add_operator(operation: &mut Operation) {
    let name = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[A-Za-z0-9._-]{1,40}$"))
        .build();
    let parameter = ParameterBuilder::new()
        .name(OPERATOR_HEADER)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("Who sits at the desk; recorded as `api:NAME`. Without it, and until there is a sign-in, everybody is `api:local`"))
        .schema(Some(name))
        .build();
    operation
        .parameters
        .get_or_insert_default()
        .push(parameter.into());
}

/// Refusals that any operation of its kind may give, where it does not describe its own.
fn add_refusals(operation: &mut Operation) {
    let has_body = operation.request_body.is_some();
    let has_parameters = operation.parameters.as_ref().is_some_and(|p| !p.is_empty());
    let mut refusals = vec![
        (
            "500",
            "`internal`, `database`, `corrupt`, `file`: the program failed. Send it again under the same key",
        ),
        (
            "503",
            "`busy`, `database_unreachable`, `not_ready`: try again after `Retry-After` seconds",
        ),
        (
            "507",
            "`disk`: the disk refused. Nothing was written. `disk_unsure`: it failed at the very end; send it again under the same key",
        ),
    ];
    if has_parameters || has_body {
        refusals.push(("400", "`json_unreadable`, `query_unreadable`, `path_unreadable`, `idempotency_key`, `idempotency_key_missing`, `body_unreadable`: the request cannot be read"));
        refusals.push(("422", "`field_unreadable`, `cursor_unreadable`, `limit_out_of_range`, `idempotency_key_reused`: a value is not what it has to be; `problems` names each"));
    }
    if has_body {
        refusals.push(("413", "`body_too_large`: more bytes than the service takes"));
        refusals.push((
            "415",
            "`unsupported_media_type`: another content type than the one described",
        ));
    }
    for (status, description) in refusals {
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert_with(|| RefOr::T(refusal(description)));
    }
    for (status, response) in &mut operation.responses.responses {
        if let (false, RefOr::T(response)) = (status.starts_with('2'), response) {
            let mut content = Content::new(Some(Ref::from_schema_name("Problem")));
            content.example = problem_example(status, &response.description);
            response
                .content
                .insert("application/problem+json".to_owned(), content.into());
        }
    }
}

/// The problem of the first code that a description names.
fn problem_example(status: &str, description: &str) -> Option<Value> {
    let code = description.split('`').nth(1)?;
    Some(json!({
        "type": format!("urn:hitokuchi:problem:{code}"),
        "title": titles::title(code),
        "status": status.parse::<u16>().ok()?,
        "detail": "何がいけなかったか、どうすればよいか（日本語）",
        "code": code,
        "problems": [],
    }))
}

fn refusal(description: &str) -> Response {
    ResponseBuilder::new().description(description).build()
}

fn add_examples(operation: &mut Operation, example: &Value) {
    if let (Some(RefOr::T(body)), Some(request)) =
        (&mut operation.request_body, example.get("request"))
    {
        for content in body.content.values_mut() {
            show(content, request);
        }
    }
    let Some(answer) = example.get("answer") else {
        return;
    };
    for (status, response) in &mut operation.responses.responses {
        if let (true, RefOr::T(response)) = (status.starts_with('2'), response) {
            for content in response.content.values_mut() {
                show(content, answer);
            }
        }
    }
}

fn show(content: &mut RefOr<Content>, example: &Value) {
    if let RefOr::T(content) = content {
        content.example = Some(example.clone());
    }
}
