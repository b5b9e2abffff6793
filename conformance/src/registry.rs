//! A host with a registry that has the same signatures for every image, at once.

use std::sync::Arc;

use serde_json::json;
use wapc::HostCallback;

use crate::manifest::sha256;

/// What all tags name, if they name one image.
pub const DIGEST: &str = "sha256:4cfd547745af4676596c5b1691b58f6535bfe2392e919bbd5fbe135c62d6ba5e";

/// The repository of all images.
pub const REPOSITORY: &str = "registry.example.com/shop/web";

#[derive(Clone, Default)]
pub struct Registry {
    /// The `.sig` manifest of all images; without one, they are not signed.
    manifest: Option<Arc<Vec<u8>>>,
    /// Whether all tags name one image.
    is_one: bool,
}

impl Registry {
    pub fn of(manifest: Vec<u8>) -> Self {
        Self { manifest: Some(Arc::new(manifest)), is_one: false }
    }

    /// The same where all tags name one image.
    pub fn of_one(self) -> Self {
        Self { is_one: true, ..self }
    }

    pub fn callback(&self) -> Box<HostCallback> {
        let Self { manifest, is_one } = self.clone();
        Box::new(move |_, _, _, operation, image| match operation {
            "v1/manifest_digest" => {
                let digest = if is_one { DIGEST.into() } else { format!("sha256:{}", sha256(image)) };
                Ok(json!({"digest": digest}).to_string().into_bytes())
            }
            "v1/oci_manifest" => match &manifest {
                Some(manifest) => Ok(manifest.to_vec()),
                None => Err("Callback evaluation failure: manifest unknown".into()),
            },
            _ => Err("Callback evaluation failure: no signatures found".into()),
        })
    }
}

/// What cosign signs for the one image.
pub fn payload() -> Vec<u8> {
    let text = format!(
        r#"{{"critical":{{"identity":{{"docker-reference":"{REPOSITORY}"}},"image":{{"docker-manifest-digest":"{DIGEST}"}},"type":"cosign container image signature"}},"optional":null}}"#
    );
    text.into_bytes()
}
