//! The OpenAPI document: what the handlers say of themselves, plus what holds for all of them.

use domain::Role;
use ledger::Operation as Rights;
use ledger::rights::Allowed;
use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder};

use crate::operations::methods;
use crate::{requests, routes};
use front::{session_cookie, titles};

/// Requests and answers of every operation as a story told over REST really had them, by operation
/// id. The story fails when they are no longer what the service gives.
const EXAMPLES: &str = include_str!("openapi_examples.json");

/// The security scheme of tokens.
const BEARER: &str = "bearer";
/// The security scheme of sessions.
const COOKIE: &str = "cookie";

/// The document of this program.
pub fn document() -> OpenApi {
    let mut document = routes::documented();
    requests::describe(&mut document);
    add_security_schemes(&mut document);
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
                require_sign_in(operation, &id);
                requests::describe_parameters(path, operation);
                add_refusals(operation);
                add_examples(operation, &examples[&id]);
            }
        }
    }
    document
}

/// Says how to show who asks, and who may, where that is not for everybody (R17).
fn require_sign_in(operation: &mut Operation, id: &str) {
    let allowed = Rights::named(id).map(Rights::allowed);
    let Some(allowed) = allowed.filter(|allowed| *allowed != Allowed::Anybody) else {
        return;
    };
    let nothing: [String; 0] = [];
    operation.security = Some(vec![
        SecurityRequirement::new(BEARER, nothing.clone()),
        SecurityRequirement::new(COOKIE, nothing),
    ]);
    let who = match allowed {
        Allowed::Roles(_) => {
            let roles: Vec<&str> = allowed.roles().into_iter().map(Role::as_str).collect();
            format!("For: {}.", roles.join(", "))
        }
        _ => "For whoever has signed in.".to_owned(),
    };
    let description = operation.description.take().unwrap_or_default();
    let paragraphs = [description, who];
    let paragraphs = paragraphs.iter().filter(|text| !text.is_empty());
    operation.description = Some(paragraphs.cloned().collect::<Vec<_>>().join("\n\n"));
    for (status, description) in [
        (
            "401",
            "`sign_in_needed`, `session_ended`, `token_refused`: sign in, or send a token that is good",
        ),
        (
            "403",
            "`not_permitted`: the role does not allow it; `outside_scope`: nor does the token's scope; `second_factor_needed`; `csrf_token_needed`: a change by cookie without its token",
        ),
    ] {
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert_with(|| RefOr::T(refusal(description)));
    }
}

/// How to show who asks.
fn add_security_schemes(document: &mut OpenApi) {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token, for scripts"))
        .build();
    let cookie = ApiKeyValue::with_description(
        session_cookie::PLAIN_NAME,
        "A session, for browsers; behind TLS the cookie is `__Host-hitokuchi_session`. What changes something sends `X-CSRF-Token` too",
    );
    let components = document.components.get_or_insert_default();
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    components.add_security_scheme(COOKIE, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
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
    let given = example.get("status").and_then(Value::as_u64).unwrap_or(200);
    for (status, response) in &mut operation.responses.responses {
        if let (true, RefOr::T(response)) = (*status == given.to_string(), response) {
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
