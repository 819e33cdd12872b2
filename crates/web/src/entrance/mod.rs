//! The way in: signing in, the second factor, an invitation, a password that was forgotten (R17).
//!
//! Nothing here needs JavaScript. The secret of an invitation stands behind `#`, where no server and no
//! log sees it: a small module puts it into the form; without it a person pastes the link.

mod invitation;
pub(crate) mod qr;
pub(crate) mod second_factor;
mod sign_in;

use actix_web::http::header;
use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse};
use front::{peer, session_cookie};
use ledger::Operation;
use ledger::credentials::Secret;

use crate::screens::Screen;

/// The screens of this area. Whoever has signed in already is led on from the first.
pub const SCREENS: &[Screen] = &[
    Screen {
        path: "/sign-in",
        sample: "/sign-in",
        operation: Operation::SignIn,
        menu: None,
        picture: Some("sign-in"),
    },
    Screen {
        path: "/sign-in/forgotten",
        sample: "/sign-in/forgotten",
        operation: Operation::SignIn,
        menu: None,
        picture: None,
    },
    Screen {
        path: "/invitation",
        sample: "/invitation",
        operation: Operation::AcceptLink,
        menu: None,
        picture: Some("invitation"),
    },
];

/// Routes the area.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(sign_in::show)
        .service(sign_in::sign_in)
        .service(sign_in::forgotten)
        .service(second_factor::confirm)
        .service(second_factor::offer)
        .service(second_factor::enrol)
        .service(invitation::show)
        .service(invitation::accept);
}

/// The same answer, which hands the browser a new session.
pub(crate) fn with_session(
    request: &HttpRequest,
    secret: &Secret,
    mut response: HttpResponse,
) -> HttpResponse {
    let cookie = session_cookie::set(secret, peer(request).is_encrypted);
    if let Ok(value) = header::HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// An address with what comes after signing in.
fn with_next(path: &str, next: &str) -> String {
    if next.is_empty() || next == "/" {
        return path.to_owned();
    }
    let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
    format!("{path}?{query}")
}
