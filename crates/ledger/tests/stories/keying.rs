//! What the clerk is told while a line is keyed, and how lines are kept from being lost.

use ledger::intake::sheets::{
    KeyedLineLook, LineBeingKeyed, LineSeen, OpenSheet, PostSheet, PutSheetLine, PutSheetLines,
    SettleDifferingLine, Settled, SheetFilter, SheetLineView, SheetState, SheetTotals, SheetView,
};
use ledger::{Call, IdempotencyKey, LedgerError, PageRequest};
use testkit::{World, on_both};

use crate::office::Office;

on_both!(
    r4_the_line_that_would_double_charge_says_so_before_it_is_left,
    r1_an_order_number_tells_its_title_price_and_window_or_explains_its_miss,
    r3_who_left_and_who_is_unknown_is_told_at_once,
    r5_what_was_applied_for_in_this_cycle_stands_beside_the_number,
    what_is_typed_in_part_is_looked_at_as_far_as_it_goes,
    whatever_a_line_is_told_holds_it_when_it_is_posted,
    r7_the_second_keyer_is_told_nothing_of_the_first_keying,
    r17_sitting_down_to_a_sheet_is_in_the_audit_log_but_not_each_keystroke,
    five_hundred_pasted_lines_are_taken_at_once_or_every_bad_one_is_named,
    pasted_lines_sent_twice_are_there_once,
    two_clerks_on_one_sheet_do_not_overwrite_one_another,
    r7_a_differing_line_is_settled_with_the_paper_in_hand,
    posting_tells_beforehand_what_it_would_hold,
    r7_only_finance_answers_for_a_sheet_that_disagrees,
    one_finds_the_sheets_that_one_has_not_finished,
);

fn by(name: &str) -> Call {
    Call::of_operator(name)
}

fn sheet(office: &World, received_on: &str) -> SheetView {
    office
        .ledger
        .open_sheet(
            &by("aoki"),
            OpenSheet {
                coop: "01".parse().expect("a code"),
                channel: None,
                received_on: received_on.parse().ok(),
                control: SheetTotals::default(),
            },
        )
        .expect("a sheet")
}

fn typed(member: &str, order: &str, units: &str) -> LineBeingKeyed {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    LineBeingKeyed {
        member_number: some(member),
        order_number: some(order),
        units: some(units),
        ..LineBeingKeyed::default()
    }
}

fn look(office: &World, sheet: &SheetView, line: &LineBeingKeyed) -> KeyedLineLook {
    office
        .ledger
        .look_at_keyed_line(&by("aoki"), sheet.id, line)
        .expect("a look")
}

fn reasons(look: &KeyedLineLook) -> Vec<&'static str> {
    look.reasons.iter().map(|one| one.reason.as_str()).collect()
}

fn line(member: &str, order: &str, units: i64) -> PutSheetLine {
    PutSheetLine {
        member_number: member.to_owned(),
        order_number: Some(order.to_owned()),
        units: Some(units),
        ..PutSheetLine::default()
    }
}

fn put(office: &World, sheet: &SheetView, line: PutSheetLine) -> SheetLineView {
    let keyed = office.ledger.put_sheet_line(&by("aoki"), sheet.id, line);
    keyed.expect("a line").line
}

fn seen(line: &SheetLineView) -> LineSeen {
    LineSeen {
        member_number: line.member_number.clone(),
        order_number: line.order_number.clone(),
        units: line.units,
        amount: line.amount,
        note: line.note.clone(),
    }
}

fn r4_the_line_that_would_double_charge_says_so_before_it_is_left(office: Office) {
    office.pledges("01,0000101,inclufund,3,300,2025-08,164151\n");
    let sheet = sheet(&office, "2025-11-12");

    let told = look(&office, &sheet, &typed("0000101", "108413", ""));

    assert_eq!(reasons(&told), ["already_supporter"]);
    let member = told.member.expect("the member");
    let [pledge] = member.pledges.as_slice() else {
        panic!("one pledge: {member:?}");
    };
    assert!(pledge.is_same_fund);
    assert_eq!(pledge.pledge.units, 3);
    assert_eq!(pledge.pledge.from_month.to_string(), "2025-08");
    assert_eq!(told.units, None, "no units are keyed yet");

    // A gift of one time is another matter.
    let gift = look(&office, &sheet, &typed("0000101", "133540", "2"));
    assert_eq!(reasons(&gift), Vec::<&str>::new());
    let member = gift.member.expect("the member");
    assert!(!member.pledges[0].is_same_fund);
}

