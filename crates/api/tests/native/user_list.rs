//! `GET /api/v1/admin/users[/{id}]`: everybody, some of them, one of them.

use std::time::Duration;

use domain::{Permission, RoleName};
use operations::{accounts, roles};
use serde_json::{Value, json};
use testkit::{App, Reply, access_token, on_every_backend};
use url::form_urlencoded::byte_serialize;

use super::services::administrator;
use super::support::{any, assert_field, assert_problem};

const USERS: &str = "/api/v1/admin/users";

on_every_backend!(stage =>
    accounts_are_found_by_what_is_known_of_them,
    every_order_is_the_same_by_cursor_and_by_page,
    one_account_is_read_in_every_state_but_the_last,
    auz_10_no_parameter_is_more_than_its_value,
);

struct Stage {
    app: App,
    token: String,
}

/// The administrator root, and five more: dan is blocked, eve deleted, finn erased.
async fn stage(backend: testkit::Backend) -> Stage {
    let app = App::on(backend).await;
    let token = administrator(&app, "root").await;
    for name in ["ann", "bob", "dan", "eve", "finn"] {
        app.advance(Duration::from_mins(1));
        app.register(name).await;
    }
    let (services, ctx) = (&app.services, app.services.operator());
    let id = async |name: &str| app.account(name).await.id;
    accounts::block(services, &ctx, id("dan").await).await.expect("blocked");
    let moderator = RoleName::new(RoleName::MODERATOR);
    roles::grant(services, &ctx, id("bob").await, &moderator).await.expect("granted");
    accounts::delete(services, &ctx, id("eve").await).await.expect("deleted");
    accounts::delete_for_good(services, &ctx, id("finn").await).await.expect("deleted");
    app.run_jobs().await;
    let phone = json!({ "phone": "+49 30 1234567", "first_name": "Zoë", "last_name": "Weiß",
        "password": testkit::PASSWORD });
    app.post("/api/v1/auth/register", &phone).send().await.expect(201);
    Stage { app, token }
}

impl Stage {
    async fn ask(&self, query: &str) -> Reply {
        self.app.get(&format!("{USERS}?{query}")).bearer(&self.token).send().await
    }

    async fn list(&self, query: &str) -> Value {
        self.ask(query).await.expect(200).json()
    }

    async fn names(&self, query: &str) -> Vec<String> {
        names(&self.list(query).await)
    }
}

/// Usernames; a phone number where there is none.
fn names(list: &Value) -> Vec<String> {
    let name =
        |user: &Value| user["username"].as_str().or(user["phone"].as_str()).map(str::to_owned);
    let users = list["users"].as_array().expect("users");
    users.iter().map(|user| name(user).expect("a name")).collect()
}

async fn accounts_are_found_by_what_is_known_of_them(stage: Stage) {
    let phone = "+49301234567";
    let there = ["root", "ann", "bob", "dan", phone];
    assert_eq!(stage.names("").await, there, "neither deleted nor erased");
    let ago = |minutes: u64| (stage.app.now() - Duration::from_mins(minutes)).to_rfc3339();
    let (three, two) = (ago(3), ago(2));
    for (query, expected) in [
        ("search=AN", vec!["ann"]),
        ("search=bob%40EXAMPLE", vec!["bob"]),
        ("search=%2B49%20(30)", vec![phone]),
        ("search=4930", vec![phone]),
        ("search=nn", vec![]),
        ("search=e", vec![]),
        ("search=e&status=deleted", vec!["eve"]),
        ("contains=EXAMPLE.org&status=active", vec!["root", "ann", "bob"]),
        ("contains=zo%C3%8B", vec![phone]),
        ("contains=WEISS", vec![phone]),
        ("contains=301%2023", vec![phone]),
        ("contains=oot", vec!["root"]),
        ("contains=%25%25%25", vec![]),
        ("status=blocked", vec!["dan"]),
        ("status=deleted", vec!["eve"]),
        ("status=blocked,deleted", vec!["dan", "eve"]),
        ("status=active,blocked,deleted", vec!["root", "ann", "bob", "dan", "eve", phone]),
        ("role=moderator", vec!["bob"]),
        ("role=admin", vec!["root"]),
        ("role=nobody", vec![]),
        ("role=user&status=blocked", vec!["dan"]),
        ("email_verified=false", vec!["root", "ann", "bob", "dan"]),
        ("email_verified=true", vec![]),
        ("phone_verified=false", vec![phone]),
        (&format!("created_after={three}&created_before={two}"), vec!["bob"]),
        (&format!("created_before={three}"), vec!["root", "ann"]),
        (&format!("last_login_before={two}"), vec!["root"]),
        (&format!("last_login_after={two}"), vec![]),
        ("created_before=2020-01-01", vec![]),
    ] {
        let listed = stage.list(&format!("{query}&total=true")).await;
        assert_eq!(names(&listed), expected, "{query}");
        assert_eq!(listed["total"], expected.len(), "{query}");
        assert_eq!((&listed["next"], &listed["complete"]), (&Value::Null, &json!(true)), "{query}");
    }
    assert!(stage.list("").await.get("total").is_none(), "AUZ-12: only on demand");
}

