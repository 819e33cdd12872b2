//! R17: people are invited, changed, stopped and started anew; and nobody locks out the last admin.

use chrono::{NaiveDate, TimeDelta};
use domain::{Role, Roles};
use ledger::credentials::SecretDigest;
use ledger::people::{
    ChangeRoles, CreateToken, InvitePerson, LinkGiven, PeopleFilter, PersonState, ResetPerson,
};
use ledger::{Call, Caller, IdempotencyKey, LedgerError, PageRequest};
use store::tables::{audit_events, idempotency_keys, one_time_links, sessions, users};
use store::{OpenMode, Store, StoreError};
use testkit::{World, on_both};

on_both!(
    r17_an_admin_invites_somebody_by_a_link_that_ends,
    r17_an_invitation_repeated_under_its_key_does_not_show_the_link_again,
    r17_a_name_is_never_given_twice_and_has_to_be_one,
    r17_a_user_of_an_organisation_is_bound_to_one_and_is_nothing_besides,
    r17_a_change_of_roles_ends_the_sessions_and_weakens_the_tokens,
    r17_who_is_disabled_reaches_nothing_until_enabled_again,
    r17_who_is_reset_has_no_password_no_second_factor_and_a_new_link,
    r17_the_last_admin_stays,
    r17_two_admins_who_take_each_others_rights_at_once_leave_one,
    r17_an_office_without_an_admin_is_given_one,
    r17_no_more_than_one_first_admin_is_invited_at_once,
    r17_tokens_are_listed_without_secrets_and_revoked_for_good,
    r17_nobody_but_an_admin_manages_people,
    people_are_found_by_role_and_by_state,
    r17_no_secret_is_in_the_audit_log_or_the_kept_answers,
);

fn somebody(name: &str, roles: &str) -> InvitePerson {
    InvitePerson {
        name: name.to_owned(),
        display_name: None,
        roles: roles.parse().expect("roles"),
        organization: None,
        expires_on: None,
    }
}

fn invite(world: &World, name: &str, roles: &str) -> LinkGiven {
    let invited = world
        .ledger
        .invite_person(&world.office(), &somebody(name, roles));
    invited.expect("an invitation")
}

fn store(world: &World) -> Store {
    Store::open(world.database.url(), OpenMode::MustExist).expect("the database")
}

/// Somebody who has set a password, and has a session.
fn signed_in(world: &World, name: &str, roles: &str) -> Call {
    invite(world, name, roles);
    let secret = format!("session of {name}");
    let digest = SecretDigest::of(&secret);
    store(world)
        .write(|c| {
            let user = users::find_by_name(c, name)?.expect("a person");
            users::set_password(c, user.id, "$argon2id$made-up")?;
            users::set_totp(c, user.id, "MADEUP", 1)?;
            let link = one_time_links::open_of(c, user.id)?.expect("a link");
            let now = link.expires_at - TimeDelta::days(8);
            one_time_links::take(c, link.id, now)?;
            let session = sessions::NewSession {
                user_id: user.id,
                sha256: digest.as_str(),
                stage: "full",
                address: None,
                agent: None,
                created_at: now,
                last_seen_at: link.expires_at,
                expires_at: link.expires_at,
            };
            sessions::insert(c, &session)
        })
        .expect("a session");
    Call::by(Caller::Session(digest))
}

fn code<T: std::fmt::Debug>(result: Result<T, LedgerError>) -> &'static str {
    result.expect_err("a refusal").code()
}

