//! Stories of the office, told on SQLite and on PostgreSQL.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "what cannot be set up fails the story that needs it"
)]

mod audit;
mod audit_log;
mod batch_board;
mod billing;
mod bridge;
mod by_hand;
mod campaign_steps;
mod campaigns;
mod collection_file;
mod dashboard;
mod decision_model;
mod desk;
mod history;
mod hledger;
mod intake;
mod intake_model;
mod keying;
mod looking_into_the_books;
mod member_changes;
mod member_screen;
mod members;
mod months;
mod office;
mod order_numbers;
mod people;
mod pledge_imports;
mod pledge_model;
mod pledges;
mod privacy;
mod proof;
mod random;
mod reference;
mod review;
mod review_screen;
mod rules_accounting;
mod rules_billing;
mod rules_corrections;
mod rules_documented;
mod rules_intake;
mod rules_money;
mod rules_policies;
mod rules_settlement;
mod rules_two_persons;
mod sheets;
mod sign_in;
mod totals;
mod trace;
mod trials;
mod undoing;
mod year;
