//! SQL in every text that a request may hold, and fields that nobody offers: at every operation, as
//! somebody who may do all of it.

use serde_json::{Map, Value};
use testkit::visitors::{Is, Visitor};
use testkit::{TestApp, on_both};

use super::place::Place;
use super::requests::{Request, of_every_operation};

on_both!(
    r17_sql_in_any_text_is_text,
    r17_a_role_that_is_sent_along_is_refused,
);

const EVERYTHING: &str = "clerk,finance,auditor,admin";
/// What ends a text in SQL and goes on, in ways that would show.
const HOSTILE: [&str; 4] = [
    "'; DROP TABLE audit_events; --",
    "x' OR '1'='1",
    "%' UNION SELECT password_hash FROM users --",
    "1); DELETE FROM sessions; --\\",
];

/// The same request with another text in the place of each text of its body, one at a time; and of each
/// part of its path and query.
fn with_hostile_texts(request: &Request, hostile: &str) -> Vec<Request> {
    let mut made = Vec::new();
    if let Some((media_type, text)) = &request.body {
        match serde_json::from_str::<Value>(text) {
            Ok(body) => {
                let mut places = Vec::new();
                text_places(&body, String::new(), &mut places);
                for place in places {
                    let mut body = body.clone();
                    *body.pointer_mut(&place).unwrap() = Value::String(hostile.to_owned());
                    let body = Some((media_type.clone(), body.to_string()));
                    made.push(Request {
                        body,
                        ..request.clone()
                    });
                }
            }
            Err(_) => {
                // A CSV file: the text in the place of every cell of its first row of data.
                let lines: Vec<&str> = text.lines().collect();
                let head = lines.first().copied().unwrap_or_default();
                let row = vec![format!("\"{hostile}\""); head.split(',').count()].join(",");
                let body = Some((media_type.clone(), format!("{head}\n{row}\n")));
                made.push(Request {
                    body,
                    ..request.clone()
                });
            }
        }
    }
    let escaped = percent(hostile);
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let fixed = ["", "api", "v1"];
    for part in path.split('/').filter(|part| !fixed.contains(part)) {
        let path = path.replacen(&format!("/{part}"), &format!("/{escaped}"), 1);
        made.push(Request {
            path: format!("{path}?{query}"),
            ..request.clone()
        });
    }
    for (name, _) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        made.push(Request {
            path: format!("{path}?{query}&{name}={escaped}"),
            ..request.clone()
        });
        made.push(Request {
            path: format!("{path}?{name}={escaped}"),
            ..request.clone()
        });
    }
    for name in [
        "coop",
        "member",
        "cursor",
        "from",
        "campaign",
        "order_number",
    ] {
        made.push(Request {
            path: format!("{path}?{name}={escaped}"),
            ..request.clone()
        });
    }
    made
}

fn text_places(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::String(_) => places.push(at),
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                text_places(item, format!("{at}/{place}"), places);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                text_places(field, format!("{at}/{name}"), places);
            }
        }
        _ => {}
    }
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn somebody(place: &Place) -> Visitor {
    place.visitors.session(Is::staff(EVERYTHING), "full")
}

fn r17_sql_in_any_text_is_text(app: TestApp) {
    let place = Place::of(app);
    let mut sent = 0;
    for hostile in HOSTILE {
        for request in of_every_operation() {
            let who = somebody(&place);
            for request in with_hostile_texts(&request, hostile) {
                let answer = place.ask(&who, &request);
                assert!(
                    answer.status < 500 && !answer.text().contains("argon2"),
                    "{} {}: {} {}",
                    request.operation,
                    request.path,
                    answer.status,
                    answer.text()
                );
                sent += 1;
            }
        }
    }
    assert!(sent > 1_000, "{sent} requests: too few to say anything");
    let world = &place.app.world;
    let verification = world.ledger.verify(&world.office()).unwrap();
    assert!(verification.ok, "{:?}", verification.checks);
    assert_eq!(
        place.app.get("/api/v1/members/01/0010106").status,
        200,
        "and all that was there is there"
    );
}

/// Mass assignment: a field that the operation does not offer is no field that it takes.
fn r17_a_role_that_is_sent_along_is_refused(app: TestApp) {
    let place = Place::of(app);
    let mut tried = 0;
    for request in of_every_operation() {
        let Some((media_type, text)) = &request.body else {
            continue;
        };
        let Ok(Value::Object(body)) = serde_json::from_str::<Value>(text) else {
            continue;
        };
        for (name, value) in [
            ("roles", serde_json::json!(["admin"])),
            ("role", "admin".into()),
            ("user_id", 1.into()),
            ("recorded_by", "user:somebody".into()),
            ("is_operator", true.into()),
        ] {
            if body.contains_key(name) {
                continue;
            }
            let body: Map<String, Value> = body
                .clone()
                .into_iter()
                .chain([(name.to_owned(), value)])
                .collect();
            let request = Request {
                body: Some((media_type.clone(), Value::Object(body).to_string())),
                ..request.clone()
            };
            let answer = place.ask(&somebody(&place), &request);
            let is_refused = answer.status == 400 || answer.status == 422;
            assert!(
                is_refused && answer.text().contains(name),
                "{} took {name}: {} {}",
                request.operation,
                answer.status,
                answer.text()
            );
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried} fields: too few to say anything");
}
