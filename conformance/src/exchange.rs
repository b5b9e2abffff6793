//! What a policy asks its host, in the form in which kwctl records it: a variant's name and its fields.

use std::fmt;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use serde_norway::value::TaggedValue;

/// A request to the host. Fields that are `null` are left out: that and absent are the same to a host.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    variant: String,
    fields: Value,
}

impl Request {
    /// Decodes a call of the `kubewarden` binding as the host does.
    pub fn decode(namespace: &str, operation: &str, payload: &[u8]) -> Result<Self> {
        let payload = || serde_json::from_slice(payload).context("the payload is not JSON");
        let (variant, fields) = match (namespace, operation) {
            ("oci", "v2/verify") => {
                let mut fields: Value = payload()?;
                let variant = fields.as_object_mut().and_then(|fields| fields.remove("type"));
                match variant {
                    Some(Value::String(variant)) => return Ok(Self::new(&variant, fields)),
                    _ => bail!("missing field `type`"),
                }
            }
            ("oci", "v1/manifest_digest") => ("OciManifestDigest", json!({"image": payload()?})),
            ("oci", "v1/oci_manifest") => ("OciManifest", json!({"image": payload()?})),
            ("oci", "v1/oci_manifest_config") => ("OciManifestAndConfig", json!({"image": payload()?})),
            ("crypto", "v1/is_certificate_trusted") => {
                ("CryptoIsCertificateTrusted", json!({"request": payload()?}))
            }
            ("kubernetes", "list_resources_by_namespace") => ("KubernetesListResourceNamespace", payload()?),
            ("kubernetes", "list_resources_all") => ("KubernetesListResourceAll", payload()?),
            ("kubernetes", "get_resource") => ("KubernetesGetResource", payload()?),
            _ => bail!("unknown operation: {namespace}/{operation}"),
        };
        Ok(Self::new(variant, fields))
    }

    /// Parses the text of a recorded request: a YAML mapping whose tag is the variant.
    fn parse(text: &str) -> Result<Self> {
        let TaggedValue { tag, value } = serde_norway::from_str(text)?;
        let fields = serde_json::to_value(value)?;
        Ok(Self::new(tag.to_string().trim_start_matches('!'), fields))
    }

    fn new(variant: &str, fields: Value) -> Self {
        Self { variant: variant.into(), fields: without_nulls(fields) }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", self.variant, self.fields)
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let some = fields.into_iter().filter(|(_, value)| !value.is_null());
            some.map(|(name, value)| (name, without_nulls(value))).collect()
        }
        other => other,
    }
}

/// A request and what the host answered.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub request: Request,
    pub response: Response,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", deny_unknown_fields)]
pub enum Response {
    Success { payload: String },
    Error { message: String },
}

#[derive(Deserialize)]
#[serde(tag = "type", deny_unknown_fields)]
enum Record {
    Exchange { request: String, response: Response },
}

/// Parses a session in kwctl's format.
pub fn parse_session(text: &str) -> Result<Vec<Exchange>> {
    let records: Vec<Record> = serde_norway::from_str(text)?;
    let exchange = |Record::Exchange { request, response }| {
        Ok(Exchange { request: Request::parse(&request)?, response })
    };
    records.into_iter().map(exchange).collect()
}
