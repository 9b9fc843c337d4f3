//! One request, one answer.

use std::cell::OnceCell;
use std::fmt;
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};

use crate::base::Secret;
use crate::net::{NetError, NetErrorKind};

/// How long connecting may take: a host that is there answers far sooner.
const CONNECT_SECONDS: u64 = 10;

/// The most that is read of an answer. The tenants of a portal with 10,000 of them take about 10 MB.
const MOST_BYTES: usize = 64 << 20;

/// What is done at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Fetch.
    Get,
    /// Send.
    Post,
}

/// A request. Header values may hold tokens, so they are secrets.
#[derive(Debug)]
pub struct Request {
    /// What is done.
    pub method: Method,
    /// Where; the whole address.
    pub url: String,
    /// With which header fields.
    pub headers: Vec<(&'static str, Secret)>,
    /// Sending what.
    pub body: String,
}

/// An answer, of whatever status.
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// `Content-Type`, in lower case; empty where there is none.
    pub media_type: String,
    /// `Retry-After` in seconds, where the server gave one.
    pub retry_after: Option<u64>,
    /// The body. May hold credentials.
    pub body: Vec<u8>,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({}, {:?}, {} bytes)", self.status, self.media_type, self.body.len())
    }
}

/// An HTTP client and the runtime it works on: built once it is needed, never for a cached answer.
#[derive(Debug)]
pub struct Http {
    runtime: Option<tokio::runtime::Runtime>,
    /// For https. Made when first used: reading the system's certificates takes longer than all else here.
    client: OnceCell<reqwest::Client>,
    /// For plain http. That goes to this machine only, where no proxy has any business: through one, a token would
    /// cross the network in clear.
    direct: OnceCell<reqwest::Client>,
}

impl Http {
    /// A client that trusts what the system trusts (and `SSL_CERT_FILE`), uses the system's proxy variables, and
    /// follows no redirect: a portal that answers with one has sent us to a sign-in page.
    ///
    /// # Errors
    /// [`NetErrorKind::Setup`].
    pub fn new() -> Result<Self, NetError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(|e| NetError::new(NetErrorKind::Setup, "", e.to_string()))?;
        Ok(Self { runtime: Some(runtime), client: OnceCell::new(), direct: OnceCell::new() })
    }

    fn client_for(&self, url: &str) -> Result<&reqwest::Client, NetError> {
        let is_plain = url.starts_with("http://");
        let cell = if is_plain { &self.direct } else { &self.client };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        // The process has one provider; a second client finds it set.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(CONNECT_SECONDS))
            .user_agent(concat!("jitpass/", env!("CARGO_PKG_VERSION")))
            .http1_only();
        let builder = if is_plain { builder.no_proxy().tls_certs_only(std::iter::empty()) } else { builder };
        let client = builder.build().map_err(|e| NetError::from_reqwest(host_of(url), &e))?;
        Ok(cell.get_or_init(|| client))
    }

    /// Sends a request and reads the whole answer, by `deadline` at the latest.
    pub fn send(&self, request: &Request, deadline: Instant) -> Result<Response, NetError> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(NetError::new(NetErrorKind::Timeout, host_of(&request.url), ""));
        }
        self.block_on(self.exchange(request, left))
    }

    /// Sends several requests at once; the answers come in the order of the requests.
    pub fn send_all(&self, requests: &[Request], deadline: Instant) -> Vec<Result<Response, NetError>> {
        let left = deadline.saturating_duration_since(Instant::now());
        self.block_on(async {
            let mut running: Vec<_> = requests.iter().map(|r| Box::pin(self.exchange(r, left))).collect();
            let mut answers: Vec<Option<Result<Response, NetError>>> =
                requests.iter().map(|_| None).collect();
            std::future::poll_fn(|context| {
                let mut waiting = false;
                for (exchange, answer) in running.iter_mut().zip(&mut answers) {
                    if answer.is_none() {
                        match exchange.as_mut().poll(context) {
                            std::task::Poll::Ready(done) => *answer = Some(done),
                            std::task::Poll::Pending => waiting = true,
                        }
                    }
                }
                if waiting { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
            })
            .await;
            answers.into_iter().flatten().collect()
        })
    }

    fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.as_ref().expect("the runtime goes only when the client does").block_on(work)
    }

    async fn exchange(&self, request: &Request, left: Duration) -> Result<Response, NetError> {
        let host = host_of(&request.url);
        let failed = |e: &reqwest::Error| NetError::from_reqwest(host, e);
        let client = self.client_for(&request.url)?;
        let mut builder = match request.method {
            Method::Get => client.get(&request.url),
            Method::Post => client.post(&request.url).body(request.body.clone()),
        };
        for (name, value) in &request.headers {
            builder = builder.header(*name, value.expose());
        }
        let started = Instant::now();
        let mut answer = builder.timeout(left).send().await.map_err(|e| failed(&e))?;
        let header = |name| answer.headers().get(name).and_then(|v| v.to_str().ok());
        let mut response = Response {
            status: answer.status().as_u16(),
            media_type: header(CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase(),
            retry_after: header(RETRY_AFTER).and_then(|v| v.trim().parse().ok()),
            body: Vec::new(),
        };
        while let Some(chunk) = answer.chunk().await.map_err(|e| failed(&e))? {
            response.body.extend_from_slice(&chunk);
            if response.body.len() > MOST_BYTES {
                return Err(NetError::new(NetErrorKind::TooLarge, host, ""));
            }
        }
        tracing::debug!(
            url = request.url,
            status = response.status,
            bytes = response.body.len(),
            milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "answered"
        );
        Ok(response)
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        // Looking up a name cannot be called off, and waiting for it would outlast every deadline.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The host of an address, for messages.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or(rest)
}
