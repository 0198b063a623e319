//! The HTTP client: one request, one answer, in bounded time and size. It follows no redirection, asks no proxy, reads no environment, and keeps
//! nothing between requests that matters.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use pcf_ledger::ledger::{Post, Reply};
use pcf_ledger::limits::WITNESS_ANSWER_BYTES_MAX;

/// How long a witness may take for its whole answer.
pub const ANSWER_TIME: Duration = Duration::from_secs(20);

/// How long connecting to one address of it may take.
const CONNECT_TIME: Duration = Duration::from_secs(5);

/// An HTTP client; TLS by the root certificates of Mozilla.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
}

impl Client {
    /// A client whose requests take at most `time` each.
    pub fn new(time: Duration) -> Self {
        // Given explicitly: where two providers are linked together, the default one panics.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(RootCerts::WebPki)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(time))
            .timeout_connect(Some(CONNECT_TIME.min(time)))
            .user_agent(concat!("pcf-ledger/", env!("CARGO_PKG_VERSION")));
        Self { agent: config.build().new_agent() }
    }
}

impl Default for Client {
    /// With [`ANSWER_TIME`].
    fn default() -> Self {
        Self::new(ANSWER_TIME)
    }
}

impl Post for Client {
    fn post(&self, url: &str, body: &str) -> Result<Reply, String> {
        let failed = |error: ureq::Error| format!("no answer from {url}: {error}");
        let mut answer = self
            .agent
            .post(url)
            .header("content-type", "text/plain; charset=utf-8")
            .send(body)
            .map_err(failed)?;
        let content_type = answer.headers().get("content-type").and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let limit = WITNESS_ANSWER_BYTES_MAX as u64 + 1; // OK because it is small; one byte more shows that it is too long.
        let mut bytes = Vec::new();
        let read = answer.body_mut().as_reader().take(limit).read_to_end(&mut bytes);
        read.map_err(|error| format!("no whole answer from {url}: {error}"))?;
        Ok(Reply { status: answer.status().as_u16(), content_type, body: bytes })
    }
}
