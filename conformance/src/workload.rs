//! What a policy is measured with: the creation of a Deployment of a given size, and settings that every policy
//! understands which takes those of `verify-image-signatures`.

use serde_json::{Value, json};
use wapc::HostCallback;

/// Sizes of the object, in bytes.
pub const SIZES: [(&str, usize); 4] =
    [("1 KB", 1_000), ("100 KB", 100_000), ("117 KB", 117_000), ("1 MB", 1_000_000)];

const IMAGE: &str = "registry.example.com/shop/web:1.25";
const KEY: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEQXOFkt4QJD4xjFPJNTvZd8UMjHfA
b7v3fW3Frmt+xyVy45oEEoobtt9xtYVIpDwU+LvMBLBk3WFyBAJakp444Q==
-----END PUBLIC KEY-----
";

/// What is to come of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    Accept,
    Reject,
    Mutate,
}

impl Outcome {
    pub const ALL: [Self; 3] = [Self::Accept, Self::Reject, Self::Mutate];

    /// A host that says whether the image is signed, whatever it is asked.
    pub fn callback(self) -> Box<HostCallback> {
        let digest = "a".repeat(64);
        let answer = match self {
            Self::Reject => Err("Image verification failed: missing signatures"),
            _ => Ok(format!(r#"{{"is_trusted":true,"digest":"sha256:{digest}"}}"#).into_bytes()),
        };
        Box::new(move |_, _, _, _, _| answer.clone().map_err(Into::into))
    }

    pub fn is_of(self, answer: &Value) -> bool {
        let mutated = answer.get("mutated_object").is_some_and(|object| !object.is_null());
        answer["accepted"] == (self != Self::Reject) && mutated == (self == Self::Mutate)
    }
}

/// The object of the request, about as many bytes of JSON as asked for, most of them of no concern to a policy
/// about images.
pub fn object(bytes: usize) -> Value {
    let labels = json!({"app.kubernetes.io/name": "web"});
    let mut object = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop", "labels": labels},
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{
                    "name": "web",
                    "image": IMAGE,
                    "ports": [{"containerPort": 8080, "protocol": "TCP"}],
                    "resources": {"requests": {"cpu": "250m", "memory": "128Mi"}},
                    "env": [],
                }]},
            },
        },
    });
    let mut size = object.to_string().len();
    let mut variables = Vec::new();
    while size < bytes {
        let i = variables.len();
        let variable =
            json!({"name": format!("VARIABLE_{i}"), "value": format!("the value of variable number {i}")});
        size += variable.to_string().len() + 1;
        variables.push(variable);
    }
    object["spec"]["template"]["spec"]["containers"][0]["env"] = variables.into();
    object
}

/// The payload of `validate`.
pub fn payload(bytes: usize, outcome: Outcome) -> Vec<u8> {
    let pin = outcome == Outcome::Mutate;
    let payload = json!({
        "request": {
            "uid": "1299d386-525b-4032-98ae-1949f69f9cfc",
            "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
            "operation": "CREATE",
            "namespace": "shop",
            "object": object(bytes),
        },
        "settings": {
            "modifyImagesWithDigest": pin,
            "signatures": [{"image": "registry.example.com/*", "pubKeys": [KEY]}],
        },
    });
    payload.to_string().into_bytes()
}
