//! Stories told over HTTP, to a service that really listens.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "test code: what cannot be set up fails the test that needs it"
)]

mod attacks;
mod bad_bodies;
mod bad_requests;
mod documented;
mod examples;
mod imports;
mod rights;
mod sign_in;
mod two_persons;
