//! The settings' file: TOML on one level, `name = value`.

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::sources::{Origin, Said};

/// What the file says, in its own order, and what cannot be read of it.
pub fn read(path: &Path) -> Result<(Vec<Said>, Vec<String>), String> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("設定ファイル {shown} を読めません: {error}"))?;
    let line_at = |at: usize| {
        let before = text.as_bytes().get(..at).unwrap_or_default();
        1 + before.iter().filter(|&&byte| byte == b'\n').count()
    };
    let table = DeTable::parse(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(span.start));
        let words = error.message();
        format!("{shown}:{line}: TOML として読めません（{words}）。listen = \"127.0.0.1:8080\" のように書いてください")
    })?;
    let mut said = Vec::new();
    let mut wrong = Vec::new();
    for (name, value) in table.get_ref() {
        let line = line_at(name.span().start);
        let name = name.get_ref().as_ref();
        let origin = Origin::File {
            path: PathBuf::from(path),
            line,
        };
        match text_of(value.get_ref()) {
            Some(text) => said.push(Said {
                name: name.to_owned(),
                text,
                origin,
            }),
            None => wrong.push(format!(
                "{origin}: {name} に書けるのは、文字列・整数・true か false・文字列の並びです（見出し [{name}] は使いません）"
            )),
        }
    }
    said.sort_by_key(|one| match one.origin {
        Origin::File { line, .. } => line,
        _ => 0,
    });
    Ok((said, wrong))
}

/// A value as it would be written in the environment; none for what no setting takes.
fn text_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.as_ref().to_owned()),
        DeValue::Integer(number) => {
            let digits = i64::from_str_radix(number.as_str(), number.radix());
            Some(digits.map_or_else(|_| number.to_string(), |number| number.to_string()))
        }
        DeValue::Boolean(yes) => Some(yes.to_string()),
        DeValue::Array(values) => {
            let texts: Option<Vec<String>> =
                values.iter().map(|one| text_of(one.get_ref())).collect();
            texts.map(|texts| texts.join(","))
        }
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}
