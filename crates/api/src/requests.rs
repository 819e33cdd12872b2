//! What values of a request have to look like, by the names they have everywhere. The use cases
//! check them; here the document says so beforehand.

use serde_json::Value;
use utoipa::openapi::path::{Operation, Parameter};
use utoipa::openapi::schema::{Object, Schema, SchemaType};
use utoipa::openapi::{OpenApi, RefOr};

use crate::operations::methods;

/// A form that a text has to have.
struct Form {
    names: &'static [&'static str],
    pattern: &'static str,
}

const FORMS: [Form; 4] = [
    Form {
        names: &["month", "from", "until"],
        pattern: "^20[0-9]{2}-(0[1-9]|1[0-2])$",
    },
    Form {
        names: &["coop", "fund"],
        pattern: "^[0-9A-Za-z_-]{1,40}$",
    },
    Form {
        names: &["member_number"],
        pattern: "^[0-9A-Za-z][0-9A-Za-z-]{0,19}$",
    },
    Form {
        names: &["order_number"],
        pattern: "^[0-9]{6}$",
    },
];

/// The words that a field may have.
const WORDS: [(&str, &[&str]); 3] = [
    ("channel", &["paper", "web", "depot", "phone"]),
    (
        "way",
        &["add", "replace", "mistake", "spot", "accept", "next-month"],
    ),
    ("profile", &["standard", "standard-utf8"]),
];

/// Characters of a reason at most.
const REASON_CHARS_MAX: usize = 500;

/// Says it in the schemas of all bodies that are sent.
pub fn describe(document: &mut OpenApi) {
    let names: Vec<String> = document
        .paths
        .paths
        .values()
        .flat_map(methods)
        .filter_map(|(_, operation)| match operation.request_body.as_ref()? {
            RefOr::T(body) => match body.content.get("application/json")? {
                RefOr::T(content) => match content.schema.as_ref()? {
                    RefOr::Ref(reference) => reference.ref_location.rsplit('/').next(),
                    RefOr::T(_) => None,
                },
                RefOr::Ref(_) => None,
            },
            RefOr::Ref(_) => None,
        })
        .map(str::to_owned)
        .chain(["NewApplication".to_owned()])
        .collect();
    let Some(components) = &mut document.components else {
        return;
    };
    for name in names {
        if let Some(RefOr::T(Schema::Object(schema))) = components.schemas.get_mut(&name) {
            for (field, value) in &mut schema.properties {
                if let RefOr::T(Schema::Object(value)) = value {
                    describe_field(field, value);
                }
            }
        }
    }
}

/// Says it in the parameters of an operation.
pub fn describe_parameters(path: &str, operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(Parameter {
            name,
            schema: Some(RefOr::T(Schema::Object(value))),
            ..
        }) = parameter
        else {
            continue;
        };
        let is_member = name == "number" && path.contains("/members/");
        add_form(if is_member { "member_number" } else { name }, value);
    }
}

fn add_form(name: &str, value: &mut Object) {
    if let Some(form) = FORMS.iter().find(|form| form.names.contains(&name)) {
        value.pattern = Some(form.pattern.to_owned());
    }
}

fn describe_field(name: &str, value: &mut Object) {
    add_form(name, value);
    if let Some((_, words)) = WORDS.iter().find(|(known, _)| *known == name) {
        let mut values: Vec<Value> = words.iter().map(|word| Value::from(*word)).collect();
        if matches!(value.schema_type, SchemaType::Array(_)) {
            values.push(Value::Null);
        }
        value.enum_values = Some(values);
    }
    if ["reason", "override_reason"].contains(&name) {
        value.min_length = Some(1);
        value.max_length = Some(REASON_CHARS_MAX);
        value.pattern = Some("\\S".to_owned());
    }
}
