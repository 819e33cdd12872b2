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
    let mut refusals = vec![
        (
            "500",
            "`internal`, `database`, `corrupt`, `file`: the program failed. Send it again under the same key".to_owned(),
        ),
        (
            "429",
            "`too_many_requests`: the address or the caller asks too often. Try again after `Retry-After` seconds".to_owned(),
        ),
        (
            "503",
            "`busy`, `database_unreachable`, `not_ready`: try again after `Retry-After` seconds".to_owned(),
        ),
        (
            "507",
            "`disk`: the disk refused. Nothing was written. `disk_unsure`: it failed at the very end; send it again under the same key".to_owned(),
        ),
    ];
    if operation.request_body.is_some() {
        refusals.push((
            "408",
            "`body_too_slow`: the body did not come in time".to_owned(),
        ));
        refusals.push((
            "413",
            "`body_too_large`: more bytes than the service takes".to_owned(),
        ));
        refusals.push((
            "415",
            "`unsupported_media_type`: another content type than the one described".to_owned(),
        ));
    }
    let (unreadable, unfit) = bad_values(operation);
    if !unreadable.is_empty() {
        let codes = unreadable.join("`, `");
        refusals.push(("400", format!("`{codes}`: the request cannot be read")));
    }
    if !unfit.is_empty() {
        let codes = unfit.join("`, `");
        refusals.push((
            "422",
            format!("`{codes}`: a value is not what it has to be; `problems` names each"),
        ));
    }
    for (status, description) in refusals {
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert_with(|| RefOr::T(refusal(&description)));
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

/// The codes of a request that cannot be read (400), and of one with a value that may not be (422),
/// by what the operation takes.
fn bad_values(operation: &Operation) -> (Vec<&'static str>, Vec<&'static str>) {
    let (mut unreadable, mut unfit) = (Vec::new(), Vec::new());
    if let Some(RefOr::T(body)) = &operation.request_body {
        if body.content.contains_key("application/json") {
            unreadable.push("json_unreadable");
        }
        unreadable.push("body_unreadable");
        unfit.push("field_unreadable");
    }
    for parameter in operation.parameters.iter().flatten() {
        let RefOr::T(parameter) = parameter else {
            continue;
        };
        let is_required = parameter.required == Required::True;
        let (unread, unfits): (&[_], &[_]) =
            match (&parameter.parameter_in, parameter.name.as_str()) {
                (ParameterIn::Header, OPERATOR_HEADER) => (&["operator_unreadable"], &[]),
                (ParameterIn::Header, _) if is_required => (
                    &["idempotency_key_missing", "idempotency_key"],
                    &["idempotency_key_reused"],
                ),
                (ParameterIn::Header, _) => (&["idempotency_key"], &["idempotency_key_reused"]),
                (ParameterIn::Path, _) => (&["path_unreadable"], &[]),
                (_, "cursor") => (&["query_unreadable"], &["cursor_unreadable"]),
                (_, "limit") => (&["query_unreadable"], &["limit_out_of_range"]),
                (_, _) => (&["query_unreadable"], &[]),
            };
        add_new(&mut unreadable, unread);
        add_new(&mut unfit, unfits);
    }
    (unreadable, unfit)
}

fn add_new(codes: &mut Vec<&'static str>, more: &[&'static str]) {
    for code in more {
        if !codes.contains(code) {
            codes.push(code);
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
