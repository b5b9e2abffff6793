//! `.sig` manifests as cosign writes them, of layers that hold what one likes.

use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::keys::Signer;

/// When the log took its entries.
const TIME: u64 = 1_700_000_000;

/// A signature of some payload, and what comes with it.
#[derive(Clone)]
pub struct Layer {
    digest: String,
    annotations: Map<String, Value>,
}

impl Layer {
    pub fn new(payload: &[u8], signature: &[u8]) -> Self {
        let layer = Self { digest: sha256(payload), annotations: Map::new() };
        layer.with("dev.cosignproject.cosign/signature", BASE64.encode(signature))
    }

    pub fn certified(self, certificate: &str, chain: &[String]) -> Self {
        let layer = self.with("dev.sigstore.cosign/certificate", certificate.into());
        if chain.is_empty() { layer } else { layer.with("dev.sigstore.cosign/chain", chain.concat()) }
    }

    /// With the entry of a log.
    pub fn logged(self, entry: String) -> Self {
        self.with("dev.sigstore.cosign/bundle", entry)
    }

    pub fn with(mut self, name: &str, value: String) -> Self {
        self.annotations.insert(name.into(), value.into());
        self
    }

    fn json(&self) -> Value {
        json!({
            "mediaType": "application/vnd.dev.cosign.simplesigning.v1+json",
            "size": 250,
            "digest": format!("sha256:{}", self.digest),
            "annotations": self.annotations,
        })
    }
}

/// A manifest with the same layer so many times.
pub fn manifest_of(layer: &Layer, times: usize) -> Vec<u8> {
    let layers = vec![layer.json(); times];
    json!({"schemaVersion": 2, "layers": layers}).to_string().into_bytes()
}

/// An entry of a log, signed by it: what it is about, and so many bytes of filling that nobody asks for.
pub fn log_entry(
    log: &Signer,
    payload: &[u8],
    signature: &[u8],
    certificate: &str,
    filling: usize,
) -> String {
    let body = json!({
        "apiVersion": "0.0.1",
        "kind": "hashedrekord",
        "filling": "-".repeat(filling),
        "spec": {
            "data": {"hash": {"algorithm": "sha256", "value": sha256(payload)}},
            "signature": {
                "content": BASE64.encode(signature),
                "publicKey": {"content": BASE64.encode(certificate.as_bytes())},
            },
        },
    });
    let body = BASE64.encode(body.to_string().as_bytes());
    // The keys of a map are sorted: this is the canonical JSON that the log signs.
    let payload = json!({"body": body, "integratedTime": TIME, "logID": sha256(&log.der()), "logIndex": 1});
    let promise = log.sign(payload.to_string().as_bytes());
    json!({"SignedEntryTimestamp": BASE64.encode(&promise), "Payload": payload}).to_string()
}

/// In hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}
