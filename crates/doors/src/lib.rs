//! Which doors the service has, and in which order: programs by REST, people by pages.
//!
//! The doors know nothing of one another, nor does what they share know them. Whoever runs them, the
//! program or a test, takes them from here.

use std::sync::Arc;

use front::{Door, Doors, Front};

/// The doors at the address of everybody.
pub fn for_everybody(front: &Front) -> Doors {
    Doors::new([programs(front), Arc::new(web::Web::new(front.clone()))])
}

/// The doors at the address of those who watch the service: no page is among what they ask for.
pub fn for_watchers(front: &Front) -> Doors {
    Doors::new([programs(front)])
}

fn programs(front: &Front) -> Arc<dyn Door> {
    Arc::new(api::Api::new(front.clone()))
}
