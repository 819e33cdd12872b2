//! The journal as hledger reads it, declared strictly: every account, and the yen.
//!
//! An account is `kind:code name:fund`, so that hledger's balances are those of an account and a
//! fund; co-op, campaign and batch are tags of the posting.

use std::io::{self, Write};

use chrono::NaiveDate;
use domain::{AccountCode, AccountKind, Yen};

/// What stands for "no fund".
const NO_FUND: &str = "基金なし";

/// An account as hledger calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HledgerAccount<'a> {
    /// Its number.
    pub code: AccountCode,
    /// Its name.
    pub name: &'a str,
    /// What it is of.
    pub kind: AccountKind,
    /// Code of the fund.
    pub fund: Option<&'a str>,
}

impl HledgerAccount<'_> {
    /// `資産:1121 普通預金:inclufund`.
    pub fn path(&self) -> String {
        format!(
            "{}:{} {}:{}",
            self.kind.label_ja(),
            self.code,
            plain(self.name),
            self.fund.map_or_else(|| NO_FUND.to_owned(), plain)
        )
    }
}

/// A line of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HledgerPosting<'a> {
    /// The account.
    pub account: HledgerAccount<'a>,
    /// Yen: debit positive.
    pub amount: Yen,
    /// Code of the co-op.
    pub coop: Option<&'a str>,
    /// Code of the campaign.
    pub campaign: Option<&'a str>,
    /// Number of the batch.
    pub batch: Option<i64>,
}

/// An entry as a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HledgerTransaction<'a> {
    /// Its number.
    pub id: i64,
    /// The date it counts from.
    pub posted_on: NaiveDate,
    /// The true date.
    pub occurred_on: NaiveDate,
    /// What it is about.
    pub description: &'a str,
    /// Its lines.
    pub postings: Vec<HledgerPosting<'a>>,
}

/// Writes a journal: first every account, then the transactions by date.
pub struct HledgerWriter<W> {
    out: W,
}

impl<W: Write> HledgerWriter<W> {
    /// Begins a journal with what it declares.
    pub fn new(mut out: W, accounts: &[HledgerAccount<'_>]) -> io::Result<Self> {
        writeln!(
            out,
            "; hitokuchi の仕訳帳。hledger check --strict で検査できます"
        )?;
        writeln!(out, "decimal-mark .")?;
        writeln!(out, "commodity 1000. JPY")?;
        for kind in AccountKind::ALL {
            writeln!(
                out,
                "account {}  ; type: {}",
                kind.label_ja(),
                letter(*kind)
            )?;
        }
        for account in accounts {
            writeln!(out, "account {}", account.path())?;
        }
        Ok(Self { out })
    }

    /// Writes one transaction.
    pub fn write(&mut self, transaction: &HledgerTransaction<'_>) -> io::Result<()> {
        let HledgerTransaction {
            id,
            posted_on,
            occurred_on,
            description,
            postings,
        } = transaction;
        let true_date = if occurred_on == posted_on {
            String::new()
        } else {
            format!("  ; occurred_on: {occurred_on}")
        };
        writeln!(self.out)?;
        writeln!(
            self.out,
            "{posted_on} ({id}) {}{true_date}",
            plain(description)
        )?;
        for posting in postings {
            let path = posting.account.path();
            writeln!(
                self.out,
                "    {path}  {} JPY{}",
                posting.amount,
                tags(posting)
            )?;
        }
        Ok(())
    }

    /// Ends the journal and gives back what it was written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

/// hledger's letter for a kind of account.
const fn letter(kind: AccountKind) -> char {
    match kind {
        AccountKind::Asset => 'A',
        AccountKind::Liability => 'L',
        AccountKind::NetAssets => 'E',
        AccountKind::Revenue => 'R',
        AccountKind::Expense => 'X',
    }
}

fn tags(posting: &HledgerPosting<'_>) -> String {
    let mut tags = Vec::new();
    if let Some(coop) = posting.coop {
        tags.push(format!("coop: {}", plain(coop)));
    }
    if let Some(campaign) = posting.campaign {
        tags.push(format!("campaign: {}", plain(campaign)));
    }
    if let Some(batch) = posting.batch {
        tags.push(format!("batch: {batch}"));
    }
    if tags.is_empty() {
        String::new()
    } else {
        format!("  ; {}", tags.join(", "))
    }
}

/// Text without what hledger reads as more than text: colons and commas, comments, the payee's bar,
/// brackets at the beginning, and runs of spaces, which end an account's name.
fn plain(text: &str) -> String {
    let wide = |c: char| match c {
        ':' => '：',
        ';' => '；',
        ',' => '，',
        '|' => '｜',
        '(' => '（',
        ')' => '）',
        '[' => '［',
        ']' => '］',
        '*' => '＊',
        '!' => '！',
        '"' => '”',
        '=' => '＝',
        c if c.is_control() => ' ',
        c => c,
    };
    let wide: String = text.chars().map(wide).collect();
    wide.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account<'a>(code: &str, name: &'a str, kind: AccountKind) -> HledgerAccount<'a> {
        HledgerAccount {
            code: code.parse().unwrap(),
            name,
            kind,
            fund: None,
        }
    }

    #[test]
    fn a_journal_declares_what_it_names() {
        let bank = account("1121", "普通預金", AccountKind::Asset);
        let gifts = HledgerAccount {
            fund: Some("inclufund"),
            ..account("4211", "受取寄付金(サポーター)", AccountKind::Revenue)
        };
        let posting = |account, amount| HledgerPosting {
            account,
            amount: Yen::new(amount),
            coop: None,
            campaign: None,
            batch: None,
        };
        let transaction = HledgerTransaction {
            id: 7,
            posted_on: "2025-09-01".parse().unwrap(),
            occurred_on: "2025-08-31".parse().unwrap(),
            description: "見本; (1)  の =入金",
            postings: vec![
                posting(bank, 900),
                HledgerPosting {
                    coop: Some("01"),
                    batch: Some(3),
                    ..posting(gifts, -900)
                },
            ],
        };
        let mut writer = HledgerWriter::new(Vec::new(), &[bank, gifts]).unwrap();
        writer.write(&transaction).unwrap();
        let journal = String::from_utf8(writer.finish().unwrap()).unwrap();
        insta::assert_snapshot!(journal);
    }
}
