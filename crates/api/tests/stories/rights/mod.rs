//! R17: who may do what, tried at every operation of the service; and what somebody may try who may not.

mod csrf;
mod formulas;
mod hostile_text;
mod place;
mod requests;
mod walk;
