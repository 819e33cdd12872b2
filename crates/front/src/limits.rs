//! Every bound on what callers may send, how much of it and how fast: the one place that names them.

/// Bounds on what comes in. Sizes are bytes, times are seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a JSON body at most; more is refused with 413.
    pub json_bytes_max: usize,
    /// Bytes of an uploaded file at most; more is refused with 413.
    pub upload_bytes_max: u64,
    /// Bytes of a path with its query at most; more is refused with 414.
    pub url_bytes_max: usize,
    /// Bytes of the names and values of all headers at most; more is refused with 431. The HTTP
    /// parser itself gives up at 128 KiB and at 96 headers.
    pub header_bytes_max: usize,
    /// Headers at most; more is refused with 431.
    pub headers_max: usize,
    /// Seconds that the head of a request may take, and a TLS handshake.
    pub header_seconds_max: u64,
    /// Seconds that a body may lag behind [`body_bytes_per_second_min`](Self::body_bytes_per_second_min);
    /// one that lags longer is refused with 408.
    pub body_seconds_grace: u64,
    /// Bytes of a body that have to come in a second, on average.
    pub body_bytes_per_second_min: u64,
    /// Seconds that a connection may stay open between two requests.
    pub keep_alive_seconds: u64,
    /// Connections of the whole process at most; more wait until one ends.
    pub connections_max: usize,
    /// Connections of one address at most; more are closed at once. A trusted proxy, through
    /// which everybody comes, has no such bound.
    pub connections_per_address_max: usize,
    /// Requests of one address in a minute; more are refused with 429. Nought: any number.
    pub requests_per_minute_max: u32,
    /// Requests under one session or token in a minute, so that one script cannot use up what an
    /// office has behind one address. Nought: any number.
    pub requests_per_minute_of_caller_max: u32,
}

impl Limits {
    /// Seconds that a connection may stay open while no request of it is worked on and no byte of
    /// an answer can be sent: time for the client to think, and for the head of its next request.
    pub fn quiet_seconds_max(&self) -> u64 {
        self.keep_alive_seconds + self.header_seconds_max
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            json_bytes_max: 256 * 1024,
            upload_bytes_max: 256 * 1024 * 1024,
            url_bytes_max: 8 * 1024,
            header_bytes_max: 16 * 1024,
            headers_max: 64,
            header_seconds_max: 10,
            body_seconds_grace: 20,
            body_bytes_per_second_min: 4 * 1024,
            keep_alive_seconds: 15,
            connections_max: 512,
            connections_per_address_max: 128,
            requests_per_minute_max: 12_000,
            requests_per_minute_of_caller_max: 6_000,
        }
    }
}
