//! What was done, in Japanese.

/// The use cases that leave an event, by name, in alphabetical order.
const ACTIONS: &[(&str, &str)] = &[
    ("back_up", "データベースを写した"),
    ("change_pledge", "サポーター登録の口数を変えた"),
    ("close_batch", "請求データを締めた"),
    ("close_fiscal_year", "会計年度を締めた"),
    ("close_period", "会計の月を締めた"),
    ("compare_keyings", "2回の入力を突き合わせた"),
    ("correct_hold", "要確認の申込を訂正した"),
    ("decide_held_result", "保留の集金結果を決めた"),
    ("discard_sheet", "入力束を捨てた"),
    ("end_pledge", "サポーター登録を終えた"),
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
    ("import_cooperatives", "単協のファイルを取り込んだ"),
    ("import_cycles", "企画回のファイルを取り込んだ"),
    ("import_funds", "基金のファイルを取り込んだ"),
    ("import_member_changes", "異動のファイルを取り込んだ"),
    ("import_members", "組合員のファイルを取り込んだ"),
    ("import_offerings", "注文番号のファイルを取り込んだ"),
    ("import_organizations", "団体のファイルを取り込んだ"),
    ("import_pledges", "サポーター登録のファイルを取り込んだ"),
    ("import_results", "集金結果のファイルを取り込んだ"),
    ("key_second_time", "入力束の行を2回目に入力した"),
    ("list_pledges", "組合員のサポーター登録を見た"),
    ("open_sheet", "入力束を開いた"),
    ("pause_pledge", "サポーター登録を休止した"),
    ("post_journal_entry", "仕訳を記帳した"),
    ("post_sheet", "入力束を申込にした"),
    ("print_member_data", "組合員について持っている情報を出した"),
    ("put_sheet_line", "入力束の行を入力した"),
    ("record_application", "申込を受け付けた"),
    ("record_payout", "団体への送金を記録した"),
    ("record_remittance", "単協からの入金を記録した"),
    ("refund_charge", "寄付を返金した"),
    ("remove_sheet_line", "入力束の行を除いた"),
    ("resolve_hold", "要確認の申込を決めた"),
    ("reverse_journal_entry", "仕訳を取り消した"),
    ("reverse_settlement", "集金結果を取り消した"),
    ("search_applications", "組合員番号で申込を探した"),
    ("search_charges", "組合員番号で請求明細を探した"),
    ("set_control_totals", "入力束の表紙の合計を変えた"),
    ("undo_decision", "判断を取り消した"),
    ("void_application", "申込を取り消した"),
    ("void_batch", "請求データを取り消した"),
];

/// What was done, in Japanese; the use case's own name where it has no words yet.
pub fn action_ja(action: &str) -> &str {
    ACTIONS
        .iter()
        .find(|(known, _)| *known == action)
        .map_or(action, |(_, words)| words)
}