fn roles(words: &str) -> ChangeRoles {
    ChangeRoles {
        roles: words.parse().expect("roles"),
        organization: None,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn r17_an_admin_invites_somebody_by_a_link_that_ends(world: World) {
    let admin = signed_in(&world, "kanri", "admin");
    let request = InvitePerson {
        display_name: Some("  見本 青木 ".to_owned()),
        expires_on: Some(day("2025-07-20")),
        ..somebody("aoki", "finance,clerk")
    };

    let given = world
        .ledger
        .invite_person(&admin, &request)
        .expect("an invitation");

    let link = given.link.expect("a link, shown once");
    let secret = link
        .strip_prefix("http://127.0.0.1:8080/invitation#hkl_")
        .expect("a link to the service");
    assert_eq!(secret.len(), 43);
    assert_eq!(given.person.display_name.as_deref(), Some("見本 青木"));
    assert_eq!(given.person.roles.to_string(), "clerk,finance");
    assert_eq!(given.person.state, "invited");
    assert_eq!(given.person.invited_by, "user:kanri");
    // The day itself still counts, in Japan.
    let ends = given.person.link_expires_at.expect("an end").to_rfc3339();
    assert_eq!(ends, "2025-07-20T15:00:00+00:00");
    let listed = world
        .ledger
        .list_people(&admin, &PeopleFilter::default(), &PageRequest::default())
        .expect("a list");
    let names: Vec<&str> = listed.items.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["kanri", "aoki"]);
    assert_eq!(listed.items[1], given.person);

    for wrong in ["2025-07-13", "2025-08-14"] {
        let request = InvitePerson {
            expires_on: Some(day(wrong)),
            ..somebody("baba", "clerk")
        };
        let refused = world.ledger.invite_person(&admin, &request);
        assert_eq!(code(refused), "expiry_out_of_range", "{wrong}");
    }
}

fn r17_an_invitation_repeated_under_its_key_does_not_show_the_link_again(world: World) {
    let key = IdempotencyKey::new("one-invitation").expect("a key");
    let call = world.office().under(key);
    let request = somebody("aoki", "clerk");

    let first = world.ledger.invite_person(&call, &request).expect("first");
    let again = world.ledger.invite_person(&call, &request).expect("again");

    assert!(first.link.is_some());
    assert_eq!(again.link, None);
    assert_eq!(again.person, first.person);
}

fn r17_a_name_is_never_given_twice_and_has_to_be_one(world: World) {
    invite(&world, "aoki", "clerk");
    let office = world.office();
    let ledger = &world.ledger;
    assert!(ledger.disable_person(&office, "aoki").is_ok());

    let again = ledger.invite_person(&office, &somebody("aoki", "admin"));
    assert_eq!(code(again), "name_taken");
    for wrong in [
        "",
        "Aoki",
        "青木",
        "-rf",
        "..",
        "a b",
        "a/b",
        &"a".repeat(41),
    ] {
        let refused = ledger.invite_person(&office, &somebody(wrong, "clerk"));
        assert_eq!(code(refused), "name_unreadable", "{wrong}");
    }
    let long = InvitePerson {
        display_name: Some("あ".repeat(101)),
        ..somebody("baba", "clerk")
    };
    let refused = ledger.invite_person(&office, &long);
    assert_eq!(code(refused), "display_name_unreadable");
    assert_eq!(code(ledger.get_person(&office, "baba")), "person_not_found");
}

fn r17_a_user_of_an_organisation_is_bound_to_one_and_is_nothing_besides(world: World) {
    world.load_newsletters();
    let office = world.office();
    let ledger = &world.ledger;
    let campaigns = ledger.campaign_progress(&office, None).expect("campaigns");
    let organization = Some(campaigns[0].organization.clone());
    let of = |name: &str, roles: &str, organization: Option<String>| InvitePerson {
        organization,
        ..somebody(name, roles)
    };

    let given = ledger.invite_person(&office, &of("dantai", "organization", organization.clone()));
    assert_eq!(
        given.expect("an invitation").person.organization,
        organization
    );
    for (request, refusal) in [
        (of("a", "organization", None), "organization_missing"),
        (
            of("b", "clerk", organization.clone()),
            "organization_unexpected",
        ),
        (
            of("c", "organization", Some("nowhere".to_owned())),
            "organization_not_found",
        ),
    ] {
        assert_eq!(code(ledger.invite_person(&office, &request)), refusal);
    }
    assert!("organization,clerk".parse::<Roles>().is_err());
    // Who becomes staff is bound no more.
    let changed = ledger.change_roles(&office, "dantai", &roles("clerk"));
    assert_eq!(changed.expect("a change").organization, None);
    let back = ledger.change_roles(&office, "dantai", &roles("organization"));
    assert_eq!(code(back), "organization_missing");
}

fn r17_a_change_of_roles_ends_the_sessions_and_weakens_the_tokens(world: World) {
    let aoki = signed_in(&world, "aoki", "clerk,finance");
    let (office, ledger) = (world.office(), &world.ledger);
    let token = CreateToken {
        person: None,
        name: "script".to_owned(),
        roles: "clerk,finance".parse().expect("roles"),
        scopes: "all".parse().expect("scopes"),
        expires_on: day("2025-12-31"),
    };
    let token = ledger.create_token(&aoki, &token).expect("a token");
    let secret = token.secret.expect("a secret, shown once");
    let script = Call::by(Caller::Token(SecretDigest::of(&secret)));
    let page = PageRequest::default();
    assert!(ledger.list_remittances(&script, None, &page).is_ok());

    let changed = ledger
        .change_roles(&office, "aoki", &roles("clerk"))
        .expect("a change");

    assert_eq!(changed.roles.to_string(), "clerk");
    assert_eq!(
        code(ledger.list_cooperatives(&aoki, &page)),
        "session_ended"
    );
    assert!(ledger.list_cooperatives(&script, &page).is_ok());
    assert_eq!(
        code(ledger.list_remittances(&script, None, &page)),
        "not_permitted"
    );
    ledger
        .change_roles(&office, "aoki", &roles("auditor"))
        .expect("another change");
    assert_eq!(
        code(ledger.list_cooperatives(&script, &page)),
        "token_refused"
    );
}

fn r17_who_is_disabled_reaches_nothing_until_enabled_again(world: World) {
    let aoki = signed_in(&world, "aoki", "clerk");
    let script = world.person("baba", "clerk");
    let (office, ledger) = (world.office(), &world.ledger);
    let page = PageRequest::default();

    for name in ["aoki", "baba"] {
        let disabled = ledger.disable_person(&office, name).expect("disabled");
        assert_eq!(disabled.state, "disabled");
        assert_eq!(disabled.link_expires_at, None, "{name}");
    }
    assert_eq!(
        code(ledger.list_cooperatives(&aoki, &page)),
        "session_ended"
    );
    assert_eq!(
        code(ledger.list_cooperatives(&script, &page)),
        "token_refused"
    );
    let reset = ledger.reset_person(&office, "aoki", &ResetPerson::default());
    assert_eq!(code(reset), "person_disabled");

    let enabled = ledger.enable_person(&office, "aoki").expect("enabled");
    assert_eq!(enabled.state, "active");
    assert!(enabled.has_second_factor);
    // A session that was ended stays so.
    assert_eq!(
        code(ledger.list_cooperatives(&aoki, &page)),
        "session_ended"
    );
    let enabled = ledger.enable_person(&office, "baba").expect("enabled");
    assert_eq!(enabled.state, "invited");
    assert!(ledger.list_cooperatives(&script, &page).is_ok());
    // Again, it changes nothing.
    assert_eq!(
        ledger.enable_person(&office, "baba").expect("again"),
        enabled
    );
}

fn r17_who_is_reset_has_no_password_no_second_factor_and_a_new_link(world: World) {
    let aoki = signed_in(&world, "aoki", "clerk");
    let (office, ledger) = (world.office(), &world.ledger);
    let page = PageRequest::default();
    let token = CreateToken {
        person: None,
        name: "script".to_owned(),
        roles: "clerk".parse().expect("roles"),
        scopes: "all".parse().expect("scopes"),
        expires_on: day("2025-12-31"),
    };
    ledger.create_token(&aoki, &token).expect("a token");

    let first = ledger
        .reset_person(&office, "aoki", &ResetPerson::default())
        .expect("a reset");

    assert_eq!(first.person.state, "invited");
    assert!(!first.person.has_second_factor);
    assert_eq!(
        code(ledger.list_cooperatives(&aoki, &page)),
        "session_ended"
    );
    let user = store(&world).read(|c| users::find_by_name(c, "aoki"));
    let user = user.expect("a look").expect("a person");
    assert_eq!((user.password_hash, user.totp_key), (None, None));
    let tokens = || {
        let tokens = ledger.list_tokens_of_person(&office, "aoki", &page);
        tokens.expect("tokens").items
    };
    assert_eq!(tokens()[0].revoked_at, None);

    // A newer link ends the older.
    let request = ResetPerson {
        revoke_tokens: true,
        ..ResetPerson::default()
    };
    let second = ledger
        .reset_person(&office, "aoki", &request)
        .expect("a second reset");
    assert_ne!(first.link, second.link);
    let is_open = |given: &LinkGiven| {
        let link = given.link.as_deref().expect("a link");
        let (_, secret) = link.split_once('#').expect("a secret");
        let digest = SecretDigest::of(secret);
        let found = store(&world).read(|c| one_time_links::find_open(c, digest.as_str()));
        found.expect("a look").is_some()
    };
    assert!(!is_open(&first));
    assert!(is_open(&second));
    assert_eq!(tokens()[0].revoked_by.as_deref(), Some("cli:office"));
}

fn r17_the_last_admin_stays(world: World) {
    let kanri = signed_in(&world, "kanri", "admin");
    // An invitation is no admin who can sign in.
    invite(&world, "baba", "admin");
    let (office, ledger) = (world.office(), &world.ledger);
    let reset = ResetPerson::default();

    for call in [&kanri, &office] {
        let disabled = ledger.disable_person(call, "kanri");
        assert_eq!(code(disabled), "last_admin");
        let changed = ledger.change_roles(call, "kanri", &roles("clerk"));
        assert_eq!(code(changed), "last_admin");
    }
    assert_eq!(
        code(ledger.reset_person(&kanri, "kanri", &reset)),
        "last_admin"
    );
    // Nothing of what was refused has happened.
    let still = ledger.get_person(&kanri, "kanri").expect("kanri");
    assert_eq!(
        (still.state.as_str(), still.has_second_factor),
        ("active", true)
    );
    // More roles are no danger, nor is the other admin's way out.
    assert!(ledger.disable_person(&kanri, "baba").is_ok());
    let more = ledger.change_roles(&office, "kanri", &roles("admin,finance"));
    assert!(more.is_ok());

    let another = signed_in(&world, "chiba", "admin");
    assert!(ledger.disable_person(&another, "kanri").is_ok());
    // Whoever sits at the machine gets the link, and so locks nobody out.
    let given = ledger.reset_person(&office, "chiba", &reset);
    assert!(given.expect("a reset").link.is_some());
}

fn r17_two_admins_who_take_each_others_rights_at_once_leave_one(world: World) {
    for round in 0..8 {
        let names = [format!("one{round}"), format!("two{round}")];
        let [one, two] = [0, 1].map(|at| signed_in(&world, &names[at], "admin"));
        let other = world.opened_again();
        let done = std::thread::scope(|scope| {
            let first = scope.spawn(|| world.ledger.disable_person(&one, &names[1]));
            let second = scope.spawn(|| match round % 2 {
                0 => other.disable_person(&two, &names[0]),
                _ => other.change_roles(&two, &names[0], &roles("clerk")),
            });
            [first, second].map(|thread| thread.join().expect("a thread"))
        });

        let codes: Vec<_> = done
            .iter()
            .map(|done| done.as_ref().map_or_else(LedgerError::code, |_| "done"))
            .collect();
        let won = codes.iter().filter(|code| **code == "done").count();
        assert_eq!(won, 1, "{codes:?}");
        let page = PageRequest::default();
        let people = world
            .ledger
            .list_people(&world.office(), &PeopleFilter::default(), &page);
        let admins = people.expect("people").items;
        let able = admins
            .iter()
            .filter(|person| person.state == "active" && person.roles.has(Role::Admin));
        let able: Vec<String> = able.map(|person| person.name.clone()).collect();
        assert_eq!(able.len(), 1, "{able:?}");
        // For the next round: an admin leaves once there is another.
        let next = signed_in(&world, &format!("next{round}"), "admin");
        assert!(world.ledger.disable_person(&next, &able[0]).is_ok());
        let gone = format!("next{round}");
        let left = store(&world).write(|c| {
            let user = users::find_by_name(c, &gone)?.expect("a person");
            users::set_state(c, user.id, "disabled")
        });
        left.expect("a state");
    }
}

fn r17_an_office_without_an_admin_is_given_one(world: World) {
    let (office, ledger) = (world.office(), &world.ledger);
    // Somebody who is no admin has the usual name.
    invite(&world, "admin", "clerk");

    let first = ledger.invite_first_admin(&office).expect("an invitation");
    let first = first.expect("nobody is an admin");
    assert_eq!(first.name, "admin2");
    assert!(first.link.is_some());
    // Its link is still good: no other takes its place.
    let again = ledger.invite_first_admin(&office).expect("a look");
    let again = again.expect("nobody is an admin");
    assert_eq!((again.name.as_str(), again.link), ("admin2", None));
    assert_eq!(again.link_expires_at, first.link_expires_at);

    world.set_today("2025-08-01");
    let renewed = ledger.invite_first_admin(&office).expect("a renewal");
    let renewed = renewed.expect("nobody is an admin");
    assert_eq!(renewed.name, "admin2");
    assert!(renewed.link.is_some_and(|link| Some(link) != first.link));

    signed_in(&world, "kanri", "admin");
    assert_eq!(ledger.invite_first_admin(&office).expect("a look"), None);
    let by_a_person = world.person("chiba", "admin");
    assert_eq!(
        code(ledger.invite_first_admin(&by_a_person)),
        "not_permitted"
    );
}

fn r17_no_more_than_one_first_admin_is_invited_at_once(world: World) {
    let made = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let ledger = world.opened_again();
                    ledger.invite_first_admin(&world.office())
                })
            })
            .collect();
        let made = threads
            .into_iter()
            .map(|thread| thread.join().expect("a thread").expect("no refusal"));
        made.filter(|first| first.as_ref().is_some_and(|one| one.link.is_some()))
            .count()
    });
    assert_eq!(made, 1);
    let page = PageRequest::default();
    let people = world
        .ledger
        .list_people(&world.office(), &PeopleFilter::default(), &page);
    assert_eq!(people.expect("people").items.len(), 1);
}

