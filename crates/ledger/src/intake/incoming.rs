//! One application as a person or a program tells it, read field by field.

use std::fmt;

use chrono::NaiveDate;
use domain::{
    Channel, CoopCode, LineIn, MemberNumber, OrderNumber, Units, UnreadableLine, Yen, parse_date,
};
use store::DbConnection;
use store::tables::cooperatives::{self, Cooperative};

use super::NewApplication;
use crate::{LedgerError, Problem, Result};

/// Most characters of a note, as in files.
const NOTE_CHARS_MAX: usize = formats::tables::NOTE_CHARS_MAX;
/// Most characters of the sender's own name for a line, as in files.
const LINE_ID_CHARS_MAX: usize = formats::tables::NAME_CHARS_MAX;

/// An application that can be read.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    pub(crate) coop: CoopCode,
    pub(crate) member_number: MemberNumber,
    pub(crate) order_number: Option<OrderNumber>,
    pub(crate) units: Option<Units>,
    pub(crate) amount: Option<Yen>,
    pub(crate) received_on: NaiveDate,
    pub(crate) channel: Channel,
    pub(crate) note: Option<String>,
    pub(crate) line_id: Option<String>,
}

impl Incoming {
    /// Reads an application received today, unless it says otherwise. Refuses one with any field
    /// that cannot be read, naming each.
    pub(crate) fn read(told: &NewApplication, today: NaiveDate) -> Result<Self> {
        let mut fields = Fields::default();
        let coop = fields.read("coop", told.coop.parse::<CoopCode>());
        let member_number = fields.read("member_number", told.member_number.parse());
        let order_number = fields.read_given("order_number", given(&told.order_number), str::parse);
        let units = fields.read_given("units", told.units, Units::new);
        let amount = fields.read_given("amount", told.amount, amount_above_zero);
        let received_on = fields.read_given("received_on", given(&told.received_on), parse_date);
        let channel = fields.read_given("channel", given(&told.channel), str::parse);
        let note = fields.read_given("note", given(&told.note), |text| {
            short_text(text, NOTE_CHARS_MAX, &['\n', '\r', '\t'])
        });
        let line_id = fields.read_given("line_id", given(&told.line_id), |text| {
            short_text(text, LINE_ID_CHARS_MAX, &[])
        });
        let channel = channel.map(|channel| channel.unwrap_or(Channel::Paper));
        if let Some(channel) = channel {
            fields.check_what_is_given(told, channel);
        }
        let incoming = (|| {
            Some(Self {
                coop: coop?,
                member_number: member_number?,
                order_number: order_number?,
                units: units?,
                amount: amount?,
                received_on: received_on?.unwrap_or(today),
                channel: channel?,
                note: note?,
                line_id: line_id?,
            })
        })();
        fields.done(incoming)
    }

    /// As the rules see it.
    pub(crate) fn line(&self) -> LineIn<'_> {
        LineIn {
            order_number: self.order_number,
            units: self.units,
            amount: self.amount,
            received_on: self.received_on,
            channel: self.channel,
            note: self.note.as_deref(),
            cycle: None,
            not_before: None,
        }
    }
}

/// The co-op of a code; refuses one there is not.
pub(crate) fn find_coop(connection: &mut DbConnection, code: &CoopCode) -> Result<Cooperative> {
    cooperatives::find_by_code(connection, code.as_str())?.ok_or_else(|| {
        let reason =
            format!("単協「{code}」はありません。コードを確かめるか、先に単協を取り込んでください");
        LedgerError::field("unknown_coop", "coop", reason)
    })
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

fn amount_above_zero(amount: i64) -> std::result::Result<Yen, String> {
    if amount > 0 {
        Ok(Yen::new(amount))
    } else {
        Err("1円以上の金額を指定してください".to_owned())
    }
}

fn short_text(
    text: &str,
    chars_max: usize,
    control_allowed: &[char],
) -> std::result::Result<String, String> {
    if text
        .chars()
        .any(|c| c.is_control() && !control_allowed.contains(&c))
    {
        return Err("制御文字は使えません".to_owned());
    }
    if text.chars().count() > chars_max {
        return Err(format!("{chars_max}文字までで書いてください"));
    }
    Ok(text.to_owned())
}

/// Reads fields and gathers what is wrong with them.
#[derive(Default)]
pub(crate) struct Fields {
    problems: Vec<Problem>,
}

impl Fields {
    pub(crate) fn read<T, E: fmt::Display>(
        &mut self,
        column: &str,
        read: std::result::Result<T, E>,
    ) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(reason) => {
                self.refuse(column, &reason);
                None
            }
        }
    }

    /// `None` for a field that is wrong, `Some(None)` for one that is not given.
    pub(crate) fn read_given<G, T, E: fmt::Display>(
        &mut self,
        column: &str,
        given: Option<G>,
        read: impl FnOnce(G) -> std::result::Result<T, E>,
    ) -> Option<Option<T>> {
        match given {
            None => Some(None),
            Some(given) => self.read(column, read(given)).map(Some),
        }
    }

    fn check_what_is_given(&mut self, told: &NewApplication, channel: Channel) {
        let lack = UnreadableLine::find(
            channel,
            given(&told.order_number).is_some(),
            told.units.is_some() || told.amount.is_some(),
            given(&told.note).is_some(),
        );
        if let Some(lack) = lack {
            let column = match lack {
                UnreadableLine::OrderNumberMissing | UnreadableLine::NoteMissing => "order_number",
                UnreadableLine::UnitsMissing => "units",
            };
            self.refuse(column, &lack);
        }
    }

    fn refuse(&mut self, column: &str, reason: &dyn fmt::Display) {
        self.problems.push(Problem {
            line: None,
            column: Some(column.to_owned()),
            reason: reason.to_string(),
        });
    }

    /// The value, when nothing was wrong.
    pub(crate) fn done<T>(self, value: Option<T>) -> Result<T> {
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => {
                let reasons: Vec<_> = self
                    .problems
                    .iter()
                    .map(|problem| {
                        format!(
                            "{}: {}",
                            problem.column.as_deref().unwrap_or_default(),
                            problem.reason
                        )
                    })
                    .collect();
                Err(LedgerError::Invalid {
                    code: "application_unreadable",
                    message: reasons.join("／"),
                    problems: self.problems,
                })
            }
        }
    }
}
