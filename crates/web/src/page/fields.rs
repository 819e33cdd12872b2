//! What a form says, and what is wrong with it.

use std::fmt::Display;
use std::str::FromStr;

use actix_web::http::StatusCode;
use chrono::NaiveDate;
use front::Problem;
use unicode_normalization::UnicodeNormalization;

/// The fields of a form as they were sent, and why they were refused, if they were. Kept to show the
/// form again as it was.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    pairs: Vec<(String, String)>,
    problem: Option<Problem>,
}

impl Fields {
    /// A form with these values, for the first look at it.
    pub fn of<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let pairs = pairs.into_iter();
        Self {
            pairs: pairs
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            problem: None,
        }
    }

    /// The same fields, refused.
    #[must_use]
    pub fn refused(mut self, problem: Problem) -> Self {
        self.problem = Some(problem);
        self
    }

    /// The same fields, refused if an outcome is a refusal.
    #[must_use]
    pub fn with<T>(self, outcome: &Result<T, Problem>) -> Self {
        match outcome {
            Ok(_) => self,
            Err(problem) => self.refused(problem.clone()),
        }
    }

    /// Why they were refused.
    pub fn refusal(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }

    /// What is wrong with a field.
    pub fn error(&self, name: &str) -> Option<&str> {
        let places = &self.problem.as_ref()?.problems;
        let place = places.iter().find(|place| {
            place.pointer.as_deref().and_then(|p| p.strip_prefix('/')) == Some(name)
                || place.parameter.as_deref() == Some(name)
        });
        place.map(|place| place.detail.as_str())
    }

    /// A field as it was sent; empty where it was not.
    pub fn get(&self, name: &str) -> &str {
        let pair = self.pairs.iter().find(|(known, _)| known == name);
        pair.map_or("", |(_, value)| value)
    }

    /// Every value of a field that may come more than once.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.pairs.iter().filter(move |(known, _)| known == name);
        pairs.map(|(_, value)| value.as_str())
    }

    /// Whether a field has a value: for boxes, choices and buttons.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|sent| sent == value)
    }

    /// A text without surrounding spaces; none where nothing was written.
    pub fn optional(&self, name: &str) -> Option<String> {
        let text = self.get(name).trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A text without surrounding spaces. Refuses none at all.
    pub fn required(&self, name: &str) -> Result<String, Problem> {
        self.optional(name)
            .ok_or_else(|| wrong(name, "入力してください".to_owned()))
    }

    /// A value that is read from its text, full-width letters and digits as half-width ones (NFKC).
    pub fn read<T>(&self, name: &str) -> Result<T, Problem>
    where
        T: FromStr,
        T::Err: Display,
    {
        let text: String = self.required(name)?.nfkc().collect();
        text.parse()
            .map_err(|error: T::Err| wrong(name, error.to_string()))
    }

    /// The same, none where nothing was written.
    pub fn read_if_given<T>(&self, name: &str) -> Result<Option<T>, Problem>
    where
        T: FromStr,
        T::Err: Display,
    {
        match self.optional(name) {
            Some(_) => self.read(name).map(Some),
            None => Ok(None),
        }
    }

    /// A whole number; separators and the yen sign are passed over.
    pub fn number(&self, name: &str) -> Result<i64, Problem> {
        let text: String = self.required(name)?.nfkc().collect();
        let digits: String = text
            .chars()
            .filter(|c| !matches!(c, ',' | '¥' | '円' | ' '))
            .collect();
        digits
            .parse()
            .map_err(|_| wrong(name, format!("「{text}」は整数として読めません")))
    }

    /// The same, none where nothing was written.
    pub fn number_if_given(&self, name: &str) -> Result<Option<i64>, Problem> {
        match self.optional(name) {
            Some(_) => self.number(name).map(Some),
            None => Ok(None),
        }
    }

    /// A day, as `2025-08-27` or `2025/8/27`.
    pub fn date(&self, name: &str) -> Result<NaiveDate, Problem> {
        let text: String = self.required(name)?.nfkc().collect();
        let dashed = text.replace('/', "-");
        dashed.parse().map_err(|_| {
            let told =
                format!("「{text}」は日付として読めません。2025-08-27 のように書いてください");
            wrong(name, told)
        })
    }

    /// The same, none where nothing was written.
    pub fn date_if_given(&self, name: &str) -> Result<Option<NaiveDate>, Problem> {
        match self.optional(name) {
            Some(_) => self.date(name).map(Some),
            None => Ok(None),
        }
    }
}

/// The refusal of a field.
pub fn wrong(name: &str, detail: String) -> Problem {
    Problem::pointer(
        StatusCode::UNPROCESSABLE_ENTITY,
        "field_unreadable",
        format!("/{name}"),
        detail,
    )
}
