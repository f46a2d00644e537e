//! What the process measures of itself.

operations::name_metrics! {
    gauge Count HTTP_CONNECTIONS = "vestibule_http_connections":
        "Open connections of clients.";
    gauge Count HTTP_CONNECTIONS_MAX = "vestibule_http_connections_max":
        "How many connections of clients there may be.";
    counter Count HTTP_CONNECTIONS_REFUSED = "vestibule_http_connections_refused_total":
        "Connections that were closed because their address held too many.";
    counter Count HTTP_REQUESTS_REFUSED = "vestibule_http_requests_refused_total":
        "Requests that were refused before they reached any surface, by reason.";
    counter Count TLS_HANDSHAKES_FAILED = "vestibule_tls_handshakes_failed_total":
        "Connections on which no TLS came about, by reason.";
    gauge Seconds TLS_CERTIFICATE_EXPIRY = "vestibule_tls_certificate_expiry_timestamp_seconds":
        "When the certificate that is shown ends.";
    gauge Count BUILD_INFO = "vestibule_build_info":
        "Always 1; which version runs.";
    gauge Seconds START_TIME = "process_start_time_seconds":
        "When the process started.";
    counter Seconds PROCESSOR_SECONDS = "process_cpu_seconds_total":
        "What the process took of processors, in user mode and in the kernel.";
    gauge Bytes RESIDENT_MEMORY = "process_resident_memory_bytes":
        "What the process holds in memory.";
    gauge Count OPEN_FILES = "process_open_fds":
        "Open files of the process.";
    gauge Count MAX_FILES = "process_max_fds":
        "How many files the process may have open.";
}
