//! Small cookies beside the session's.

use actix_web::HttpRequest;

/// The value of a cookie.
pub fn value(request: &HttpRequest, name: &str) -> Option<String> {
    let cookie = request.headers().get_all("Cookie");
    cookie
        .filter_map(|value| value.to_str().ok())
        .flat_map(|pairs| pairs.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then(|| value.to_owned()))
}
