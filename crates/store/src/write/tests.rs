use std::sync::mpsc;
use std::thread;

use super::*;
use crate::sqlite_file::{Role, SqliteFile};

#[test]
fn who_waits_too_long_is_told_that_others_write_and_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = SqliteFile::new(&folder.path().join("a.db").to_string_lossy());
    let mut connection = file.connect(Role::Writer).unwrap();
    connection
        .batch_execute("CREATE TABLE events (name TEXT)")
        .unwrap();
    let mut writer = SqliteWriter::new(DbConnection::Sqlite(connection));
    writer.patience = Duration::from_millis(20);
    let (holds, holding) = mpsc::channel();
    let (let_go, letting_go) = mpsc::channel();

    let outcome = thread::scope(|scope| {
        let writer = &writer;
        let long = scope.spawn(move || {
            writer.write(|c| {
                insert(c, "long")?;
                holds.send(()).unwrap();
                letting_go.recv().unwrap();
                Ok::<_, StoreError>(())
            })
        });
        holding.recv().unwrap();
        let refused = writer.write(|c| insert(c, "impatient"));
        let_go.send(()).unwrap();
        (long.join().unwrap(), refused)
    });

    assert!(
        matches!(outcome, (Ok(()), Err(StoreError::Busy))),
        "{outcome:?}"
    );
    writer.write(|c| insert(c, "next")).unwrap();
    let written = writer.write(|c| {
        let DbConnection::Sqlite(c) = c else {
            return Err(StoreError::NotFound);
        };
        let count = "SELECT count(*) AS rows FROM events";
        Ok(diesel::RunQueryDsl::get_result::<Count>(diesel::sql_query(count), c)?.rows)
    });
    assert_eq!(written.unwrap(), 2);
}

#[test]
fn who_need_not_write_now_does_not_wait_for_those_who_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = SqliteFile::new(&folder.path().join("a.db").to_string_lossy());
    let mut connection = file.connect(Role::Writer).unwrap();
    connection
        .batch_execute("CREATE TABLE events (name TEXT)")
        .unwrap();
    let writer = SqliteWriter::new(DbConnection::Sqlite(connection));
    let note = |c: &mut DbConnection| insert(c, "note");

    assert_eq!(writer.write_if_free(note).unwrap(), Some(()));
    let meanwhile = writer.write(|c| {
        insert(c, "long")?;
        writer.write_if_free(note)
    });
    assert_eq!(meanwhile.unwrap(), None, "another of this process writes");

    let mut other = file.connect(Role::Writer).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let meanwhile = writer.write_if_free(note);
    assert_eq!(meanwhile.unwrap(), None, "another process writes");
    other.batch_execute("ROLLBACK").unwrap();
    assert_eq!(writer.write_if_free(note).unwrap(), Some(()));
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    rows: i64,
}

fn insert(connection: &mut DbConnection, name: &str) -> Result<(), StoreError> {
    let DbConnection::Sqlite(connection) = connection else {
        return Err(StoreError::NotFound);
    };
    let sql = format!("INSERT INTO events VALUES ('{name}')");
    Ok(connection.batch_execute(&sql)?)
}
