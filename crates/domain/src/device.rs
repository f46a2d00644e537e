//! What a device looks like from here: coarse enough to stay the same for weeks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Products as `User-Agent`s name them. The first that fits counts: most browsers also name those
/// they want to be taken for.
const FAMILIES: [(&str, &str); 13] = [
    ("Edg/", "edge"),
    ("EdgA/", "edge"),
    ("EdgiOS/", "edge"),
    ("OPR/", "opera"),
    ("YaBrowser/", "yandex"),
    ("SamsungBrowser/", "samsung"),
    ("Vivaldi/", "vivaldi"),
    ("Firefox/", "firefox"),
    ("FxiOS/", "firefox"),
    ("Chrome/", "chrome"),
    ("CriOS/", "chrome"),
    ("Version/", "safari"),
    ("Safari/", "safari"),
];

/// The program without its version: a browser, or the first word that it calls itself.
pub fn agent_family(agent: &str) -> String {
    let known = FAMILIES.iter().find(|(product, _)| agent.contains(product));
    match known {
        Some((_, family)) => (*family).to_owned(),
        None => agent.split(['/', ' ']).next().unwrap_or_default().to_lowercase(),
    }
}

/// The network that the address is likely to stay in: /24 of IPv4, /48 of IPv6.
pub fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            Ipv4Addr::new(a, b, c, 0).to_string()
        }
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, ..] = address.segments();
            Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).to_string()
        }
        Err(_) => address.to_owned(),
    }
}

/// What is fit to be shown in a mail: nothing that becomes a link or leaves its line. Whoever signs
/// in writes it himself.
pub fn shown_agent(agent: &str) -> String {
    const MOST: usize = 120;
    let letters: Vec<char> = agent.chars().take(MOST).collect();
    let follows = |at: usize| letters.get(at + 1).is_some_and(char::is_ascii_digit);
    let shown = letters.iter().enumerate().map(|(at, letter)| match letter {
        '/' | '.' if follows(at) => *letter,
        '(' | ')' | ';' | ',' | '_' | '-' | '+' => *letter,
        letter if letter.is_alphanumeric() => *letter,
        _ => ' ',
    });
    shown.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