fn r17_tokens_are_listed_without_secrets_and_revoked_for_good(world: World) {
    let aoki = signed_in(&world, "aoki", "clerk,auditor");
    let kanri = signed_in(&world, "kanri", "admin");
    let (ledger, page) = (&world.ledger, PageRequest::default());
    let token = |name: &str, roles: &str| CreateToken {
        person: None,
        name: name.to_owned(),
        roles: roles.parse().expect("roles"),
        scopes: "intake,all:read".parse().expect("scopes"),
        expires_on: day("2025-12-31"),
    };
    let made = ledger
        .create_token(&aoki, &token("one", "clerk"))
        .expect("a token");
    let secret = made.secret.expect("a secret");
    assert!(ledger.create_token(&aoki, &token("two", "auditor")).is_ok());
    let script = Call::by(Caller::Token(SecretDigest::of(&secret)));
    assert!(ledger.list_cooperatives(&script, &page).is_ok());

    assert_eq!(
        code(ledger.create_token(&aoki, &token("one", "clerk"))),
        "token_name_taken"
    );
    assert_eq!(
        code(ledger.create_token(&aoki, &token("three", "finance"))),
        "role_not_held"
    );
    let for_another = CreateToken {
        person: Some("aoki".to_owned()),
        ..token("four", "clerk")
    };
    assert_eq!(
        code(ledger.create_token(&kanri, &for_another)),
        "token_of_another"
    );
    // A token makes no other, and ends none.
    assert_eq!(
        code(ledger.create_token(&script, &token("five", "clerk"))),
        "outside_scope"
    );
    assert_eq!(code(ledger.revoke_token(&script, "two")), "outside_scope");

    let listed = ledger.list_tokens(&aoki, &page).expect("tokens").items;
    let names: Vec<&str> = listed.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["two", "one"]);
    assert!(listed[1].last_used_at.is_some());
    assert!(!format!("{listed:?}").contains(&secret));
    let seen = ledger.list_tokens_of_person(&kanri, "aoki", &page);
    assert_eq!(seen.expect("tokens").items, listed);

    let revoked = ledger.revoke_token(&aoki, "one").expect("revoked");
    assert_eq!(revoked.revoked_by.as_deref(), Some("user:aoki"));
    assert_eq!(
        code(ledger.list_cooperatives(&script, &page)),
        "token_refused"
    );
    let again = ledger.revoke_token_of_person(&kanri, "aoki", "one");
    assert_eq!(again.expect("again"), revoked);
    let by_admin = ledger.revoke_token_of_person(&kanri, "aoki", "two");
    assert_eq!(
        by_admin.expect("revoked").revoked_by.as_deref(),
        Some("user:kanri")
    );
    assert_eq!(code(ledger.revoke_token(&kanri, "one")), "token_not_found");
}