async fn every_order_is_the_same_by_cursor_and_by_page(stage: Stage) {
    let phone = "+49301234567";
    for (sort, up, down) in [
        ("number", ["root", "ann", "bob", "dan", phone], [phone, "dan", "bob", "ann", "root"]),
        ("created_at", ["root", "ann", "bob", "dan", phone], [phone, "dan", "bob", "ann", "root"]),
        ("username", ["ann", "bob", "dan", "root", phone], ["root", "dan", "bob", "ann", phone]),
        ("email", ["ann", "bob", "dan", "root", phone], ["root", "dan", "bob", "ann", phone]),
        // Whoever never signed in comes last, in the order of numbers.
        (
            "last_login_at",
            ["root", "ann", "bob", "dan", phone],
            ["root", phone, "dan", "bob", "ann"],
        ),
    ] {
        for (order, expected) in [("asc", up), ("desc", down)] {
            // By a walk through all, and by an index that names them.
            for filter in ["", "&created_after=2000-01-01"] {
                let query = format!("sort={sort}&order={order}&page_size=2{filter}");
                let (mut by_cursor, mut by_page, mut cursor) =
                    (Vec::new(), Vec::new(), String::new());
                for page in 1..=3 {
                    let list = stage.list(&format!("{query}{cursor}")).await;
                    by_cursor.extend(names(&list));
                    by_page.extend(stage.names(&format!("{query}&page={page}")).await);
                    match list["next"].as_str() {
                        Some(next) => cursor = format!("&cursor={next}"),
                        None => assert_eq!(page, 3, "{query}"),
                    }
                }
                assert_eq!(by_cursor, expected, "{query}");
                assert_eq!(by_page, expected, "{query}");
                assert_eq!(stage.names(&format!("{query}&page=4")).await, Vec::<String>::new());
            }
        }
    }
}

async fn one_account_is_read_in_every_state_but_the_last(stage: Stage) {
    let listed = stage.list("status=active,blocked,deleted").await;
    for user in listed["users"].as_array().expect("users") {
        let path = format!("{USERS}/{}", user["id"].as_str().expect("an id"));
        let read = stage.app.get(&path).bearer(&stage.token).send().await.expect(200).json();
        assert_eq!(read, *user);
        assert_eq!(read["blocked_at"].is_string(), read["status"] == "blocked");
        assert_eq!(read["deleted_at"].is_string(), read["status"] == "deleted");
        assert_eq!(read["purge_at"].is_string(), read["status"] == "deleted");
    }
    for id in ["x", "%ff", "00000000-0000-0000-0000-000000000000"] {
        let reply = stage.app.get(&format!("{USERS}/{id}")).bearer(&stage.token).send().await;
        assert_problem(&reply, 404, "user_not_found");
    }
}

/// What scanners send, in every place.
const HOSTILE: [&str; 16] = [
    "'",
    "\"",
    "' OR '1'='1",
    "1; DROP TABLE users --",
    "number); SELECT pg_sleep(5) --",
    "number DESC, (SELECT 1)",
    "password_hash",
    "../../etc/passwd",
    "${7*7}",
    "%00",
    "\0",
    "\u{202e}",
    "-1",
    "99999999999999999999",
    "\u{10ffff}",
    "NaN",
];

