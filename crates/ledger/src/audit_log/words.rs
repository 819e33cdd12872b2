//! What was done, in Japanese.

/// The use cases that leave an event, by name, in alphabetical order.
const ACTIONS: &[(&str, &str)] = &[
    ("accept_link", "リンクからパスワードを決めた"),
    ("add_campaign", "募集を登録した"),
    ("add_cooperative", "単協を登録した"),
    ("add_cycles", "企画回を登録した"),
    ("add_fund", "基金を登録した"),
    ("add_offering", "注文番号を登録した"),
    ("add_organization", "団体を登録した"),
    ("apply_retention", "保存期間の過ぎた情報を消した"),
    ("approve_batch", "請求データの出力を承認した"),
    ("approve_pending_action", "承認待ちを承認した"),
    ("back_up", "データベースを写した"),
    ("begin_keying", "組合員の状態を見ながら入力束の入力を始めた"),
    ("change_password", "パスワードを変えた"),
    ("change_pledge", "サポーター登録の口数を変えた"),
    ("change_roles", "利用者の役割を変えた"),
    ("close_batch", "請求データを締めた"),
    ("close_fiscal_year", "会計年度を締めた"),
    ("close_period", "会計の月を締めた"),
    ("compare_keyings", "2回の入力を突き合わせた"),
    ("confirm_second_factor", "確認コードを入れた"),
    ("confirm_totp", "2段階認証を登録した"),
    ("copy_offerings", "前の企画回の注文番号を引き継いだ"),
    ("correct_campaign", "募集を直した"),
    ("correct_cooperative", "単協の名前を直した"),
    ("correct_cycle", "企画回を直した"),
    ("correct_fund", "基金の名前を直した"),
    ("correct_hold", "要確認の申込を訂正した"),
    ("correct_offering", "注文番号の内容を直した"),
    ("correct_organization", "団体の名前を直した"),
    ("create_token", "トークンを作った"),
    ("decide_held_result", "保留の集金結果を決めた"),
    ("disable_person", "利用者を止めた"),
    ("discard_sheet", "入力束を捨てた"),
    ("dismiss_held_result", "保留の集金結果を退けた"),
    ("download_report", "帳票を書き出した"),
    ("enable_person", "利用者を戻した"),
    ("end_pledge", "サポーター登録を終えた"),
    ("end_session", "サインインを終わらせた"),
    ("erase_member", "組合員の個人情報を消去した"),
    ("explain_amount", "「なぜこの金額？」を見た"),
    ("export_audit_log", "監査記録を書き出した"),
    ("export_batch", "請求データを出力した"),
    ("export_journal", "仕訳帳を書き出した"),
    ("find_member", "組合員を見た"),
    ("get_control_sheet", "控えを出した"),
    ("get_pledge", "サポーター登録の履歴を見た"),
    ("import_applications", "申込のファイルを取り込んだ"),
    ("import_campaigns", "募集のファイルを取り込んだ"),
    ("import_catalogue", "基準データのファイルを取り込んだ"),
    ("import_cooperatives", "単協のファイルを取り込んだ"),
    ("import_cycles", "企画回のファイルを取り込んだ"),
    ("import_funds", "基金のファイルを取り込んだ"),
    ("import_member_changes", "異動のファイルを取り込んだ"),
    ("import_members", "組合員のファイルを取り込んだ"),
    ("import_offerings", "注文番号のファイルを取り込んだ"),
    ("import_organizations", "団体のファイルを取り込んだ"),
    ("import_pledges", "サポーター登録のファイルを取り込んだ"),
    ("import_results", "集金結果のファイルを取り込んだ"),
    ("invite_first_admin", "最初の管理者のリンクを作った"),
    ("invite_person", "利用者を招待した"),
    ("key_second_time", "入力束の行を2回目に入力した"),
    ("link_refused", "使えないリンクを試した"),
    ("list_pledges", "組合員のサポーター登録を見た"),
    ("look_into_hold", "要確認の申込を見た"),
    ("open_sheet", "入力束を開いた"),
    ("password_refused", "パスワードを間違えた"),
    ("pause_pledge", "サポーター登録を休止した"),
    ("post_journal_entry", "仕訳を記帳した"),
    ("post_sheet", "入力束を申込にした"),
    ("print_member_data", "組合員について持っている情報を出した"),
    ("put_sheet_line", "入力束の行を入力した"),
    ("put_sheet_lines", "入力束に行をまとめて入力した"),
    ("record_application", "申込を受け付けた"),
    ("record_applications", "申込をまとめて受け付けた"),
    ("record_payout", "団体への送金を記録した"),
    ("record_remittance", "単協からの入金を記録した"),
    ("refund_charge", "寄付を返金した"),
    ("reject_pending_action", "承認待ちを却下した"),
    ("remove_second_line", "2回目の入力の行を除いた"),
    ("remove_sheet_line", "入力束の行を除いた"),
    ("renew_recovery_codes", "回復コードを作り直した"),
    ("reset_person", "利用者のサインインをやり直しにした"),
    ("resolve_hold", "要確認の申込を決めた"),
    ("resolve_holds", "要確認の申込をまとめて決めた"),
    ("reverse_journal_entry", "仕訳を取り消した"),
    ("reverse_settlement", "集金結果を取り消した"),
    ("revoke_token", "トークンを取り消した"),
    ("revoke_token_of_person", "ほかの人のトークンを取り消した"),
    ("search_applications", "組合員番号で申込を探した"),
    ("search_audit_events", "監査記録で組合員を調べた"),
    ("search_charges", "組合員番号で請求明細を探した"),
    ("second_factor_awaited", "確認コードを待った"),
    ("second_factor_refused", "確認コードを間違えた"),
    ("set_control_totals", "入力束の表紙の合計を変えた"),
    ("settle_differing_line", "2回の入力が違う行を決めた"),
    ("show_member", "組合員の記録を見た"),
    ("sign_in", "サインインした"),
    ("sign_in_refused", "サインインに失敗した"),
    ("sign_out", "サインアウトした"),
    ("start_import", "ファイルの取り込みを始めた"),
    ("start_totp", "2段階認証の登録を始めた"),
    ("submit_pending_action", "承認待ちにした"),
    ("switch_public_page", "募集の公開ページを切り替えた"),
    ("take_held_result", "保留の集金結果を取り込んだ"),
    ("undo_decision", "判断を取り消した"),
    ("verify_against_heads", "前の控えと比べて検証した"),
    ("verify_records", "記録の全部を検証した"),
    ("void_application", "申込を取り消した"),
    ("void_batch", "請求データを取り消した"),
    ("withdraw_pending_action", "承認待ちを取り下げた"),
];

/// What was done, in Japanese; the use case's own name where it has no words yet.
pub fn action_ja(action: &str) -> &str {
    ACTIONS
        .iter()
        .find(|(known, _)| *known == action)
        .map_or(action, |(_, words)| words)
}

/// The use cases that leave an event, by name, with what was done in Japanese.
pub fn actions() -> impl Iterator<Item = (&'static str, &'static str)> {
    ACTIONS.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Operation;
    use crate::rights::Reach;

    #[test]
    fn whatever_changes_something_has_words() {
        let wordless: Vec<&str> = Operation::all()
            .filter(|operation| operation.reach() == Reach::Write)
            .map(Operation::as_str)
            .filter(|name| action_ja(name) == *name)
            .collect();
        assert!(wordless.is_empty(), "{wordless:?}");
    }

    #[test]
    fn each_action_stands_once_and_in_its_place() {
        let names: Vec<&str> = ACTIONS.iter().map(|(name, _)| *name).collect();
        assert!(names.is_sorted_by(|one, next| one < next), "{names:?}");
    }
}
