//! What goes back to the client.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::json;

/// An answer, whole in memory.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(HeaderName, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, headers: vec![(header::CONTENT_TYPE, content_type.to_owned())], body: body.into() }
    }

    /// 200 with JSON.
    pub(super) fn json(value: &impl Serialize) -> Self {
        Self::json_with(200, value)
    }

    /// JSON with a status.
    pub(super) fn json_with(status: u16, value: &impl Serialize) -> Self {
        let body = serde_json::to_vec(value).expect("maps have text keys and no number is NaN");
        Self::new(status, "application/json; charset=utf-8", body)
    }

    /// An error in the portal's JSON form.
    pub(super) fn message(status: u16, message: &str) -> Self {
        Self::json_with(status, &json!({ "Message": message }))
    }

    /// An error as bare text, the form of the portal's own refusals.
    pub(super) fn text(status: u16, text: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text)
    }

    pub(super) fn html(status: u16, html: impl Into<Vec<u8>>) -> Self {
        Self::new(status, "text/html; charset=utf-8", html)
    }

    pub(super) fn xml(status: u16, xml: String) -> Self {
        Self::new(status, "text/xml", xml)
    }

    /// 302 to another address.
    pub(super) fn redirect(location: String) -> Self {
        let mut reply = Self::text(302, "");
        reply.headers = vec![(header::LOCATION, location)];
        reply
    }

    /// 204.
    pub(super) fn empty() -> Self {
        let mut reply = Self::text(204, "");
        reply.headers.clear();
        reply
    }

    #[must_use]
    pub(super) fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    /// The form the server wants. A header value that HTTP cannot carry is left out.
    pub(super) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}
