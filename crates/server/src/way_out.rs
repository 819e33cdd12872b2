//! Which command lifts a refusal. The use cases name the way out in words that hold at every front door;
//! who works at the command line is told the command, too.

/// The command after a refusal with this code; none where the words say it all.
pub fn command_after(code: &str) -> Option<&'static str> {
    Some(match code {
        "holds_in_the_way" | "member_has_holds" => {
            "コマンド: hitokuchi review list、翌月に回すなら hitokuchi review resolve 番号 --as next-month --reason 理由"
        }
        "unknown_member"
        | "unknown_order_number"
        | "free_text_unclear"
        | "units_unknown"
        | "member_moved" => {
            "コマンド: hitokuchi review correct 番号 --reason 理由 に、--member、--order-number、--units、--amount のうち訂正するもの。書き間違いなら hitokuchi review resolve 番号 --as mistake --reason 理由"
        }
        "outside_window" | "not_in_cycle" => "コマンド: 企画回は --cycle 企画回 で指定します",
        "month_out_of_order" | "month_ahead" => "コマンド: 理由は --reason 理由 で付けます",
        "month_open" => "コマンド: hitokuchi batch close --coop 単協 --month 月",
        "batch_empty" => "コマンド: hitokuchi batch preview --coop 単協 --month 月",
        "batch_not_exported" => {
            "コマンド: hitokuchi batch export --coop 単協 --month 月 --out ファイル名"
        }
        "tried_again" => "コマンド: hitokuchi batch void",
        "march_closes_with_year" | "period_out_of_order" => {
            "コマンド: hitokuchi period close --year 年度"
        }
        "two_pledges" => "コマンド: hitokuchi pledge end",
        "already_charged" | "changed_since" => {
            "コマンド: hitokuchi pledge change、hitokuchi pledge end"
        }
        "nothing_to_undo" => "コマンド: hitokuchi application void 番号 --reason 理由",
        "nothing_held" => "コマンド: hitokuchi review list",
        "account_not_found" => "コマンド: hitokuchi journal accounts",
        "entry_not_reversible" => "コマンド: 集金結果の取り消しは hitokuchi settlement reverse",
        "heads_unreadable" => {
            "コマンド: 控えは hitokuchi batch export --control-sheet か hitokuchi verify --json で出します"
        }
        "result_known" => "コマンド: hitokuchi results dismiss",
        "held_result_not_found" => "コマンド: hitokuchi results list",
        "charge_unknown" | "charge_ambiguous" => {
            "コマンド: 請求キーは --charge-key 請求キー で指定します"
        }
        "member_not_found" => "コマンド: hitokuchi import members ファイル名",
        "cooperative_not_found" => "コマンド: hitokuchi import cooperatives ファイル名",
        "fund_not_found" => "コマンド: hitokuchi import funds ファイル名",
        _ => return None,
    })
}
