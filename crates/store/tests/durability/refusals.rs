//! Databases that this program must not write to.

use diesel::connection::SimpleConnection;
use store::{OpenMode, Store, StoreError, on_backend};
use testkit::{TestDatabase, on_both};

on_both!(a_database_that_a_newer_program_has_changed_is_refused);

fn a_database_that_a_newer_program_has_changed_is_refused(database: TestDatabase) {
    let store = Store::open(database.url(), OpenMode::Migrate).unwrap();
    store
        .write(|c| {
            on_backend!(c, c => c.batch_execute(
                "INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000000')"
            ))
            .map_err(StoreError::from)
        })
        .unwrap();
    drop(store);

    for mode in [OpenMode::Migrate, OpenMode::MustExist] {
        let Err(StoreError::Newer(version)) = Store::open(database.url(), mode) else {
            panic!("a newer database was opened");
        };
        assert_eq!(version, "20991231000000");
    }
}
