//! applications: lines of order sheets, web orders, depot forms and calls (申込).

use std::borrow::Cow;
use std::io::{self, Read};

use chrono::NaiveDate;
use domain::{
    Channel, CoopCode, MemberNumber, OrderNumber, Units, UnknownWord, UnreadableLine, Yen,
    parse_date,
};

use super::{NAME_CHARS_MAX, NOTE_CHARS_MAX, units, yen_above_zero};
use crate::encoding::Encoding;
use crate::table::{
    Column, Fields, Line, LineProblem, LineReader, TableError, note_text, plain_text,
    row_or_problems,
};

const COOP: Column = Column::required(0, "単協コード", "coop");
const MEMBER_NUMBER: Column = Column::required(1, "組合員番号", "member_number");
const ORDER_NUMBER: Column = Column::required(2, "注文番号", "order_number");
const UNITS: Column = Column::optional(3, "口数", "units");
const AMOUNT: Column = Column::optional(4, "金額", "amount");
const RECEIVED_ON: Column = Column::optional(5, "受付日", "received_on");
const CHANNEL: Column = Column::optional(6, "受付経路", "channel");
const NOTE: Column = Column::optional(7, "備考", "note");
const LINE_ID: Column = Column::optional(8, "行ID", "line_id");

const COLUMNS: &[Column] = &[
    COOP,
    MEMBER_NUMBER,
    ORDER_NUMBER,
    UNITS,
    AMOUNT,
    RECEIVED_ON,
    CHANNEL,
    NOTE,
    LINE_ID,
];

/// What holds for lines that do not say it themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApplicationDefaults {
    /// The day of receipt of a line without 受付日.
    pub received_on: NaiveDate,
    /// The channel of a line without 受付経路.
    pub channel: Channel,
}

/// One application, borrowing from the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationLine<'a> {
    /// 単協コード, valid and in its one spelling.
    pub coop: Cow<'a, str>,
    /// 組合員番号, valid and in its one spelling.
    pub member_number: Cow<'a, str>,
    /// 注文番号; missing only on a depot form with a note.
    pub order_number: Option<OrderNumber>,
    /// 口数, if given.
    pub units: Option<Units>,
    /// 金額, if given; 1 yen or more. Only a depot form without an order number has neither.
    pub amount: Option<Yen>,
    /// 受付日, or the default.
    pub received_on: NaiveDate,
    /// Whether 受付日 is the default.
    pub received_on_is_default: bool,
    /// 受付経路, or the default.
    pub channel: Channel,
    /// Whether 受付経路 is the default.
    pub channel_is_default: bool,
    /// 備考, if any.
    pub note: Option<&'a str>,
    /// 行ID, if any.
    pub line_id: Option<&'a str>,
}

/// Reads applications line by line, in bounded memory and without allocating for a plain line.
pub struct ApplicationReader<R> {
    lines: LineReader<R>,
    defaults: ApplicationDefaults,
    problems: Vec<LineProblem>,
    last_date: LastDate,
}

/// The date read last, since a file says the same one over and over.
#[derive(Debug, Default)]
struct LastDate {
    text: String,
    date: NaiveDate,
}

impl<R: Read> ApplicationReader<R> {
    /// Begins to read applications from `reader`, which holds text in `encoding` as
    /// [`crate::encoding::inspect`] found it.
    ///
    /// # Errors
    /// Refuses a header that is missing or wrong, listing all that is wrong with it, and one that
    /// has neither 口数 nor 金額; passes on what `reader` reports.
    pub fn new(
        reader: R,
        encoding: Encoding,
        defaults: ApplicationDefaults,
    ) -> Result<Self, TableError> {
        let lines = LineReader::new(reader, encoding, COLUMNS)?;
        let header = lines.header();
        if header.place(UNITS).is_none() && header.place(AMOUNT).is_none() {
            let reason =
                "この列（units）も「金額」（amount）の列もありません。どちらかを加えてください";
            let problem = LineProblem::of_field(header.line(), UNITS.ja, "", reason);
            return Err(TableError::Problems(problem.into()));
        }
        let (problems, last_date) = (Vec::new(), LastDate::default());
        Ok(ApplicationReader {
            lines,
            defaults,
            problems,
            last_date,
        })
    }

    /// The next line: the application, or all that is wrong with it; `None` at the end. A file
    /// without any line gives one problem.
    ///
    /// # Errors
    /// Passes on what the reader reports.
    pub fn read(&mut self) -> io::Result<Option<Line<ApplicationLine<'_>>>> {
        let (defaults, problems) = (self.defaults, &mut self.problems);
        let last_date = &mut self.last_date;
        self.lines.read(|record, header| {
            let mut fields = Fields::new(record, header, problems);
            let row = read_application(&mut fields, defaults, last_date);
            row_or_problems(row, record.line, problems)
        })
    }
}

fn read_application<'r>(
    fields: &mut Fields<'r, '_>,
    defaults: ApplicationDefaults,
    last_date: &mut LastDate,
) -> Option<ApplicationLine<'r>> {
    let coop = fields.required(COOP, CoopCode::normalize);
    let member_number = fields.required(MEMBER_NUMBER, MemberNumber::normalize);
    let order_number = fields.optional(ORDER_NUMBER, str::parse);
    let units = fields.optional(UNITS, units);
    let amount = fields.optional(AMOUNT, yen_above_zero);
    let received_on = fields.optional(RECEIVED_ON, |text| last_date.parse(text));
    let given_channel = fields.optional(CHANNEL, channel);
    let note = fields.optional(NOTE, |text| note_text(text, NOTE_CHARS_MAX));
    let line_id = fields.optional(LINE_ID, |text| plain_text(text, NAME_CHARS_MAX));
    if let Some(given) = given_channel {
        check_what_is_given(fields, given.unwrap_or(defaults.channel));
    }
    let (received_on, given_channel) = (received_on?, given_channel?);
    Some(ApplicationLine {
        coop: coop?,
        member_number: member_number?,
        order_number: order_number?,
        units: units?,
        amount: amount?,
        received_on: received_on.unwrap_or(defaults.received_on),
        received_on_is_default: received_on.is_none(),
        channel: given_channel.unwrap_or(defaults.channel),
        channel_is_default: given_channel.is_none(),
        note: note?,
        line_id: line_id?,
    })
}

/// A channel as files name it: its word, its label, or 注文書 for paper.
fn channel(text: &str) -> Result<Channel, UnknownWord> {
    if text == "注文書" {
        Ok(Channel::Paper)
    } else {
        text.parse()
    }
}

/// Notes what a line lacks to be read at all (R3), at the field that would have it.
fn check_what_is_given(fields: &mut Fields<'_, '_>, channel: Channel) {
    let has = |column| !fields.text(column).is_empty();
    let has_quantity = has(UNITS) || has(AMOUNT);
    let Some(lack) = UnreadableLine::find(channel, has(ORDER_NUMBER), has_quantity, has(NOTE))
    else {
        return;
    };
    let column = match lack {
        UnreadableLine::OrderNumberMissing | UnreadableLine::NoteMissing => ORDER_NUMBER,
        UnreadableLine::UnitsMissing if fields.has_column(UNITS) => UNITS,
        UnreadableLine::UnitsMissing => AMOUNT,
    };
    fields.refuse(column, lack);
}

impl LastDate {
    fn parse(&mut self, text: &str) -> Result<NaiveDate, domain::DateError> {
        if self.text != text {
            self.date = parse_date(text)?;
            self.text.clear();
            self.text.push_str(text);
        }
        Ok(self.date)
    }
}
