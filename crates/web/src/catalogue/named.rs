//! Co-ops, funds and organisations: what has a code and a name.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use front::Problem;
use ledger::reference::TypedName;
use ledger::{Call, Ledger, LedgerError, Operation, PAGE_MAX, PageRequest};

use super::shown::segment;
use crate::page::{Fields, Form, Page};

/// One of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Table {
    Cooperatives,
    Funds,
    Organizations,
}

/// A record of one.
struct Named {
    code: String,
    name: String,
    address: String,
}

#[derive(Template)]
#[template(path = "catalogue/names.html")]
struct Names<'a> {
    page: &'a Page,
    fields: &'a Fields,
    table: Table,
    names: Vec<Named>,
}

#[derive(Template)]
#[template(path = "catalogue/name.html")]
struct Name<'a> {
    page: &'a Page,
    fields: &'a Fields,
    table: Table,
    one: Named,
}

impl Table {
    fn named(word: &str) -> Result<Self, Problem> {
        match word {
            "cooperatives" => Ok(Self::Cooperatives),
            "funds" => Ok(Self::Funds),
            "organizations" => Ok(Self::Organizations),
            _ => Err(Problem::new(
                StatusCode::NOT_FOUND,
                "not_found",
                "この画面はありません。アドレスを確かめてください",
            )),
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Cooperatives => "cooperatives",
            Self::Funds => "funds",
            Self::Organizations => "organizations",
        }
    }

    /// The message that names it.
    const fn title(self) -> &'static str {
        match self {
            Self::Cooperatives => "catalogue-cooperatives",
            Self::Funds => "catalogue-funds",
            Self::Organizations => "catalogue-organizations",
        }
    }

    /// The message that says what its records are there for.
    const fn hint(self) -> &'static str {
        match self {
            Self::Cooperatives => "catalogue-cooperatives-hint",
            Self::Funds => "catalogue-funds-hint",
            Self::Organizations => "catalogue-organizations-hint",
        }
    }

    /// The name of the field of its code, by which refusals name it.
    const fn code(self) -> &'static str {
        match self {
            Self::Cooperatives => "coop",
            Self::Funds => "fund",
            Self::Organizations => "organization",
        }
    }

    const fn adding(self) -> Operation {
        match self {
            Self::Cooperatives => Operation::AddCooperative,
            Self::Funds => Operation::AddFund,
            Self::Organizations => Operation::AddOrganization,
        }
    }

    const fn correcting(self) -> Operation {
        match self {
            Self::Cooperatives => Operation::CorrectCooperative,
            Self::Funds => Operation::CorrectFund,
            Self::Organizations => Operation::CorrectOrganization,
        }
    }

    fn record(self, code: String, name: String) -> Named {
        let address = format!("/catalogue/names/{}/{}", self.as_str(), segment(&code));
        Named {
            code,
            name,
            address,
        }
    }

    fn list(self, ledger: &Ledger, call: &Call) -> ledger::Result<Vec<Named>> {
        let all = &PageRequest {
            cursor: None,
            limit: Some(PAGE_MAX),
        };
        let pairs: Vec<(String, String)> = match self {
            Self::Cooperatives => {
                let found = ledger.list_cooperatives(call, all)?.items.into_iter();
                found.map(|one| (one.coop.to_string(), one.name)).collect()
            }
            Self::Funds => {
                let found = ledger.list_funds(call, all)?.items.into_iter();
                found.map(|one| (one.fund.to_string(), one.name)).collect()
            }
            Self::Organizations => {
                let found = ledger.list_organizations(call, all)?.items.into_iter();
                found
                    .map(|one| (one.organization.to_string(), one.name))
                    .collect()
            }
        };
        let records = pairs.into_iter();
        Ok(records
            .map(|(code, name)| self.record(code, name))
            .collect())
    }

    fn find(self, ledger: &Ledger, call: &Call, code: &str) -> ledger::Result<Named> {
        ledger.require(call, self.correcting())?;
        let mut all = self.list(ledger, call)?.into_iter();
        all.find(|one| one.code == code).ok_or_else(|| {
            LedgerError::not_found(
                "not_found",
                "このコードは登録されていません。一覧から選んでください",
            )
        })
    }

    fn add(self, ledger: &Ledger, call: &Call, typed: &TypedName) -> ledger::Result<()> {
        match self {
            Self::Cooperatives => ledger.add_cooperative(call, typed).map(drop),
            Self::Funds => ledger.add_fund(call, typed).map(drop),
            Self::Organizations => ledger.add_organization(call, typed).map(drop),
        }
    }

    fn rename(self, ledger: &Ledger, call: &Call, code: &str, name: &str) -> ledger::Result<()> {
        let unreadable = |error: domain::CodeError| {
            LedgerError::field("code_unreadable", self.code(), error.to_string())
        };
        match self {
            Self::Cooperatives => {
                let code = code.parse().map_err(unreadable)?;
                ledger.correct_cooperative(call, &code, name).map(drop)
            }
            Self::Funds => {
                let code = code.parse().map_err(unreadable)?;
                ledger.correct_fund(call, &code, name).map(drop)
            }
            Self::Organizations => {
                let code = code.parse().map_err(unreadable)?;
                ledger.correct_organization(call, &code, name).map(drop)
            }
        }
    }
}

