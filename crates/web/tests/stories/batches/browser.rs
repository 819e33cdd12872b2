//! The same in a real Chromium.

use sha2::{Digest, Sha256};
use testkit::browser::Browser;
use testkit::on_both;

use super::{AUGUST, Office};

on_both!(
    closing_going_back_and_pressing_again_closes_nothing_twice,
    a_file_at_hand_is_chosen_and_compared,
);

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

fn a_file_at_hand_is_chosen_and_compared(office: Office) {
    let (aoki, baba) = (office.finance("aoki"), office.finance("baba"));
    super::close(&aoki);
    let batch = format!("{AUGUST}/1");
    baba.submit(&format!("{batch}/approve"), &[]);
    aoki.submit(&format!("{batch}/export"), &[("profile", "standard")]);
    let file = aoki.get(&format!("{batch}/file?profile=standard")).body;
    let Some(chiba) = Browser::signed_in(&office, "chiba", "finance") else {
        return;
    };
    chiba.go(&batch);
    assert!(!chiba.exists("#at-hand ~ .notice"), "nothing was compared");
    let is_shown = "return document.querySelector('#file-at-hand').checkVisibility()";
    assert_eq!(chiba.script(is_shown, &[]), true);

    chiba.upload_bytes("#file-at-hand", "請求.csv", &file);
    chiba.wait_for("#at-hand ~ .notice.done");
    let own: String = Sha256::digest(&file)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(chiba.value("#sha256"), own);

    let mut changed = file.clone();
    let last = changed.len() / 2;
    changed[last] ^= 1;
    chiba.upload_bytes("#file-at-hand", "請求.csv", &changed);
    chiba.wait_for("#at-hand ~ .notice.wrong");
    assert_ne!(chiba.value("#sha256"), own);
    assert_eq!(chiba.complaints(), Vec::<String>::new());

    let Some(plain) = Browser::without_script(&office) else {
        return;
    };
    plain.be(&office, "chiba", testkit::visitors::Is::staff("finance"));
    plain.go(&batch);
    assert_eq!(plain.script(is_shown, &[]), false);
    plain.fill("#sha256", &own);
    plain.click("#at-hand button");
    plain.wait_for("#at-hand ~ .notice.done");
}
