//! What the tests of the dialects say again and again.

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;
use testkit::{App, Call, Reply};
use tokio::task::JoinSet;

/// What a token says, unchecked.
pub(super) fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("three parts");
    let bytes = BASE64URL_NOPAD.decode(payload.as_bytes()).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// The token with other claims under its old signature.
pub(super) fn tampered(token: &str, claims: &Value) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let payload = BASE64URL_NOPAD.encode(claims.to_string().as_bytes());
    format!("{}.{payload}.{}", parts[0], parts[2])
}

pub(super) async fn at_once(calls: impl IntoIterator<Item = Call>) -> Vec<Reply> {
    let mut running: JoinSet<Reply> = calls.into_iter().map(Call::send).collect();
    let mut replies = Vec::new();
    while let Some(reply) = running.join_next().await {
        replies.push(reply.expect("no call panics"));
    }
    replies
}

pub(super) fn count(replies: &[Reply], status: u16) -> usize {
    replies.iter().filter(|reply| reply.status.as_u16() == status).count()
}

/// A request with a body that is no text.
pub(super) fn raw(app: &App, path: &str, content_type: &str, bytes: Vec<u8>) -> Call {
    app.call(http::Method::POST, path).header("content-type", content_type).body(bytes)
}

/// `text` as each form of Unicode that Python's JSON tells apart.
pub(super) fn encodings(text: &str) -> [Vec<u8>; 6] {
    let wide: Vec<u16> = text.encode_utf16().collect();
    [
        format!("\u{feff}{text}").into_bytes(),
        wide.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        wide.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        [0xff, 0xfe].into_iter().chain(wide.iter().flat_map(|unit| unit.to_le_bytes())).collect(),
        text.chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect(),
        text.chars().flat_map(|letter| u32::from(letter).to_be_bytes()).collect(),
    ]
}

/// Bodies that nobody means: none of them may be our fault.
pub(super) fn oddities() -> Vec<String> {
    let long = "9".repeat(5000);
    let values = [
        "1e999",
        "-1e999",
        "NaN",
        "-Infinity",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u0000\"",
        "1E400",
        "1.5e-400",
        "-0",
        "-0.0",
        "18446744073709551616",
        &long,
        "\"\u{202e}\u{200b}\"",
        "[[[[[[[[]]]]]]]]",
        "{\"password\":{\"password\":[1]}}",
        "\"\u{fdfa}\u{fdfa}\u{fdfa}\"",
    ];
    let bodies = values.iter().map(|value| {
        format!("{{\"username\": {value}, \"password\": {value}, \"email\": {value}}}")
    });
    let wholes = values.iter().map(|value| (*value).to_owned());
    let deep = ["[".repeat(20_000), "{\"a\":".repeat(10_000), " ".repeat(50_000)];
    bodies.chain(wholes).chain(deep).collect()
}
