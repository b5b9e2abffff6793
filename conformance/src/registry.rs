//! A host with a registry that says the same of every image, at once.

use std::sync::Arc;

use serde_json::json;
use wapc::HostCallback;

/// What every tag names.
pub const DIGEST: &str = "sha256:4cfd547745af4676596c5b1691b58f6535bfe2392e919bbd5fbe135c62d6ba5e";

/// The repository of all images.
pub const REPOSITORY: &str = "registry.example.com/shop/web";

/// The `.sig` manifest of all images; without one, they are not signed.
#[derive(Clone, Default)]
pub struct Registry(pub Option<Arc<Vec<u8>>>);

impl Registry {
    pub fn of(manifest: Vec<u8>) -> Self {
        Self(Some(Arc::new(manifest)))
    }

    pub fn callback(&self) -> Box<HostCallback> {
        let digest = json!({"digest": DIGEST}).to_string().into_bytes();
        let manifest = self.0.clone();
        Box::new(move |_, _, _, operation, _| match operation {
            "v1/manifest_digest" => Ok(digest.clone()),
            "v1/oci_manifest" => match &manifest {
                Some(manifest) => Ok(manifest.to_vec()),
                None => Err("Callback evaluation failure: manifest unknown".into()),
            },
            _ => Err("Callback evaluation failure: no signatures found".into()),
        })
    }
}

/// What cosign signs for these images.
pub fn payload() -> Vec<u8> {
    let text = format!(
        r#"{{"critical":{{"identity":{{"docker-reference":"{REPOSITORY}"}},"image":{{"docker-manifest-digest":"{DIGEST}"}},"type":"cosign container image signature"}},"optional":null}}"#
    );
    text.into_bytes()
}
