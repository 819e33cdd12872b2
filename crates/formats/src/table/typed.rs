//! One row that somebody typed into a form, read as a line of a file is.

use super::fields::Fields;
use super::header::Header;
use super::problems::LineProblem;
use super::record::Record;
use super::rows::{TableRow, row_or_problems};

/// Reads a row from what was typed: each value beside the English name of its column. What is not among
/// them is blank. `number` stands for the line in what is refused.
///
/// # Errors
/// Every wrong field, as the same line of a file would be told.
pub fn read_typed<T: TableRow>(
    number: u64,
    values: &[(&'static str, &str)],
) -> Result<T, Vec<LineProblem>> {
    let mut text = String::new();
    let mut bounds = Vec::with_capacity(values.len());
    for (_, value) in values {
        let from = text.len();
        text.push_str(value);
        bounds.push((from, text.len()));
    }
    let places = T::COLUMNS
        .iter()
        .map(|column| values.iter().position(|(name, _)| *name == column.en))
        .collect();
    let header = Header::of_places(places, values.len());
    let record = Record {
        line: number,
        text: &text,
        bounds: &bounds,
    };
    let mut problems = Vec::new();
    let row = T::read(&mut Fields::new(record, &header, &mut problems));
    row_or_problems(row, number, &mut problems)
}

/// The English name of the column that a problem names in Japanese.
pub fn typed_name<T: TableRow>(column_ja: &str) -> Option<&'static str> {
    let column = T::COLUMNS.iter().find(|column| column.ja == column_ja)?;
    Some(column.en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::CycleRow;

    const GOOD: [(&str, &str); 5] = [
        ("cycle", "２０２５年７月４回"),
        ("iso_week", "2025-W29"),
        ("opens_on", " 2025-07-14 "),
        ("closes_on", "2025-07-18"),
        ("collection_month", "2025-08"),
    ];

    #[test]
    fn a_typed_row_is_read_as_the_line_of_a_file() {
        let row: CycleRow = read_typed(1, &GOOD).unwrap();
        assert_eq!(row.cycle, "2025年7月4回");
        assert_eq!(row.opens_on.to_string(), "2025-07-14");
        assert_eq!(row.web_closes_on, None);
    }

    #[test]
    fn every_wrong_field_is_told_by_its_column() {
        let mut values = GOOD;
        values[0].1 = "";
        values[3].1 = "2025-07-11";
        values[4].1 = "8月\n";
        let problems = read_typed::<CycleRow>(3, &values).unwrap_err();
        let told: Vec<_> = problems
            .iter()
            .map(|one| (one.line, one.column.and_then(typed_name::<CycleRow>)))
            .collect();
        assert_eq!(
            told,
            [
                (3, Some("cycle")),
                (3, Some("collection_month")),
                (3, Some("closes_on"))
            ]
        );
    }

    #[test]
    fn what_is_not_typed_at_all_is_blank() {
        let problems = read_typed::<CycleRow>(1, &[]).unwrap_err();
        assert_eq!(problems.len(), 5, "{problems:?}");
    }
}
