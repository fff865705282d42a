//! Owns an HTTP connection that asks without a thread of its own, so that thousands can wait at once.
//! Does not own: what is asked; load.rs asks from threads.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::Failure;

/// One connection, kept open from answer to answer.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
    authorization: String,
}

fn failed(problem: impl std::fmt::Display) -> Failure {
    Failure::Unusable(format!("a connection failed: {problem}"))
}

impl Connection {
    /// `base` is as a server announces it, `http://HOST:PORT`.
    pub async fn open(base: &str, token: &str) -> Result<Connection, Failure> {
        let host = base.trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(&host).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(failed)?;
        // Its end shows at the next request.
        drop(tokio::spawn(connection));
        Ok(Connection { sender, host, authorization: format!("Bearer {token}") })
    }

    async fn send(&mut self, method: Method, path: &str, body: String) -> Result<Response<Incoming>, Failure> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", &self.host)
            .header("authorization", &self.authorization)
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))
            .map_err(failed)?;
        self.sender.ready().await.map_err(failed)?;
        self.sender.send_request(request).await.map_err(failed)
    }

    /// Sends JSON, and takes the whole answer.
    pub async fn post(&mut self, path: &str, body: String) -> Result<(u16, Bytes), Failure> {
        let answer = self.send(Method::POST, path, body).await?;
        let status = answer.status().as_u16();
        let bytes = answer.into_body().collect().await.map_err(failed)?.to_bytes();
        Ok((status, bytes))
    }

    /// Asks for an answer that goes on.
    pub async fn listen(mut self, path: &str) -> Result<Incoming, Failure> {
        let answer = self.send(Method::GET, path, String::new()).await?;
        if answer.status().is_success() { Ok(answer.into_body()) } else { Err(failed(format!("{path}: {}", answer.status()))) }
    }
}
