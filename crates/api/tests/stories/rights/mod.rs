//! R17: who may do what, tried at every operation of the service.

mod requests;
mod walk;