fn r1_an_order_number_tells_its_title_price_and_window_or_explains_its_miss(office: Office) {
    office.members(&["0000101"]);
    let sheet = sheet(&office, "2025-11-12");

    let told = look(&office, &sheet, &typed("", "１０８４１３", "３"));
    let order = told.order.expect("an answer");
    assert!(order.found);
    let offering = order.offering.expect("what it means");
    assert_eq!(offering.unit_price.get(), 300);
    assert_eq!(offering.cycle, "2025年11月3回");
    assert_eq!((told.units, told.amount), (Some(3), Some(900)));
    assert_eq!(
        told.collection_month
            .map(|month| month.to_string())
            .as_deref(),
        Some("2025-12")
    );
    assert!(told.reasons.is_empty(), "nobody is named yet");

    let told = look(&office, &sheet, &typed("0000101", "164151", "1"));
    assert_eq!(reasons(&told), ["outside_window"]);
    let order = told.order.expect("an answer");
    assert!(!order.found);
    assert!(order.message.contains("2025年7月4回"), "{}", order.message);
    assert!(order.message.contains("108413"), "{}", order.message);
    assert_eq!(told.reasons[0].message, order.message);

    let told = look(&office, &sheet, &typed("0000101", "999999", "1"));
    assert_eq!(reasons(&told), ["unknown_order_number"]);
}

fn r3_who_left_and_who_is_unknown_is_told_at_once(office: Office) {
    office.members(&["0000101"]);
    office.leaves("0000101", "2025-06-30");
    let sheet = sheet(&office, "2025-07-16");

    let told = look(&office, &sheet, &typed("0000101", "", ""));
    assert_eq!(reasons(&told), ["withdrawn_member"]);
    let member = told.member.expect("the member");
    assert_eq!(
        member.left_on.map(|day| day.to_string()).as_deref(),
        Some("2025-06-30")
    );

    let told = look(&office, &sheet, &typed("0000999", "", ""));
    assert_eq!(reasons(&told), ["unknown_member"]);
    assert_eq!(told.member, None);
}

fn r5_what_was_applied_for_in_this_cycle_stands_beside_the_number(office: Office) {
    office.members(&["0000101"]);
    office.applies("01,0000101,164160,2,2025-07-15,web\n");
    let sheet = sheet(&office, "2025-07-16");

    let told = look(&office, &sheet, &typed("0000101", "164160", "1"));
    assert_eq!(reasons(&told), ["duplicate_application"]);
    let member = told.member.expect("the member");
    let [applied] = member.applied.as_slice() else {
        panic!("one application: {member:?}");
    };
    assert!(applied.is_same);
    assert_eq!((applied.units, applied.channel.as_str()), (Some(2), "web"));
    assert_eq!(applied.received_on.to_string(), "2025-07-15");

    // Before the number is there, and for another one, it is told all the same.
    for order in ["", "164151"] {
        let told = look(&office, &sheet, &typed("0000101", order, ""));
        assert!(reasons(&told).is_empty());
        let applied = told.member.expect("the member").applied;
        assert_eq!((applied.len(), applied[0].is_same), (1, false));
    }

    // So is another line of the same sheet.
    let first = put(&office, &sheet, line("0000101", "164151", 1));
    assert_eq!(first.comes_to, Some(300));
    let told = look(&office, &sheet, &typed("0000101", "164151", "1"));
    assert_eq!((told.on_sheet.len(), told.on_sheet[0].is_same), (1, true));
    let itself = LineBeingKeyed {
        line_no: Some(first.line_no),
        ..typed("0000101", "164151", "1")
    };
    assert_eq!(look(&office, &sheet, &itself).on_sheet, []);
}

fn what_is_typed_in_part_is_looked_at_as_far_as_it_goes(office: Office) {
    office.members(&["0000101"]);
    let sheet = sheet(&office, "2025-07-16");

    let nothing = look(&office, &sheet, &typed("", "", ""));
    assert_eq!((nothing.member, nothing.order), (None, None));
    assert!(nothing.reasons.is_empty() && nothing.problems.is_empty());

    let told = look(&office, &sheet, &typed("0000101", "1641", "0"));
    let columns: Vec<_> = told
        .problems
        .iter()
        .map(|one| one.column.as_deref())
        .collect();
    assert_eq!(columns, [Some("order_number"), Some("units")]);
    assert!(told.member.is_some());

    let told = look(&office, &sheet, &typed("0000101", "164151", "33"));
    assert_eq!(reasons(&told), ["implausible_units"]);

    let amount = LineBeingKeyed {
        amount: Some("1,000".to_owned()),
        ..typed("0000101", "164160", "")
    };
    let told = look(&office, &sheet, &amount);
    assert_eq!((told.units, told.amount), (Some(2), Some(1_000)));
}

