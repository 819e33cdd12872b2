//! An office with data to look at, and the door for its visitors.

use ledger::billing::{CloseBatch, ExportBatch};
use testkit::TestApp;
use testkit::http::Answer;
use testkit::visitors::{Visitor, Visitors};

use super::requests::Request;

pub struct Place {
    pub app: TestApp,
    pub visitors: Visitors,
}

impl Place {
    pub fn of(app: TestApp) -> Self {
        app.world.load_sample();
        app.world.set_today("2025-08-01");
        hand_over_august(&app);
        let visitors = Visitors::of(&app.world);
        Self { app, visitors }
    }

    /// Asks as somebody.
    pub fn ask(&self, who: &Visitor, request: &Request) -> Answer {
        let mut headers: Vec<(&str, &str)> = Vec::new();
        let mut body: &[u8] = &[];
        if let Some((media_type, text)) = &request.body {
            headers.push(("Content-Type", media_type));
            body = text.as_bytes();
        }
        // Of its own for everybody: the same key again would give a kept answer.
        let key = format!("walk-{}", who.name);
        if request.has_key {
            headers.push(("Idempotency-Key", &key));
        }
        let (method, path) = (&request.method, &request.path);
        who.ask(self.app.address, method, path, &headers, body)
    }
}

/// The batch of a co-op, closed and exported, so that there is something to take away.
fn hand_over_august(app: &TestApp) {
    let (ledger, office) = (&app.world.ledger, app.world.office());
    let close = CloseBatch {
        coop: "01".parse().unwrap(),
        month: "2025-08".parse().unwrap(),
        reason: None,
    };
    let closed = ledger.close_batch(&office, close.clone()).unwrap();
    assert_eq!(closed.batch_id, Some(1));
    let export = ExportBatch {
        coop: close.coop,
        month: close.month,
        sequence: None,
        profile: None,
    };
    ledger
        .write_batch_file(&office, export, &mut std::io::sink())
        .unwrap();
}
