//! What a device looks like from here.

use domain::device::{agent_family, network, shown_agent};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/142.0.0.0 Safari/537.36";

#[test]
fn a_family_outlives_its_versions() {
    let edge = format!("{CHROME} Edg/142.0.0.0");
    for (agent, family) in [
        (FIREFOX, "firefox"),
        (CHROME, "chrome"),
        (&edge, "edge"),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Version/18.0 Safari/604.1", "safari"),
        ("curl/8.14.1", "curl"),
        ("okhttp/5.1.0", "okhttp"),
        ("My App 3", "my"),
        ("", ""),
    ] {
        assert_eq!(agent_family(agent), family, "{agent}");
    }
}

#[test]
fn a_network_outlives_its_addresses() {
    for (address, expected) in [
        ("192.0.2.77", "192.0.2.0"),
        ("::ffff:192.0.2.77", "192.0.2.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("nonsense", "nonsense"),
    ] {
        assert_eq!(network(address), expected);
    }
}

#[test]
fn what_is_shown_links_nowhere() {
    assert_eq!(shown_agent("curl/8.14.1"), "curl/8.14.1");
    assert_eq!(
        shown_agent("x\r\nGo to https://evil.example/a <b>"),
        "x Go to https evil example a b"
    );
    assert_eq!(shown_agent(&"x".repeat(300)).len(), 120);
}
