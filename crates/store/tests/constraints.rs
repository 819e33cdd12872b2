//! What a rule forbids the schema forbids too: plain SQL, below every use case, is refused.
#![allow(clippy::unwrap_used)]

use diesel::connection::SimpleConnection;
use store::{ConstraintKind, DbConnection, OpenMode, Store, StoreError, on_backend};
use testkit::{TestDatabase, on_both};

on_both!(
    // R1
    windows_of_one_number_stay_apart_whoever_writes_them
);

/// 108413 from the 10th to the 14th, over the web to the 15th, and from the 24th to the 28th;
/// 133540 in the first of the two and in one from the 17th to the 21st.
const OFFERINGS: &str = "
    INSERT INTO funds (id, code, name) VALUES (1, 'inclufund', 'インクルファンド');
    INSERT INTO cycles (id, label, iso_week, opens_on, closes_on, web_closes_on, collection_month)
      VALUES (1, '2025年11月3回', '2025-W46', '2025-11-10', '2025-11-14', '2025-11-15', 202512),
             (2, '2025年11月4回', '2025-W47', '2025-11-17', '2025-11-21', NULL, 202512),
             (3, '2025年12月1回', '2025-W48', '2025-11-24', '2025-11-28', NULL, 202601);
    INSERT INTO offerings (id, cycle_id, order_number, kind, unit_price, fund_id, title)
      VALUES (1, 1, '108413', 'supporter', 300, 1, 'サポーター登録'),
             (2, 3, '108413', 'spot', 500, 1, 'スポット寄付'),
             (3, 1, '133540', 'spot', 500, 1, 'スポット寄付'),
             (4, 2, '133540', 'spot', 500, 1, 'スポット寄付');
";

const REFUSED: [&str; 9] = [
    // Another cycle of the same days.
    "INSERT INTO cycles (id, label, iso_week, opens_on, closes_on, collection_month)
       VALUES (4, 'もうひとつ', '2025-W46', '2025-11-12', '2025-11-12', 202512);
     INSERT INTO offerings (id, cycle_id, order_number, kind, unit_price, fund_id, title)
       VALUES (5, 4, '108413', 'spot', 500, 1, '同じ番号')",
    // One that only the web orders of the first reach.
    "INSERT INTO cycles (id, label, iso_week, opens_on, closes_on, collection_month)
       VALUES (4, 'もうひとつ', '2025-W46', '2025-11-15', '2025-11-16', 202512);
     INSERT INTO offerings (id, cycle_id, order_number, kind, unit_price, fund_id, title)
       VALUES (5, 4, '108413', 'spot', 500, 1, '同じ番号')",
    // One of its own number that is given the other's.
    "INSERT INTO cycles (id, label, iso_week, opens_on, closes_on, collection_month)
       VALUES (4, 'もうひとつ', '2025-W46', '2025-11-12', '2025-11-12', 202512);
     INSERT INTO offerings (id, cycle_id, order_number, kind, unit_price, fund_id, title)
       VALUES (5, 4, '500001', 'spot', 500, 1, '別の番号');
     UPDATE offerings SET order_number = '108413' WHERE id = 5",
    "UPDATE cycles SET opens_on = '2025-11-14' WHERE id = 2",
    "UPDATE cycles SET opens_on = '2025-11-15' WHERE id = 2",
    "UPDATE cycles SET closes_on = '2025-11-24' WHERE id = 1",
    "UPDATE cycles SET web_closes_on = '2025-11-24' WHERE id = 1",
    "UPDATE cycles SET opens_on = '2025-11-15' WHERE id = 3;
     UPDATE cycles SET opens_on = '2025-11-24' WHERE id = 3",
    "UPDATE cycles SET opens_on = '2025-11-01', closes_on = '2025-12-31' WHERE id = 3",
];

const TAKEN: [&str; 7] = [
    // The day before, the day after, another number on the same days.
    "UPDATE cycles SET opens_on = '2025-11-16' WHERE id = 2",
    "UPDATE cycles SET closes_on = '2025-11-23' WHERE id = 2",
    "UPDATE cycles SET web_closes_on = NULL, closes_on = '2025-11-16' WHERE id = 1",
    "UPDATE cycles SET web_closes_on = '2025-11-11' WHERE id = 1;
     UPDATE cycles SET opens_on = '2025-11-15' WHERE id = 2",
    "UPDATE cycles SET collection_month = 202601 WHERE id = 1",
    "INSERT INTO offerings (id, cycle_id, order_number, kind, unit_price, fund_id, title)
       VALUES (5, 2, '108413', 'spot', 500, 1, '同じ番号')",
    "UPDATE offerings SET order_number = '133540' WHERE id = 2",
];

fn windows_of_one_number_stay_apart_whoever_writes_them(database: TestDatabase) {
    let store = Store::open(database.url(), OpenMode::Migrate).unwrap();
    run(&store, OFFERINGS).unwrap();
    for sql in REFUSED {
        let refused = run(&store, sql);
        let Err(StoreError::Constraint { kind, name }) = refused else {
            panic!("{sql}: {refused:?}");
        };
        assert_eq!(kind, ConstraintKind::Check, "{sql}");
        assert_eq!(name, "windows_of_one_number_apart", "{sql}");
    }
    for sql in TAKEN {
        let undone = store.write(|connection| {
            execute(connection, sql)?;
            Err::<(), _>(StoreError::NotFound)
        });
        assert!(
            matches!(undone, Err(StoreError::NotFound)),
            "{sql}: {undone:?}"
        );
    }
}

/// Runs some statements in one transaction.
fn run(store: &Store, sql: &str) -> Result<(), StoreError> {
    store.write(|connection| execute(connection, sql))
}

fn execute(connection: &mut DbConnection, sql: &str) -> Result<(), StoreError> {
    on_backend!(connection, c => c.batch_execute(sql)).map_err(StoreError::from)
}
