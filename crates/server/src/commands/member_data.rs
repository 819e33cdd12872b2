//! What is held about a member, in words for the member.

use ledger::audit_log::AuditEventView;
use ledger::pledges::PledgeHistory;
use ledger::privacy::{KeyedLineHeld, MemberData, NumberHeld};
use ledger::trace::ChargeView;

use super::application::show_words;
use crate::words::{self, grouped};

const NONE: &str = "（ありません）";

/// All of it, to be printed or sent.
pub fn in_words(data: &MemberData) -> String {
    let mut words = format!(
        "組合員について持っている情報（{} 現在）\n",
        words::moment(data.printed_at)
    );
    section(&mut words, "1. 組合員", data.numbers.iter().map(number));
    section(
        &mut words,
        "2. サポーター登録",
        data.pledges.iter().map(pledge),
    );
    section(
        &mut words,
        "3. 申込",
        data.applications.iter().map(show_words),
    );
    section(
        &mut words,
        "4. 入力束の行",
        data.keyed_lines.iter().map(keyed_line),
    );
    section(
        &mut words,
        "5. 請求と集金の結果",
        data.charges.iter().map(charge),
    );
    let held = data.held_results.iter().map(|one| {
        format!(
            "{} の {}行目: {}（{}）",
            one.file,
            one.line,
            one.reason.label_ja(),
            one.decision_reason.as_deref().unwrap_or("理由なし")
        )
    });
    section(&mut words, "6. 人が判断した集金結果", held);
    let files = data.files.iter().map(|one| {
        format!(
            "{} 単協 {} の {} 分（{}）: 組合員番号と金額が入っています",
            words::moment(one.exported_at),
            one.coop,
            one.month,
            one.profile
        )
    });
    section(&mut words, "7. 単協に渡した請求データ", files);
    section(
        &mut words,
        "8. だれが見たか、何をしたか（監査記録）",
        data.events.iter().map(event),
    );
    section(
        &mut words,
        "9. このほかに写しがありうるところ",
        data.elsewhere.iter().cloned(),
    );
    words
}

fn section(words: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    words.push_str(&format!("\n{title}\n"));
    let mut is_empty = true;
    for line in lines {
        is_empty = false;
        words.push_str(&format!("  {}\n", line.replace('\n', "\n    ")));
    }
    if is_empty {
        words.push_str(&format!("  {NONE}\n"));
    }
}

fn number(one: &NumberHeld) -> String {
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "なし".to_owned());
    let mut line = format!(
        "{} {} 組合員番号 {}: 氏名 {} / カナ {} / 区分 {}",
        one.coop,
        one.coop_name,
        one.member_number,
        known(&one.name),
        known(&one.kana),
        known(&one.delivery)
    );
    if let Some(day) = one.left_on {
        line.push_str(&format!(" / 脱退日 {day}"));
    }
    if let Some(next) = &one.moved_to {
        line.push_str(&format!(" / 異動先 {}-{}", next.coop, next.member_number));
    }
    if let Some(at) = one.erased_at {
        line.push_str(&format!(" / 個人情報は {} に消去済み", words::moment(at)));
    }
    line
}

fn pledge(history: &PledgeHistory) -> String {
    let pledge = &history.pledge;
    let mut words = format!(
        "登録 {}: {}-{} {}",
        pledge.pledge_id, pledge.name.coop, pledge.name.member_number, pledge.name.fund
    );
    for revision in &history.revisions {
        let terms: Vec<String> = revision
            .terms
            .iter()
            .map(|term| {
                format!(
                    "{} から {}口 月{}円",
                    term.from_month,
                    term.units,
                    grouped(term.amount)
                )
            })
            .collect();
        words.push_str(&format!("\n{}: {}", revision.cause_ja(), terms.join("、")));
        if let Some(at) = revision.recorded_at {
            words.push_str(&format!("（{}", words::moment(at)));
            let actor = revision.actor.as_deref();
            words.push_str(&actor.map_or_else(String::new, |actor| format!(" {actor}")));
            words.push('）');
        }
        if let Some(reason) = &revision.reason {
            words.push_str(&format!("「{reason}」"));
        }
    }
    words
}

fn keyed_line(line: &KeyedLineHeld) -> String {
    format!(
        "入力束 {} の {}行目（{}回目の入力、{} {}）: 注文番号 {} 備考 {}",
        line.sheet_id,
        line.line_no,
        line.keying,
        words::moment(line.keyed_at),
        line.keyed_by,
        line.order_number.as_deref().unwrap_or("なし"),
        line.note.as_deref().unwrap_or("なし")
    )
}

fn charge(charge: &ChargeView) -> String {
    let result = match &charge.result {
        Some(result) => result.label.clone(),
        None if charge.is_voided => "取消済み".to_owned(),
        None => "結果待ち".to_owned(),
    };
    let mut words = format!(
        "{} {}-{} {} {}円: {result}",
        charge.month,
        charge.coop,
        charge.member_number,
        charge.kind.label_ja(),
        grouped(charge.amount.get())
    );
    for correction in &charge.corrections {
        words.push_str(&format!(
            "\n{} {}円「{}」（{}）",
            correction.corrected_on,
            grouped(correction.amount.get()),
            correction.reason,
            correction.corrected_by
        ));
    }
    words
}

fn event(event: &AuditEventView) -> String {
    format!(
        "{} {} {}（{}）",
        words::moment(event.recorded_at),
        event.actor,
        event.action_ja,
        event.subject
    )
}
