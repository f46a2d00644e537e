//! What this crate measures, and how every crate names what it does.

/// Names of metrics with what each is, in one place a crate: whoever counts takes the name from there, and
/// `describe` tells `/metrics` the rest.
#[macro_export]
macro_rules! name_metrics {
    (@ counter $name:ident $unit:ident $help:literal) => {
        metrics::describe_counter!($name, metrics::Unit::$unit, $help)
    };
    (@ gauge $name:ident $unit:ident $help:literal) => {
        metrics::describe_gauge!($name, metrics::Unit::$unit, $help)
    };
    (@ histogram $name:ident $unit:ident $help:literal) => {
        metrics::describe_histogram!($name, metrics::Unit::$unit, $help)
    };
    ($($kind:ident $unit:ident $name:ident = $text:literal: $help:literal;)+) => {
        $(
            #[doc = $help]
            pub(crate) const $name: &str = $text;
        )+

        /// Says what each is, to whoever counts.
        pub fn describe() {
            $($crate::name_metrics!(@ $kind $name $unit $help);)+
        }
    };
}

name_metrics! {
    histogram Seconds DATABASE_ACQUIRE_SECONDS = "vestibule_database_acquire_seconds":
        "How long it took until there was a connection to the database, or a transaction on one.";
    counter Count DATABASE_ACQUIRE_TIMEOUTS = "vestibule_database_acquire_timeouts_total":
        "Waits for a connection to the database that ended without one.";
}
