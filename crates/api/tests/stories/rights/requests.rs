//! A well-formed request for every operation of the OpenAPI document, made of its examples: what is
//! refused then is refused for who asks, and for nothing else.

use ledger::Operation;
use serde_json::Value;

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];
/// Stands for a random name that there is not.
const NO_UUID: &str = "0b9e2a4c-6f3d-4a51-9c70-2f5d8e1b7a63";

/// A request that can be sent.
#[derive(Debug, Clone)]
pub struct Request {
    /// Of which operation.
    pub operation: Operation,
    pub method: String,
    pub path: String,
    /// Whether it has to carry a key.
    pub has_key: bool,
    /// Media type and text of its body.
    pub body: Option<(String, String)>,
}

/// The requests of every operation: one for each value of what is chosen from a list. Panics where the
/// document has an operation that the table of rights has not.
pub fn of_every_operation() -> Vec<Request> {
    let document = serde_json::to_value(api::document()).expect("the document as JSON");
    let paths = document["paths"].as_object().expect("paths");
    let mut requests = Vec::new();
    for (path, item) in paths {
        for method in METHODS {
            if let Some(described) = item.get(method) {
                requests.extend(requests_for(&document, method, path, described));
            }
        }
    }
    requests
}

fn requests_for(document: &Value, method: &str, path: &str, described: &Value) -> Vec<Request> {
    let id = described["operationId"].as_str().expect("an operation id");
    let operation =
        Operation::named(id).unwrap_or_else(|| panic!("{id} is missing in the table of rights"));
    let mut filled = vec![path.to_owned()];
    let mut has_key = false;
    let mut joint = '?';
    for parameter in described["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().expect("a name");
        let place = parameter["in"].as_str().expect("a place");
        if place == "header" {
            has_key |= name == "Idempotency-Key";
        } else if parameter["required"] == true {
            let values = values(document, parameter);
            let fill = |path: &String, value: &String| match place {
                "path" => path.replace(&format!("{{{name}}}"), value),
                _ => format!("{path}{joint}{name}={value}"),
            };
            filled = filled
                .iter()
                .flat_map(|path| values.iter().map(move |value| fill(path, value)))
                .collect();
            if place == "query" {
                joint = '&';
            }
        }
    }
    let body = body(id, described);
    let request = |path| Request {
        operation,
        method: method.to_uppercase(),
        path,
        has_key,
        body: body.clone(),
    };
    filled.into_iter().map(request).collect()
}

/// What a parameter may be: its example, or every value of its list.
fn values(document: &Value, parameter: &Value) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if let Some(example) = parameter.get("example") {
        return vec![text(example)];
    }
    let mut schema = &parameter["schema"];
    if let Some(place) = schema["$ref"].as_str() {
        schema = document
            .pointer(&place[1..])
            .expect("what the document points to");
    }
    if let Some(list) = schema["enum"].as_array() {
        return list.iter().map(text).collect();
    }
    match schema["type"].as_str() {
        Some("integer") => vec!["1".to_owned()],
        _ => vec![NO_UUID.to_owned()],
    }
}

fn body(id: &str, described: &Value) -> Option<(String, String)> {
    let content = described["requestBody"]["content"].as_object()?;
    let (media_type, shown) = content.iter().next()?;
    let example = shown
        .get("example")
        .unwrap_or_else(|| panic!("{id} shows no example of its body"));
    let text = match example {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some((media_type.clone(), text))
}