fn whatever_a_line_is_told_holds_it_when_it_is_posted(office: Office) {
    office.pledges("01,0000101,inclufund,3,300,2025-08,164151\n");
    office.members(&["0000102", "0000103", "0000104"]);
    office.leaves("0000103", "2025-06-30");
    office.applies("01,0000104,108413,2,2025-11-11,web\n");
    let sheet = sheet(&office, "2025-11-12");
    let lines = [
        ("0000101", "108413", "1"),
        ("0000102", "108413", "1"),
        ("0000102", "164151", "30"),
        ("0000103", "108413", "2"),
        ("0000104", "108413", "2"),
        ("0000999", "999999", "2"),
    ];
    let mut told = Vec::new();
    for (member, order, units) in lines {
        let look = look(&office, &sheet, &typed(member, order, units));
        let bits: Vec<_> = look.reasons.iter().map(|one| one.reason).collect();
        told.push(bits);
    }
    for (member, order, units) in lines {
        put(
            &office,
            &sheet,
            line(member, order, units.parse().expect("units")),
        );
    }

    let preview = office
        .ledger
        .preview_posting(&by("aoki"), sheet.id)
        .expect("a preview");

    let mut held = vec![Vec::new(); lines.len()];
    for line in preview.held_lines {
        let place = usize::try_from(line.line_no).expect("a line") - 1;
        held[place] = line.reasons.iter().collect();
    }
    assert_eq!(held, told);
    assert!(told[1].is_empty() && !told[0].is_empty());
}

fn r7_the_second_keyer_is_told_nothing_of_the_first_keying(world: Office) {
    world.members(&["0000101"]);
    let sheet = sheet(&world, "2025-07-16");
    put(&world, &sheet, line("0000101", "164151", 1));
    let second = line("0000101", "164151", 1);
    world
        .ledger
        .key_second_time(&by("baba"), sheet.id, second)
        .expect("a line");

    let first = typed("0000101", "164151", "1");
    let peeped = world
        .ledger
        .look_at_keyed_line(&by("baba"), sheet.id, &first);
    assert_eq!(peeped.expect_err("the first keying").code(), "other_keying");
    let own = LineBeingKeyed {
        keying: Some(2),
        line_no: Some(1),
        ..first
    };
    let told = world
        .ledger
        .look_at_keyed_line(&by("baba"), sheet.id, &own)
        .expect("the second keying");
    assert_eq!(told.on_sheet, []);
}

fn r17_sitting_down_to_a_sheet_is_in_the_audit_log_but_not_each_keystroke(office: Office) {
    office.members(&["0000101"]);
    let sheet = sheet(&office, "2025-07-16");
    let count = || {
        let filter = ledger::audit_log::AuditFilter {
            subject: Some(format!("sheet:{}", sheet.id)),
            ..ledger::audit_log::AuditFilter::default()
        };
        let events = office
            .ledger
            .search_audit_events(&office.office(), &filter, &PageRequest::default())
            .expect("the audit log");
        events.items.len()
    };
    let before = count();
    look(&office, &sheet, &typed("0000101", "164151", "1"));
    assert_eq!(count(), before);

    let shown = office
        .ledger
        .begin_keying(&by("aoki"), sheet.id)
        .expect("the sheet");

    assert_eq!(shown.state, SheetState::Open);
    assert_eq!(count(), before + 1);
}

