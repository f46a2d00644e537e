//! What surfaces measure.

operations::name_metrics! {
    counter Count HTTP_REQUESTS = "vestibule_http_requests_total":
        "Requests, by who answered them and how.";
    histogram Seconds HTTP_REQUEST_SECONDS = "vestibule_http_request_seconds":
        "How long it took until the head of the answer, or until the client was gone.";
    counter Count REFUSALS = "vestibule_refusals_total":
        "Requests that were refused, by the code of the refusal.";
}
