//! The same in a real Chromium.

use sha2::{Digest, Sha256};
use testkit::browser::Browser;
use testkit::on_both;

use super::{AUGUST, Office};

on_both!(closing_going_back_and_pressing_again_closes_nothing_twice,);

fn closing_going_back_and_pressing_again_closes_nothing_twice(office: Office) {
    let Some(aoki) = Browser::signed_in(&office, "aoki", "finance") else {
        return;
    };
    aoki.go("/batches");
    aoki.go(AUGUST);
    aoki.click("a.button.main");
    aoki.wait_for_path(&format!("{AUGUST}/close"));
    aoki.click("main form button.main");
    aoki.wait_for_path(&format!("{AUGUST}/1"));
    aoki.back();
    aoki.wait_for_path(&format!("{AUGUST}/close"));
    if aoki.exists("main form button.main") {
        aoki.click("main form button.main");
        aoki.wait_for_path(&format!("{AUGUST}/1"));
    }
    aoki.go(AUGUST);
    assert_eq!(aoki.count("table.of-month tbody th a"), 1, "one batch");

    let Some(baba) = Browser::signed_in(&office, "baba", "finance") else {
        return;
    };
    baba.go("/");
    baba.click("a[href='/batches/01/2025-08/1']");
    baba.wait_for_path(&format!("{AUGUST}/1"));
    baba.click("main form button.main");
    baba.wait_for("select[name=profile]");
    baba.click("main form[action$='/export'] button");
    baba.wait_for(".sha256");
    let shown = baba.text(".sha256");
    baba.click("a[download]");
    let (name, bytes) = baba.downloaded();
    assert_eq!(name, "01-2025-08-1.csv");
    let digest = Sha256::digest(&bytes);
    let own: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(shown, own);
    assert_eq!(baba.texts("table.batches-compare .state"), ["一致", "一致"]);
    assert_eq!(baba.complaints(), Vec::<String>::new());
}
