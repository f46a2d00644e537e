//! The Postman collection holds everything that the documents name.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use serde_json::Value;

fn collection() -> Value {
    serde_json::from_str(&api::postman_collection()).expect("JSON")
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().expect(name)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().expect(name)
}

fn script(event: &Value) -> String {
    let lines: Option<Vec<&str>> =
        list(&event["script"], "exec").iter().map(Value::as_str).collect();
    lines.expect("lines of text").join("\n")
}

/// The requests of a folder as `METHOD /path`.
fn requests(folder: &Value) -> Vec<String> {
    let route = |item: &Value| {
        let request = &item["request"];
        let address = text(&request["url"], "raw").strip_prefix("{{base_url}}");
        let path = address.expect("an address below base_url");
        let path = path.replace("{{", "{").replace("}}", "}").replace("{user_id}", "{id}");
        format!("{} {path}", text(request, "method"))
    };
    list(folder, "item").iter().map(route).collect()
}

/// The operations of a document, written alike.
fn operations(surface: &str) -> Vec<String> {
    let document = api::openapi(surface).expect("a document");
    let document: Value = serde_json::from_str(&document).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let methods = |item: &Value| -> Vec<String> {
        let methods = item.as_object().expect("methods").keys();
        methods.map(|method| method.to_uppercase()).collect()
    };
    let routes = paths.iter().flat_map(|(path, item)| {
        let path = path.replace("{user_id}", "{id}");
        methods(item).into_iter().map(move |method| format!("{method} {path}"))
    });
    routes.collect()
}

#[test]
fn every_surface_is_a_folder_with_each_of_its_routes_once() {
    let collection = collection();
    let folders = list(&collection, "item");
    let names: Vec<&str> = folders.iter().map(|folder| text(folder, "name")).collect();
    assert_eq!(names, api::surface_names());
    for folder in folders {
        let name = text(folder, "name");
        let (mut listed, mut documented) = (requests(folder), operations(name));
        listed.sort();
        documented.sort();
        assert_eq!(listed, documented, "{name}");
    }
}

#[test]
fn the_scripts_fill_the_variables_that_requests_use() {
    let collection = collection();
    let variables = list(&collection, "variable");
    let tests: String = list(&collection, "event")
        .iter()
        .filter(|event| event["listen"] == "test")
        .map(script)
        .collect();
    for name in ["access_token", "refresh_token", "user_id"] {
        let found = variables.iter().find(|variable| variable["key"] == name);
        assert_eq!(found.expect(name)["value"], "", "{name}");
        assert!(tests.contains(&format!("store(\"{name}\"")), "{name}: {tests}");
    }
    let everything = collection.to_string();
    let used = everything.split("{{").skip(1).filter_map(|rest| rest.split_once("}}"));
    for (name, _) in used {
        assert!(variables.iter().any(|variable| variable["key"] == name), "{name}");
    }
}

#[test]
fn every_request_is_judged_and_can_find_a_session() {
    let collection = collection();
    for folder in list(&collection, "item") {
        let name = text(folder, "name");
        let before = script(&list(folder, "event")[0]);
        for role in ["const login = {\"method\":\"POST\"", "const register = {\"method\":\"POST\""]
        {
            assert!(before.contains(role), "{name}: {before}");
        }
        for item in list(folder, "item") {
            let scripts: String = list(item, "event").iter().map(script).collect();
            let judges = [".to.be.oneOf([2", ") ? [4"].iter().any(|judge| scripts.contains(judge));
            assert!(judges, "{name}: {scripts}");
        }
    }
}

#[test]
fn tokens_are_sent_where_they_are_asked_for() {
    let collection = collection();
    let bearer = |surface: &str, route: &str| {
        let folders = list(&collection, "item");
        let folder = folders.iter().find(|folder| folder["name"] == surface).expect(surface);
        let place = requests(folder).iter().position(|known| known == route).expect(route);
        let auth = &list(folder, "item")[place]["request"]["auth"];
        text(auth, "type") == "bearer" && auth["bearer"][0]["value"] == "{{access_token}}"
    };
    for (surface, route, expected) in [
        ("native", "GET /api/v1/users/current", true),
        ("native", "POST /api/v1/auth/register", false),
        ("native", "POST /api/v1/auth/refresh", false),
        ("jwt_accounts", "PATCH /users", true),
        ("jwt_accounts", "POST /auth/token", false),
        ("shared_users", "DELETE /users", true),
        ("djoser", "GET /api/auth/users/{id}/", true),
        ("djoser", "POST /api/auth/jwt/create/", false),
        ("djoser", "POST /api/auth/logout/", false),
        ("djoser", "POST /api/auth/users/", false),
        ("djoser", "POST /api/auth/users/activation/", false),
        ("djoser", "POST /api/auth/users/resend_activation/", false),
        ("djoser", "POST /api/auth/users/reset_password/", false),
        ("djoser", "POST /api/auth/users/reset_password_confirm/", false),
        ("djoser", "POST /api/auth/users/reset_username/", false),
        ("djoser", "POST /api/auth/users/reset_username_confirm/", false),
        ("djoser", "POST /api/auth/users/set_password/", true),
    ] {
        assert_eq!(bearer(surface, route), expected, "{surface}: {route}");
    }
}

#[test]
fn printed_twice_it_is_the_same() {
    assert_eq!(api::postman_collection(), api::postman_collection());
}
