//! The lines of a file that cannot be read, to take along.

use actix_web::http::header;
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpResponse, get};
use front::Problem;

use super::job;
use crate::page::Page;

/// Routes it.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(bad_lines);
}

/// The lines as CSV for people: UTF-8 with BOM, as spreadsheets read it.
#[get("/imports/{id}/errors.csv")]
async fn bad_lines(page: Page, id: Path<String>) -> Result<HttpResponse, Problem> {
    let followed = job::follow(&page, id.into_inner()).await?;
    let mut text = String::from('\u{feff}');
    let heads = [
        "imports-bad-line",
        "imports-bad-column",
        "imports-bad-reason",
    ];
    let heads = heads.map(|key| quoted(&page.t(key)));
    text += &format!("{}\r\n", heads.join(","));
    let problems = followed.job.refusal.map(|refusal| refusal.problems);
    for problem in problems.unwrap_or_default() {
        let line = problem.line.map(|line| line.to_string());
        text += &format!(
            "{},{},{}\r\n",
            line.unwrap_or_default(),
            quoted(&problem.column.unwrap_or_default()),
            quoted(&problem.reason)
        );
    }
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"import-errors.csv\"",
        ))
        .body(text))
}

/// A field as CSV has it. One that a spreadsheet would take for a formula begins with an apostrophe.
fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", field.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_quoted_and_is_never_a_formula() {
        assert_eq!(quoted("口数: \"二\""), "\"口数: \"\"二\"\"\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
    }
}
