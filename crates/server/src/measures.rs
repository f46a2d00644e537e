//! What the process measures of itself.

operations::name_metrics! {
    gauge Count HTTP_CONNECTIONS = "vestibule_http_connections":
        "Open connections of clients.";
    gauge Count HTTP_CONNECTIONS_MAX = "vestibule_http_connections_max":
        "How many connections of clients there may be.";
    counter Count HTTP_CONNECTIONS_REFUSED = "vestibule_http_connections_refused_total":
        "Connections that were closed because their address held too many.";
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
