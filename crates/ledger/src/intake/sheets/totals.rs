//! Control totals: what the cover of a sheet says, and what its lines come to (R7).

use domain::{Channel, LineIn, MemberNumber, Units, Yen};
use serde::{Deserialize, Serialize};
use store::tables::sheet_lines::SheetLine;
use store::tables::sheets::{ControlTotals, Sheet};

use crate::error::stored;
use crate::intake::Desk;
use crate::{LedgerError, Problem, Result};

/// Most digits of a sum of member numbers: a thousand numbers of twenty digits.
const MEMBER_SUM_DIGITS_MAX: usize = 23;

/// Totals of a sheet. Of a cover: those it gives; of lines: those they have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetTotals {
    /// How many lines.
    #[serde(default)]
    #[schema(example = 25)]
    pub lines: Option<i64>,
    /// Units (口), of the lines that give or come to some.
    #[serde(default)]
    #[schema(example = 41)]
    pub units: Option<i64>,
    /// Yen, of the lines that give or come to an amount.
    #[serde(default)]
    #[schema(example = 15300)]
    pub amount: Option<i64>,
    /// The sum of the member numbers as integers, in digits: a hash total. Nothing where a number
    /// has other characters than digits.
    #[serde(default)]
    #[schema(example = "270125")]
    pub member_sum: Option<String>,
}

/// A total in which cover and lines differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TotalDiffering {
    /// `lines`, `units`, `amount` or `member_sum`.
    pub total: String,
    /// What the cover says; nothing where it says nothing.
    pub control: Option<String>,
    /// What the lines come to.
    pub keyed: String,
}

impl SheetTotals {
    /// What a sheet's cover says.
    pub(super) fn of_cover(sheet: &Sheet) -> Self {
        let control = &sheet.control;
        Self {
            lines: control.lines,
            units: control.units,
            amount: control.amount,
            member_sum: control.member_sum.clone(),
        }
    }

    /// Checks what a cover says: whole numbers of 0 or more.
    pub(super) fn checked(self) -> Result<ControlTotals> {
        for (field, total) in [
            ("lines", self.lines),
            ("units", self.units),
            ("amount", self.amount),
        ] {
            if total.is_some_and(|total| total < 0) {
                let reason = "0以上の数を指定してください";
                return Err(LedgerError::field("total_unreadable", field, reason));
            }
        }
        let member_sum = self.member_sum.map(|sum| digits(&sum)).transpose()?;
        Ok(ControlTotals {
            lines: self.lines,
            units: self.units,
            amount: self.amount,
            member_sum,
        })
    }

    /// Where the lines differ from this cover. Lines, units and yen have to be on it; the sum of
    /// the member numbers counts where both sides have one.
    pub(super) fn differing(&self, keyed: &SheetTotals) -> Vec<TotalDiffering> {
        let text = |total: Option<i64>| total.map(|total| total.to_string());
        let sum = match (&self.member_sum, &keyed.member_sum) {
            (Some(control), Some(keyed)) => Some((Some(control.clone()), Some(keyed.clone()))),
            _ => None,
        };
        [
            Some(("lines", (text(self.lines), text(keyed.lines)))),
            Some(("units", (text(self.units), text(keyed.units)))),
            Some(("amount", (text(self.amount), text(keyed.amount)))),
            sum.map(|both| ("member_sum", both)),
        ]
        .into_iter()
        .flatten()
        .filter(|(_, (control, keyed))| control != keyed)
        .map(|(total, (control, keyed))| TotalDiffering {
            total: total.to_owned(),
            control,
            keyed: keyed.unwrap_or_default(),
        })
        .collect()
    }
}

fn digits(sum: &str) -> Result<String> {
    let sum = domain::to_half_width(sum);
    let digits = sum.trim_start_matches('0');
    let is_good = !sum.is_empty()
        && digits.len() <= MEMBER_SUM_DIGITS_MAX
        && sum.bytes().all(|byte| byte.is_ascii_digit());
    if !is_good {
        let reason = "組合員番号の合計を数字で指定してください";
        return Err(LedgerError::field("total_unreadable", "member_sum", reason));
    }
    Ok(if digits.is_empty() { "0" } else { digits }.to_owned())
}

/// The units and yen of a line: as keyed, or as its order number makes the one of the other.
pub(super) fn comes_to(
    desk: &Desk,
    sheet: &Sheet,
    line: &SheetLine,
) -> Result<(Option<Units>, Option<Yen>)> {
    let incoming = line_in(sheet, line)?;
    let seen = desk
        .look_at(&incoming)
        .map_err(|lack| unreadable(line.line_no, &lack.to_string()))?;
    Ok((seen.units, seen.amount))
}

/// What lines come to. A line that gives only units counts with the yen its order number makes of
/// them, one that gives only yen with its units.
pub(super) fn of_lines(desk: &Desk, sheet: &Sheet, lines: &[SheetLine]) -> Result<SheetTotals> {
    let (mut units, mut amount) = (0_i64, 0_i64);
    let mut member_sum = Some(0_u128);
    for line in lines {
        let (seen_units, seen_amount) = comes_to(desk, sheet, line)?;
        let too_much = || LedgerError::invalid("total_too_large", "合計が大きすぎます");
        let seen_units = seen_units.map_or(0, Units::get);
        let seen_amount = seen_amount.map_or(0, Yen::get);
        units = units.checked_add(seen_units).ok_or_else(too_much)?;
        amount = amount.checked_add(seen_amount).ok_or_else(too_much)?;
        let number: MemberNumber = stored("sheet_lines", line.member_number.parse())?;
        member_sum = member_sum
            .zip(number.as_integer())
            .and_then(|(sum, number)| sum.checked_add(number));
    }
    Ok(SheetTotals {
        lines: Some(stored("sheet_lines", lines.len().try_into())?),
        units: Some(units),
        amount: Some(amount),
        member_sum: member_sum.map(|sum| sum.to_string()),
    })
}

/// A keyed line as the rules see it.
pub(super) fn line_in<'a>(sheet: &Sheet, line: &'a SheetLine) -> Result<LineIn<'a>> {
    let order_number = line.order_number.as_deref().map(str::parse).transpose();
    let units = line.units.map(Units::new).transpose();
    Ok(LineIn {
        order_number: stored("sheet_lines.order_number", order_number)?,
        units: stored("sheet_lines.units", units)?,
        amount: line.amount.map(Yen::new),
        received_on: sheet.received_on,
        channel: stored("sheets.channel", Channel::from_stored(&sheet.channel))?,
        note: line.note.as_deref(),
        cycle: None,
        not_before: None,
    })
}

/// The refusal of a line of a sheet.
pub(super) fn unreadable(line_no: i64, reason: &str) -> LedgerError {
    LedgerError::Invalid {
        code: "line_unreadable",
        message: format!("{line_no}行目: {reason}"),
        problems: vec![Problem {
            line: u64::try_from(line_no).ok(),
            column: None,
            reason: reason.to_owned(),
        }],
    }
}

impl TotalDiffering {
    /// The difference in words.
    pub(super) fn told(&self) -> String {
        let name = match self.total.as_str() {
            "lines" => "行数",
            "units" => "口数の合計",
            "amount" => "金額の合計",
            _ => "組合員番号の合計",
        };
        match &self.control {
            Some(control) => format!("{name}は表紙が {control}、入力が {}", self.keyed),
            None => format!("{name}が表紙にありません（入力は {}）", self.keyed),
        }
    }
}
