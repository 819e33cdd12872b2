//! Reports as CSV for a spreadsheet: UTF-8 with BOM, CRLF, every field quoted.

use chrono::NaiveDate;
use domain::Yen;

use crate::formula::harmless;

/// A table under construction.
#[derive(Debug, Clone)]
pub struct ReportCsv {
    text: String,
    is_line_begun: bool,
}

impl ReportCsv {
    /// Begins with the headings.
    pub fn new(headings: &[&str]) -> Self {
        let mut csv = Self {
            text: "\u{feff}".to_owned(),
            is_line_begun: false,
        };
        for heading in headings {
            csv.text(heading);
        }
        csv.end_line();
        csv
    }

    /// More lines of a table that has its headings already.
    pub fn lines() -> Self {
        Self {
            text: String::new(),
            is_line_begun: false,
        }
    }

    /// A field of text. What a spreadsheet would run as a formula is shown as text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.field(&harmless(text))
    }

    /// A field of text, empty where there is none.
    pub fn text_or_empty(&mut self, text: Option<&str>) -> &mut Self {
        self.text(text.unwrap_or_default())
    }

    /// A field of yen, in plain digits.
    pub fn yen(&mut self, yen: Yen) -> &mut Self {
        self.field(&yen.to_string())
    }

    /// A field of a whole number.
    pub fn number(&mut self, number: impl Into<Option<i64>>) -> &mut Self {
        let number = number.into().map(|number| number.to_string());
        self.field(&number.unwrap_or_default())
    }

    /// A field of a day.
    pub fn day(&mut self, day: NaiveDate) -> &mut Self {
        self.field(&day.to_string())
    }

    /// Ends the line.
    pub fn end_line(&mut self) {
        self.text.push_str("\r\n");
        self.is_line_begun = false;
    }

    /// The whole file.
    pub fn into_text(self) -> String {
        self.text
    }

    fn field(&mut self, field: &str) -> &mut Self {
        if self.is_line_begun {
            self.text.push(',');
        }
        self.is_line_begun = true;
        self.text.push('"');
        self.text.push_str(&field.replace('"', "\"\""));
        self.text.push('"');
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_opens_in_a_spreadsheet_as_it_is_meant() {
        let mut csv = ReportCsv::new(&["科目", "金額"]);
        csv.text("=1+1").yen(Yen::new(-900)).end_line();
        csv.text("見本 \"花子\"").number(3).end_line();
        csv.text_or_empty(None).number(None).end_line();
        assert_eq!(
            csv.into_text(),
            "\u{feff}\"科目\",\"金額\"\r\n\"'=1+1\",\"-900\"\r\n\"見本 \"\"花子\"\"\",\"3\"\r\n\"\",\"\"\r\n"
        );
    }
}
