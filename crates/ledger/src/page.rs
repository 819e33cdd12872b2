//! Long lists, a page at a time.

use serde::{Deserialize, Serialize};

use crate::{LedgerError, Result};

/// Rows on a page at most.
pub const PAGE_MAX: u32 = 500;
/// Rows on a page where none is asked for.
const PAGE_DEFAULT: u32 = 100;

/// Where a page ended: opaque to the caller, good only for the list that gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// A cursor of list `list` after the row with these keys.
    pub(crate) fn after(list: &str, keys: &[i64]) -> Self {
        let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
        Self(hex::encode(format!("{list}:{}", keys.join(","))))
    }

    /// The keys it stands for, when it is one of list `list` with `N` keys; a made-up one is
    /// refused.
    pub(crate) fn keys<const N: usize>(&self, list: &str) -> Result<[i64; N]> {
        let made_up = Self::made_up;
        let bytes = hex::decode(&self.0).map_err(|_| made_up())?;
        let text = String::from_utf8(bytes).map_err(|_| made_up())?;
        let keys = text
            .strip_prefix(list)
            .and_then(|t| t.strip_prefix(':'))
            .ok_or_else(made_up)?;
        let keys: Vec<i64> = keys
            .split(',')
            .map(str::parse)
            .collect::<std::result::Result<_, _>>()
            .map_err(|_| made_up())?;
        keys.try_into().map_err(|_| made_up())
    }

    /// The refusal of one that no list gave.
    pub(crate) fn made_up() -> LedgerError {
        LedgerError::field(
            "cursor_unreadable",
            "cursor",
            "この一覧のカーソルではありません。前のページの next_cursor をそのまま指定してください",
        )
    }
}

impl From<String> for Cursor {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which page is asked for.
#[derive(Debug, Clone, Default)]
pub struct PageRequest {
    /// After which row; from the beginning where there is none.
    pub cursor: Option<Cursor>,
    /// How many rows, 1 to 500; 100 where none is given.
    pub limit: Option<u32>,
}

impl PageRequest {
    /// Rows asked for, refused outside 1 to 500.
    pub(crate) fn rows(&self) -> Result<i64> {
        let rows = self.limit.unwrap_or(PAGE_DEFAULT);
        if (1..=PAGE_MAX).contains(&rows) {
            Ok(i64::from(rows))
        } else {
            Err(LedgerError::field(
                "limit_out_of_range",
                "limit",
                format!("1〜{PAGE_MAX} で指定してください"),
            ))
        }
    }
}

/// Which page of a list that runs by number, the newest first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewestFirst {
    list: &'static str,
    rows: i64,
    /// Rows with numbers below this; the newest ones where there is none.
    pub(crate) before_id: Option<i64>,
}

impl PageRequest {
    /// The page of list `list` that is asked for, where that runs by number, the newest first.
    pub(crate) fn newest_first(&self, list: &'static str) -> Result<NewestFirst> {
        let before_id = match &self.cursor {
            Some(cursor) => Some(cursor.keys::<1>(list)?[0]),
            None => None,
        };
        Ok(NewestFirst {
            list,
            rows: self.rows()?,
            before_id,
        })
    }
}

impl NewestFirst {
    /// How many rows to look for: one more than the page has, to know whether there is another.
    pub(crate) fn rows_to_find(&self) -> i64 {
        self.rows + 1
    }

    /// The page that the rows found make, each as `view` shows it, with the number `id` of a view.
    pub(crate) fn page<Row, View>(
        &self,
        found: Vec<Row>,
        view: impl FnMut(Row) -> Result<View>,
        id: impl Fn(&View) -> i64,
    ) -> Result<Page<View>> {
        let views = found.into_iter().map(view).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(views, self.rows, |view| {
            Cursor::after(self.list, &[id(view)])
        }))
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub next_cursor: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page from one row more than was asked for: the extra row says that there is another.
    pub(crate) fn of(mut items: Vec<T>, rows: i64, cursor: impl Fn(&T) -> Cursor) -> Self {
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        let has_more = items.len() > rows;
        items.truncate(rows);
        let next_cursor = if has_more {
            items.last().map(cursor)
        } else {
            None
        };
        Self { items, next_cursor }
    }
}