fn r17_nobody_but_an_admin_manages_people(world: World) {
    let (ledger, page) = (&world.ledger, PageRequest::default());
    for roles_of in ["clerk", "finance", "auditor"] {
        let call = signed_in(&world, roles_of, roles_of);
        let refused = [
            code(ledger.invite_person(&call, &somebody("new", "admin"))),
            code(ledger.change_roles(&call, roles_of, &roles("admin"))),
            code(ledger.disable_person(&call, roles_of)),
            code(ledger.enable_person(&call, roles_of)),
            code(ledger.reset_person(&call, roles_of, &ResetPerson::default())),
            code(ledger.revoke_token_of_person(&call, roles_of, "one")),
        ];
        assert_eq!(refused, ["not_permitted"; 6], "{roles_of}");
        // The auditor reads everything.
        let people = ledger.list_people(&call, &PeopleFilter::default(), &page);
        assert_eq!(people.is_ok(), roles_of == "auditor");
    }
}

fn r17_no_secret_is_in_the_audit_log_or_the_kept_answers(world: World) {
    let key = |key: &str| IdempotencyKey::new(key).expect("a key");
    let (office, ledger) = (world.office(), &world.ledger);
    let invited = ledger
        .invite_person(&office.clone().under(key("1")), &somebody("aoki", "clerk"))
        .expect("an invitation");
    let reset = ledger
        .reset_person(
            &office.clone().under(key("2")),
            "aoki",
            &ResetPerson::default(),
        )
        .expect("a reset");
    let token = CreateToken {
        person: Some("aoki".to_owned()),
        name: "script".to_owned(),
        roles: "clerk".parse().expect("roles"),
        scopes: "all".parse().expect("scopes"),
        expires_on: day("2025-12-31"),
    };
    let token = ledger
        .create_token(&office.clone().under(key("3")), &token)
        .expect("a token");
    let secret = |link: Option<String>| {
        let link = link.expect("a link");
        link.rsplit('#').next().expect("a secret").to_owned()
    };
    let secrets = [
        secret(invited.link),
        secret(reset.link),
        token.secret.expect("a secret"),
    ];
    let kept = store(&world).read(|c| {
        let mut kept = Vec::new();
        for subject in ["user:aoki", "token:aoki/script"] {
            let events = audit_events::of_subject(c, subject)?;
            kept.extend(events.iter().map(|event| format!("{event:?}")));
        }
        for (operation, key) in [
            ("invite_person", "1"),
            ("reset_person", "2"),
            ("create_token", "3"),
        ] {
            let answer = idempotency_keys::find(c, "cli:office", operation, key)?;
            kept.push(answer.expect("a kept answer").body);
        }
        Ok::<_, StoreError>(kept)
    });
    let kept = kept.expect("what is kept");
    assert_eq!(kept.len(), 6);
    for kept in kept {
        assert!(kept.contains("aoki"), "{kept}");
        for secret in &secrets {
            assert!(!kept.contains(secret.as_str()), "{kept}");
            assert!(!kept.contains(SecretDigest::of(secret).as_str()), "{kept}");
        }
    }
}

fn people_are_found_by_role_and_by_state(world: World) {
    signed_in(&world, "aoki", "finance");
    signed_in(&world, "baba", "clerk,finance");
    invite(&world, "chiba", "clerk");
    signed_in(&world, "doi", "clerk");
    let office = world.office();
    world
        .ledger
        .disable_person(&office, "doi")
        .expect("doi stops");
    let found = |role: Option<Role>, state: Option<PersonState>| {
        let filter = PeopleFilter { role, state };
        let page = PageRequest::default();
        let people = world.ledger.list_people(&office, &filter, &page);
        let people = people.expect("people").items.into_iter();
        people.map(|person| person.name).collect::<Vec<_>>()
    };

    assert_eq!(found(Some(Role::Finance), None), ["aoki", "baba"]);
    assert_eq!(found(Some(Role::Clerk), None), ["baba", "chiba", "doi"]);
    assert_eq!(found(None, Some(PersonState::Invited)), ["chiba"]);
    assert_eq!(
        found(Some(Role::Clerk), Some(PersonState::Disabled)),
        ["doi"]
    );
    assert_eq!(found(Some(Role::Auditor), None), [""; 0]);
    assert_eq!(found(None, None), ["aoki", "baba", "chiba", "doi"]);
}
