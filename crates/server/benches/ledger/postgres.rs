//! PostgreSQL: the floor is `psql`, with `\copy` and `INSERT … SELECT`.
//!
//! The memory is that of our process, not of the server's.

use testkit::postgres::{Collation, Durability, PostgresServer};

use crate::measure::{self, Taken};
use crate::report::{Step, Turns};
use crate::sqlite::check_rows;
use crate::{COOP, Files, MONTH, TURNS, fill_reference_data, hitokuchi};

const TABLES: &str = "
    CREATE TABLE applications (coop text, member text, order_number text, units int,
      received_on date, channel text);
    CREATE TABLE offerings (order_number text PRIMARY KEY, kind int, unit_price bigint);
    INSERT INTO offerings VALUES ('164151', 1, 300), ('164160', 2, 500);
    CREATE TABLE charges (batch bigint, rank bigint, month int, coop text, member text,
      order_number text, kind int, units int, unit_price bigint, amount bigint);";

/// As for SQLite: the rows with their places, and nothing else.
const CLOSE: &str = "
    INSERT INTO charges
    SELECT 1, row_number() OVER (ORDER BY a.member, o.kind, a.order_number), 202508, a.coop,
      a.member, a.order_number, o.kind, a.units, o.unit_price, a.units * o.unit_price
    FROM applications a JOIN offerings o ON o.order_number = a.order_number";

const EXPORT: &str = "SELECT c.coop, c.member, c.order_number, c.kind, c.units, c.unit_price, \
    c.amount, c.month, c.batch || '-' || c.rank FROM charges c \
    JOIN offerings o ON o.order_number = c.order_number \
    ORDER BY c.member, o.kind, c.order_number";

/// Measures every step, ours and the floor in turn; `None` where PostgreSQL is not installed.
pub fn measure(files: &Files) -> Option<Vec<Step>> {
    let server = PostgresServer::start(Durability::Durable)?;
    let base = server.create_database("base", Collation::Bytes);
    let members = fill_reference_data(&base, files);
    let applications = files.applications.display().to_string();
    let mut turns = Turns::default();
    for turn in 0..TURNS {
        let (floor_name, ours_name) = (format!("floor_{turn}"), format!("ours_{turn}"));
        let floor = server.create_database(&floor_name, Collation::Bytes);
        let ours = server.copy_database("base", &ours_name);
        psql(&floor, TABLES);
        let load = format!("\\copy applications from '{applications}' with (format csv, header)");
        turns.floor_import.push(psql(&floor, &load));
        turns
            .import
            .push(hitokuchi(&ours, &["import", "applications", &applications]));
        turns.floor_close.push(psql(&floor, CLOSE));
        turns.close.push(hitokuchi(
            &ours,
            &["batch", "close", "--coop", COOP, "--month", MONTH],
        ));
        let file = files
            .folder
            .join(format!("floor-pg-{turn}.csv"))
            .display()
            .to_string();
        let unload = format!("\\copy ({EXPORT}) to '{file}' with (format csv, header)");
        turns.floor_export.push(psql(&floor, &unload));
        let out = files
            .folder
            .join(format!("ours-pg-{turn}.csv"))
            .display()
            .to_string();
        let words = [
            "batch", "export", "--coop", COOP, "--month", MONTH, "--out", &out,
        ];
        turns.export.push(hitokuchi(&ours, &words));
        check_rows(&out, files.lines);
        server.drop_database(&floor_name).expect("drop the floor");
        server.drop_database(&ours_name).expect("drop a copy");
    }
    Some(turns.steps(members))
}

fn psql(url: &str, command: &str) -> Taken {
    measure::run(
        "psql",
        &[
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            url,
            "-c",
            command,
        ],
        None,
    )
}