fn five_hundred_pasted_lines_are_taken_at_once_or_every_bad_one_is_named(office: Office) {
    let sheet = sheet(&office, "2025-07-16");
    put(&office, &sheet, line("0000001", "164151", 1));
    let mut lines: Vec<_> = (1..=500)
        .map(|number| line(&format!("{number:07}"), "164160", 1))
        .collect();
    lines[6].units = Some(100);
    lines[498].order_number = Some("16416".to_owned());
    let paste = |lines: &[PutSheetLine]| {
        let request = PutSheetLines {
            keying: None,
            lines: lines.to_vec(),
        };
        office
            .ledger
            .put_sheet_lines(&by("aoki"), sheet.id, request)
    };

    let refused = paste(&lines).expect_err("two bad lines");
    let LedgerError::Invalid { problems, .. } = &refused else {
        panic!("{refused}");
    };
    let places: Vec<_> = problems
        .iter()
        .map(|one| (one.line, one.column.as_deref()))
        .collect();
    assert_eq!(
        places,
        [(Some(7), Some("units")), (Some(499), Some("order_number"))]
    );
    let shown = office.ledger.get_sheet(&by("aoki"), sheet.id).expect("it");
    assert_eq!(shown.lines.len(), 1, "all or none");

    lines[6].units = Some(10);
    lines[498].order_number = Some("164160".to_owned());
    let keyed = paste(&lines).expect("all can be read");
    assert_eq!(keyed.lines, 501);
    assert_eq!(keyed.keyed[0].line_no, 2);
    assert_eq!(keyed.keyed[6].comes_to, Some(5_000));
    let shown = office.ledger.get_sheet(&by("aoki"), sheet.id).expect("it");
    assert_eq!(shown.keyed.and_then(|keyed| keyed.units), Some(510));

    let too_many = paste(&lines).expect_err("a sheet has 1,000 lines at most");
    assert_eq!(too_many.code(), "line_no_out_of_range");
}

fn pasted_lines_sent_twice_are_there_once(office: Office) {
    let sheet = sheet(&office, "2025-07-16");
    let request = PutSheetLines {
        keying: None,
        lines: vec![line("0000001", "164151", 1), line("0000002", "164151", 1)],
    };
    let call = by("aoki").under(IdempotencyKey::new("paste-1").expect("a key"));
    let send = || {
        let request = request.clone();
        office.ledger.put_sheet_lines(&call, sheet.id, request)
    };

    let first = send().expect("two lines");
    let again = send().expect("the same answer");

    assert_eq!(again, first);
    let shown = office.ledger.get_sheet(&by("aoki"), sheet.id).expect("it");
    assert_eq!(shown.lines.len(), 2);
}

fn two_clerks_on_one_sheet_do_not_overwrite_one_another(office: Office) {
    let sheet = sheet(&office, "2025-07-16");
    let aokis = put(&office, &sheet, line("0000001", "164151", 1));
    let babas = office
        .ledger
        .put_sheet_line(&by("baba"), sheet.id, line("0000002", "164151", 1))
        .expect("a line of another clerk");
    assert_eq!((aokis.line_no, babas.line.line_no), (1, 2));

    // Both have seen line 1 with one unit; Baba is first to correct it.
    let corrected = |units| PutSheetLine {
        line_no: Some(1),
        replacing: Some(seen(&aokis)),
        ..line("0000001", "164151", units)
    };
    office
        .ledger
        .put_sheet_line(&by("baba"), sheet.id, corrected(2))
        .expect("nobody came before");
    let late = office
        .ledger
        .put_sheet_line(&by("aoki"), sheet.id, corrected(3))
        .expect_err("Baba did");
    assert_eq!(late.code(), "line_changed_meanwhile");
    assert!(late.to_string().contains("baba"), "{late}");
    let removed = office
        .ledger
        .remove_sheet_line(&by("aoki"), sheet.id, 1, 1, Some(&seen(&aokis)))
        .expect_err("not the line that was seen");
    assert_eq!(removed.code(), "line_changed_meanwhile");
    let shown = office.ledger.get_sheet(&by("aoki"), sheet.id).expect("it");
    assert_eq!(shown.lines[0].units, Some(2));
}

fn r7_a_differing_line_is_settled_with_the_paper_in_hand(office: Office) {
    let sheet = sheet(&office, "2025-07-16");
    let both = [(1, 1), (2, 3), (4, 5)];
    for (first, second) in both {
        put(&office, &sheet, line("0000001", "164151", first));
        office
            .ledger
            .key_second_time(&by("baba"), sheet.id, line("0000001", "164151", second))
            .expect("a line");
    }
    let settle = |line_no, as_of| {
        let request = SettleDifferingLine { line_no, as_of };
        office
            .ledger
            .settle_differing_line(&by("chiba"), sheet.id, request)
    };
    let early = settle(2, Settled::First).expect_err("not compared yet");
    assert_eq!(early.code(), "not_compared");
    office
        .ledger
        .key_second_time(&by("baba"), sheet.id, line("0000009", "164151", 9))
        .expect("a line too many");
    office
        .ledger
        .compare_keyings(&by("baba"), sheet.id)
        .expect("both are finished");

    let left = settle(2, Settled::Second).expect("settled");
    assert_eq!(left.differing.len(), 2);
    settle(3, Settled::Paper(line("0000001", "164151", 6).into())).expect("settled");
    let left = settle(4, Settled::First).expect("there is no such line");
    assert!(left.agree, "{left:?}");
    let again = settle(2, Settled::First).expect_err("another has settled it");
    assert_eq!(again.code(), "line_agrees");

    let shown = office.ledger.get_sheet(&by("aoki"), sheet.id).expect("it");
    let units = |lines: &[SheetLineView]| -> Vec<_> {
        lines.iter().filter_map(|line| line.units).collect()
    };
    assert_eq!(units(&shown.lines), [1, 3, 6]);
    assert_eq!(units(&shown.second_lines), [1, 3, 6]);
}