#[get("/catalogue/names/{table}")]
pub(super) async fn list_names(page: Page, table: Path<String>) -> Result<HttpResponse, Problem> {
    let table = Table::named(&table)?;
    show_names(&page, &Fields::default(), table).await
}

#[post("/catalogue/names/{table}")]
pub(super) async fn add_name(form: Form, table: Path<String>) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let table = Table::named(&table)?;
    let typed = TypedName {
        code: fields.get(table.code()).to_owned(),
        name: fields.get("name").to_owned(),
    };
    let added = async {
        page.run(move |ledger| table.add(ledger, &call, &typed))
            .await?;
        let to = format!("/catalogue/names/{}", table.as_str());
        Ok(page.done(&to, "catalogue-done-added", None))
    };
    fields
        .answer(added, async |fields| {
            show_names(&page, &fields, table).await
        })
        .await
}

#[get("/catalogue/names/{table}/{code}")]
pub(super) async fn edit_name(
    page: Page,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (table, code) = path.into_inner();
    let table = Table::named(&table)?;
    let one = found(&page, table, code).await?;
    let fields = Fields::of([("name", one.name.as_str())]);
    show_name(&page, &fields, table, one)
}

#[post("/catalogue/names/{table}/{code}")]
pub(super) async fn correct_name(
    form: Form,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let Form { page, call, fields } = form;
    let (table, code) = path.into_inner();
    let table = Table::named(&table)?;
    let (named, name) = (code.clone(), fields.get("name").to_owned());
    let renamed = async {
        page.run(move |ledger| table.rename(ledger, &call, &named, &name))
            .await?;
        let to = format!("/catalogue/names/{}", table.as_str());
        Ok(page.done(&to, "catalogue-done-corrected", None))
    };
    let again = async |fields| {
        let one = found(&page, table, code.clone()).await?;
        show_name(&page, &fields, table, one)
    };
    fields.answer(renamed, again).await
}

async fn found(page: &Page, table: Table, code: String) -> Result<Named, Problem> {
    let call = page.call();
    page.run(move |ledger| table.find(ledger, &call, &code))
        .await
}

fn show_name(
    page: &Page,
    fields: &Fields,
    table: Table,
    one: Named,
) -> Result<HttpResponse, Problem> {
    page.show_form(
        fields,
        &Name {
            page,
            fields,
            table,
            one,
        },
    )
}

async fn show_names(page: &Page, fields: &Fields, table: Table) -> Result<HttpResponse, Problem> {
    let call = page.call();
    let names = page.run(move |ledger| table.list(ledger, &call)).await?;
    page.show_form(
        fields,
        &Names {
            page,
            fields,
            table,
            names,
        },
    )
}
