//! Owns what arrives: the ways in which credentials and parameters travel, from a request's bytes to fields.
//! Does not own: what the fields mean.

use std::pin::Pin;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, Method, Uri, header};

use crate::error::Fault;
use crate::fields::Fields;
use crate::limits;
use crate::state::PortaOptions;

/// A request's credentials and parameters, whichever way they came. Cannot be printed, so that no log gets them.
#[derive(Default)]
pub struct Envelope {
    pub auth_info: Option<Fields>,
    pub params: Fields,
    /// As it was sent, for telling a repeat from another request.
    pub params_text: String,
}

/// The parts of `/rest/<Service>/<method>/<auth_info>/<params>`, not decoded: an encoded slash parts nothing.
pub struct Path<'a> {
    pub service: &'a str,
    pub method: &'a str,
    pub auth_info: Option<&'a str>,
    pub params: Option<&'a str>,
}

impl<'a> Path<'a> {
    pub fn of(uri: &'a Uri) -> Path<'a> {
        let path = uri.path();
        let mut parts = path.strip_prefix("/rest").unwrap_or(path).trim_start_matches('/').splitn(4, '/');
        let (service, method) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let (auth_info, params) = (parts.next().filter(|part| !part.is_empty()), parts.next().filter(|part| !part.is_empty()));
        Path { service, method, auth_info, params }
    }
}

enum Content {
    Json,
    Form,
    Multipart,
}

fn content_of(headers: &HeaderMap) -> Result<Option<Content>, Fault> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" => Ok(Some(Content::Json)),
        "application/x-www-form-urlencoded" => Ok(Some(Content::Form)),
        "multipart/form-data" => Ok(Some(Content::Multipart)),
        _ => Err(Fault::new("unsupported_content_type", "send application/json, application/x-www-form-urlencoded or multipart/form-data")),
    }
}

/// Reads a request whole.
pub async fn read(request: Request, options: PortaOptions) -> Result<Envelope, Fault> {
    let (parts, body) = request.into_parts();
    let from_url = read_url(&parts.uri, options)?;
    if parts.method == Method::GET && options.url_credentials {
        return Ok(from_url.unwrap_or_default());
    }
    if parts.method != Method::POST {
        return Err(Fault::new("unsupported_http_method", "send a POST request"));
    }
    let content = content_of(&parts.headers)?;
    let bytes = collect(body, options.body_bytes_max).await?;
    if let Some(envelope) = from_url {
        return Ok(envelope);
    }
    match content {
        Some(Content::Json) => read_json(&bytes),
        Some(Content::Form) => read_form(&bytes),
        Some(Content::Multipart) => read_multipart(Request::from_parts(parts, Body::from(bytes))).await,
        None if bytes.is_empty() => Ok(Envelope::default()),
        None => read_json(&bytes),
    }
}

/// The body, up to its limit. What comes after is read and thrown away for a while, so that the sender hears the fault
/// instead of a broken connection.
async fn collect(body: Body, bytes_max: usize) -> Result<Bytes, Fault> {
    use axum::body::HttpBody;
    let mut body = body;
    let (mut kept, mut length) = (Vec::new(), 0_usize);
    while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|_| Fault::new("malformed_request", "the body ended before its end"))?;
        let Some(data) = frame.data_ref() else { continue };
        length = length.saturating_add(data.len());
        if length <= bytes_max {
            kept.extend_from_slice(data);
        } else if length > limits::BODY_BYTES_DISCARDED_MAX {
            break;
        }
    }
    if length > bytes_max {
        return Err(Fault::new("request_too_large", format!("the body has more than {bytes_max} bytes")));
    }
    Ok(Bytes::from(kept))
}

fn utf8<'a>(bytes: &'a [u8], what: &str) -> Result<&'a str, Fault> {
    std::str::from_utf8(bytes).map_err(|_| Fault::field(what, "invalid_utf8", "is not UTF-8"))
}

fn envelope(auth_info: Option<&str>, params: Option<&str>) -> Result<Envelope, Fault> {
    let auth_info = auth_info.map(|text| Fields::parse(text, "auth_info")).transpose()?;
    let params_text = params.unwrap_or_default().to_owned();
    Ok(Envelope { auth_info, params: Fields::parse(&params_text, "params")?, params_text })
}

fn read_json(bytes: &[u8]) -> Result<Envelope, Fault> {
    let body = Fields::parse(utf8(bytes, "body")?, "body")?;
    let auth_info = body.object("auth_info")?;
    let params = body.object("params")?.unwrap_or_default();
    let params_text = body.object_text("params").unwrap_or_default().to_owned();
    Ok(Envelope { auth_info, params, params_text })
}

fn read_form(bytes: &[u8]) -> Result<Envelope, Fault> {
    from_pairs(&pairs(utf8(bytes, "body")?)?)
}

/// The decoded pairs of a form or a query.
fn pairs(text: &str) -> Result<Vec<(String, String)>, Fault> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name, true)?, decoded(value, true)?))
        })
        .collect()
}

fn from_pairs(pairs: &[(String, String)]) -> Result<Envelope, Fault> {
    let value = |wanted: &str| pairs.iter().rev().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    envelope(value("auth_info"), value("params"))
}

async fn read_multipart(request: Request) -> Result<Envelope, Fault> {
    let malformed = || Fault::new("malformed_request", "the multipart body cannot be read");
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| malformed())?;
    let mut found = Vec::new();
    for _ in 0..limits::PARTS_MAX {
        let Some(field) = multipart.next_field().await.map_err(|_| malformed())? else { return from_pairs(&found) };
        let Some(name) = field.name().map(str::to_owned) else { continue };
        let bytes = field.bytes().await.map_err(|_| malformed())?;
        if name == "auth_info" || name == "params" {
            let text = utf8(&bytes, &name)?.to_owned();
            found.push((name, text));
        }
    }
    Err(Fault::new("too_many_parts", format!("at most {} parts", limits::PARTS_MAX)))
}

/// Credentials and parameters of the URL, where the installation takes them there. Elsewhere they are refused by name: nobody
/// would find out why they are not seen.
fn read_url(uri: &Uri, options: PortaOptions) -> Result<Option<Envelope>, Fault> {
    let path = Path::of(uri);
    let query = uri.query().unwrap_or_default();
    let is_ours = |pair: &str| matches!(pair.split('=').next(), Some("auth_info" | "params"));
    let in_path = path.auth_info.is_some() || path.params.is_some();
    if !in_path && !query.split('&').any(is_ours) {
        return Ok(None);
    }
    if !options.url_credentials {
        let text = "credentials and parameters in the URL are not taken here: send them in the body, or a bearer token";
        return Err(Fault::new("url_credentials_off", text));
    }
    if !in_path {
        return from_pairs(&pairs(query)?).map(Some);
    }
    let part = |part: Option<&str>| part.map(|part| decoded(part, false)).transpose();
    envelope(part(path.auth_info)?.as_deref(), part(path.params)?.as_deref()).map(Some)
}

/// Undoes percent encoding; a form writes spaces as `+`.
fn decoded(text: &str, plus_is_space: bool) -> Result<String, Fault> {
    let malformed = || Fault::new("malformed_request", "a percent sign is not followed by two hexadecimal digits");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' if plus_is_space => bytes.push(b' '),
            b'%' => {
                let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
                let (high, low) = (digit(rest.next()).ok_or_else(malformed)?, digit(rest.next()).ok_or_else(malformed)?);
                bytes.push(u8::try_from(high * 16 + low).map_err(|_| malformed())?);
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).map_err(|_| Fault::new("invalid_utf8", "the request is not UTF-8"))
}
