//! The pages to which links in messages lead.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod chromium;
mod clicked;
mod headers;
mod journeys;
mod refusals;
mod support;