fn posting_tells_beforehand_what_it_would_hold(office: Office) {
    office.members(&["0000101"]);
    let sheet = sheet(&office, "2025-07-16");
    put(&office, &sheet, line("0000101", "164151", 1));
    put(&office, &sheet, line("0000101", "164151", 2));
    let preview = || {
        office
            .ledger
            .preview_posting(&by("aoki"), sheet.id)
            .expect("a preview")
    };

    let told = preview();
    assert_eq!((told.lines, told.accepted, told.held), (2, 1, 1));
    assert_eq!(told.held_lines[0].line_no, 2);
    let in_the_way = told.in_the_way.clone().expect("no totals on the cover");
    assert!(
        in_the_way.contains("行数が表紙にありません"),
        "{in_the_way}"
    );
    assert_eq!(preview(), told, "nothing was changed");

    let control = SheetTotals {
        lines: Some(2),
        units: Some(3),
        amount: Some(900),
        member_sum: None,
    };
    office
        .ledger
        .set_control_totals(&by("aoki"), sheet.id, control)
        .expect("the cover");
    assert_eq!(preview().in_the_way, None);
    let posted = office
        .ledger
        .post_sheet(&by("aoki"), sheet.id, PostSheet::default())
        .expect("it agrees");
    assert_eq!((posted.accepted, posted.held), (1, 1));
    let late = office.ledger.preview_posting(&by("aoki"), sheet.id);
    assert_eq!(late.expect_err("posted").code(), "sheet_already_posted");
}

fn r7_only_finance_answers_for_a_sheet_that_disagrees(office: Office) {
    office.members(&["0000101"]);
    let sheet = sheet(&office, "2025-07-16");
    put(&office, &sheet, line("0000101", "164151", 1));
    let post = |who: &Call| {
        let request = PostSheet {
            override_reason: Some("表紙がない。支部に確認済み".to_owned()),
        };
        office.ledger.post_sheet(who, sheet.id, request)
    };

    let refused = post(&office.person("kita", "clerk")).expect_err("a clerk");
    assert_eq!(refused.code(), "override_by_finance");
    let posted = post(&office.person("minami", "finance")).expect("finance");
    assert_eq!(posted.accepted, 1);
}

fn one_finds_the_sheets_that_one_has_not_finished(office: Office) {
    let clerk = office.person("aoki", "clerk");
    let other = office.person("baba", "clerk");
    let open = |call: &Call| {
        let request = OpenSheet {
            coop: "01".parse().expect("a code"),
            channel: None,
            received_on: None,
            control: SheetTotals::default(),
        };
        office.ledger.open_sheet(call, request).expect("a sheet").id
    };
    let (own, others, helped) = (open(&clerk), open(&other), open(&other));
    office
        .ledger
        .put_sheet_line(&clerk, helped, line("0000001", "164151", 1))
        .expect("a line");
    let list = |mine, newest_first, limit, cursor| {
        let filter = SheetFilter {
            state: Some(SheetState::Open),
            mine,
            newest_first,
            ..SheetFilter::default()
        };
        let page = PageRequest { cursor, limit };
        office
            .ledger
            .list_sheets(&clerk, &filter, &page)
            .expect("a list")
    };
    let ids = |page: &ledger::Page<SheetView>| -> Vec<_> {
        page.items.iter().map(|sheet| sheet.id).collect()
    };

    assert_eq!(ids(&list(true, false, None, None)), [own, helped]);
    assert_eq!(ids(&list(false, true, None, None)), [helped, others, own]);
    let first = list(false, true, Some(2), None);
    assert_eq!(ids(&first), [helped, others]);
    assert_eq!(ids(&list(false, true, Some(2), first.next_cursor)), [own]);
}