/// Answered by a list or by a 422 that names the parameter, and never by a fault.
async fn auz_10_no_parameter_is_more_than_its_value(stage: Stage) {
    const NAMES: [&str; 17] = [
        "search",
        "contains",
        "status",
        "role",
        "email_verified",
        "phone_verified",
        "created_after",
        "created_before",
        "last_login_after",
        "last_login_before",
        "sort",
        "order",
        "page",
        "page_size",
        "cursor",
        "total",
        "filter",
    ];
    for name in NAMES {
        for value in HOSTILE.iter().copied().chain(["", &"x".repeat(3000)]) {
            let sent: String = byte_serialize(value.as_bytes()).collect();
            let reply = stage.ask(&format!("{name}={sent}")).await;
            if matches!(name, "search" | "contains" | "role") && reply.status == 200 {
                assert_eq!(names(&reply.json()), Vec::<String>::new(), "{name}={value:?}");
            } else {
                assert_problem(&reply, 422, "invalid");
                assert_eq!(reply.json()["errors"][0]["field"], name, "{value:?}");
            }
        }
    }
    let first = stage.list("sort=email&page_size=1").await;
    let next = first["next"].as_str().expect("more").to_owned();
    let tampered = (0..next.len()).map(|place| {
        let other = if &next[place..=place] == "A" { "B" } else { "A" };
        format!("{}{other}{}", &next[..place], &next[place + 1..])
    });
    for cursor in tampered.chain([format!("{next}AA"), next[1..].to_owned(), "e30".to_owned()]) {
        let reply = stage.ask(&format!("sort=email&page_size=1&cursor={cursor}")).await;
        assert_field(&reply, "cursor", "not_a_cursor");
    }
    // Good for this list, of whatever length its pages are, and for no other.
    stage.ask(&format!("sort=email&cursor={next}")).await.expect(200);
    for other in ["sort=username", "sort=email&order=desc", "sort=email&status=deleted", ""] {
        let reply = stage.ask(&format!("{other}&cursor={next}")).await;
        assert_field(&reply, "cursor", "not_a_cursor");
    }
    assert!(!next.contains("ann"), "sealed");
}

#[tokio::test]
async fn what_is_wrong_with_a_query_is_said_by_parameter() {
    let stage = stage(testkit::Backend::Sqlite).await;
    for (query, field, code) in [
        ("contains=ab", "contains", "too_short"),
        ("search=", "search", "required"),
        ("search=a%00b", "search", "forbidden_character"),
        ("status=purged", "status", "unknown_value"),
        ("status=active,", "status", "unknown_value"),
        ("sort=password", "sort", "unknown_value"),
        ("order=up", "order", "unknown_value"),
        ("email_verified=1", "email_verified", "wrong_type"),
        ("created_after=yesterday", "created_after", "not_a_time"),
        ("page=0", "page", "too_small"),
        ("page=2001", "page", "too_large"),
        ("page_size=101", "page_size", "too_large"),
        ("page_size=ten", "page_size", "wrong_type"),
        ("sought=ann", "sought", "unknown_field"),
        ("sort=email&sort=number", "sort", "duplicate"),
    ] {
        assert_field(&stage.ask(query).await, field, code);
    }
    let next = stage.list("page_size=1").await["next"].as_str().expect("more").to_owned();
    let both = stage.ask(&format!("page_size=1&page=2&cursor={next}")).await;
    assert_field(&both, "page", "superfluous");
}

/// AUZ-12: lists and their totals are for whoever may read any account, and say so first.
#[tokio::test]
async fn auz_12_who_may_not_read_accounts_lists_none() {
    let app = any().await;
    let ann = app.newcomer("ann").await;
    let path = format!("{USERS}/{}", app.account("ann").await.id);
    for path in [USERS, &format!("{USERS}?total=true"), &format!("{USERS}?sort=x"), &path] {
        let reply = app.get(path).bearer(&ann).send().await;
        assert_problem(&reply, 403, "permission_missing");
        assert!(reply.text.contains(Permission::UsersRead.as_str()), "{}", reply.text);
    }
    let moderator = RoleName::new(RoleName::MODERATOR);
    let (services, ctx) = (&app.services, app.services.operator());
    roles::grant(services, &ctx, app.account("ann").await.id, &moderator).await.expect("granted");
    let ann = access_token(&app.sign_in("ann").await);
    app.get(USERS).bearer(&ann).send().await.expect(200);
}
