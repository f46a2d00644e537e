//! Names and permissions of services.

use domain::service_account::{parse_service_name, parse_service_permissions};
use domain::{Permission, Rule};

#[test]
fn names_need_no_quotes_anywhere() {
    for name in ["a", "0", "gateway", "billing-eu.2_b", &"x".repeat(64)] {
        assert_eq!(parse_service_name(name).as_deref(), Ok(name));
    }
    assert_eq!(parse_service_name(""), Err(Rule::Required));
    assert_eq!(parse_service_name(&"я".repeat(65)), Err(Rule::TooLong { max: 64 }));
    for name in ["A", "-a", ".a", "a b", "a/b", "a ", "ä", "a\0", "a\n", "\u{430}"] {
        assert_eq!(parse_service_name(name), Err(Rule::ForbiddenCharacter), "{name:?}");
    }
}

#[test]
fn permissions_are_each_there_once_and_in_order() {
    let names = ["events:read", "tokens:introspect", "events:read"].map(str::to_owned);
    let expected = vec![Permission::TokensIntrospect, Permission::EventsRead];
    assert_eq!(parse_service_permissions(&names), Ok(expected));
    assert_eq!(parse_service_permissions(&[]), Ok(Vec::new()));
}

#[test]
fn auz_05_no_power_over_accounts_is_a_permission_of_services() {
    for permission in Permission::ALL {
        let parsed = parse_service_permissions(&[permission.as_str().to_owned()]);
        assert_eq!(parsed.is_ok(), permission.is_of_services(), "{}", permission.as_str());
        let is_power = permission.as_str().starts_with("users:")
            || permission.as_str().starts_with("jobs:")
            || ["roles:grant", "roles:manage", "services:manage", "audit:read"]
                .contains(&permission.as_str());
        assert_ne!(is_power, permission.is_of_services(), "{}", permission.as_str());
    }
}
