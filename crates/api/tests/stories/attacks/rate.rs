//! Who asks too often is told how long to wait; others are not slowed down by it.

use testkit::TestApp;
use testkit::http::Answer;

use super::{app_with, ask};

fn many(app: &TestApp, headers: &[(&str, &str)]) -> Vec<Answer> {
    (0..30).map(|_| ask(app, headers)).collect()
}

/// How many are answered before one is told to wait.
fn taken(answers: &[Answer]) -> usize {
    answers
        .iter()
        .take_while(|answer| answer.status == 200)
        .count()
}

#[test]
fn who_asks_too_often_is_told_how_long_to_wait() {
    let app = app_with(|settings| settings.limits.requests_per_minute_max = 6);
    let answers = many(&app, &[]);
    assert_eq!(taken(&answers), 1);
    let refused = &answers[1];
    let problem = refused.problem(429, "too_many_requests");
    let seconds: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=10).contains(&seconds), "{seconds}");
    let words = problem["detail"].as_str().unwrap();
    assert!(words.contains(&format!("{seconds} 秒")), "{words}");
}

#[test]
fn a_script_that_runs_wild_leaves_room_for_the_people_at_its_address() {
    let app = app_with(|settings| settings.limits.requests_per_minute_of_caller_max = 6);
    let script = [("Authorization", "Bearer hkt_of-the-script")];
    assert_eq!(taken(&many(&app, &script)), 1);
    let person = [("Cookie", "hitokuchi_session=hks_of-a-person")];
    assert_eq!(taken(&many(&app, &person)), 1);
    assert_eq!(taken(&many(&app, &[])), 30);
}

#[test]
fn the_usual_rates_are_not_felt_by_an_office() {
    let app = app_with(|_| {});
    let answers: Vec<Answer> = (0..10).flat_map(|_| many(&app, &[])).collect();
    assert_eq!(taken(&answers), 300);
}
