//! Requests, settings and registries that are as large as the policy's limits allow (assembly/limits.ts).

use serde_json::{Value, json};

use crate::der::pem;
use crate::hostile::{Hostile, IMAGES, LAYERS, MANIFESTS, RULES, hostile};
use crate::keys::{Key, Signer};
use crate::manifest::{Layer, manifest_of};
use crate::registry::{Registry, payload};

const PER_RULE: usize = 64;
const MANIFEST_BYTES: usize = 4 << 20;
/// Bytes that a manifest may have if it is that of every image.
const SHARE: usize = MANIFESTS * MANIFEST_BYTES / IMAGES;
/// Bytes of settings that leave room for a request.
const SETTINGS_BYTES: usize = 7 << 20;

/// Manifests and settings, and what they come to beside one another.
pub fn bulky() -> Vec<Hostile> {
    [manifests(), settings()].into_iter().flatten().collect()
}

/// Manifests of as many bytes as there may be.
fn manifests() -> Vec<Hostile> {
    let rule = || [json!({"pubKeys": [Key::of_curve(0).pem()]})];
    let head = r#"{"schemaVersion":2,"layers":[],"#;
    let dense = |unit: &str, bytes: usize| {
        let text = format!(r#"{head}"x":[{}0]}}"#, unit.repeat((bytes - head.len() - 8) / unit.len()));
        Registry::of(text.into_bytes())
    };
    let one = dense("[],", MANIFEST_BYTES).of_one();
    let keys = |key: &str| {
        let unit = format!(r#""{key}":0,"#);
        let text = format!(r#"{head}{}"z":0}}"#, unit.repeat((MANIFEST_BYTES - head.len() - 8) / unit.len()));
        Registry::of(text.into_bytes())
    };
    let wide = |name: &str| {
        let text = format!(r#""{name}":"","#).repeat((MANIFEST_BYTES / LAYERS - 512) / (name.len() + 6));
        let layer = Layer::new(b"other", &Key::of_curve(0).wrong).with("z", String::new());
        let manifest = String::from_utf8(manifest_of(&layer, LAYERS)).expect("it is UTF-8");
        Registry::of(manifest.replace(r#""z":"#, &format!(r#"{text}"z":"#)).into_bytes())
    };
    let long = Layer::new(b"other", &vec![0x30; 47 << 10]);
    let nested = format!("{}{},", "[".repeat(120), "]".repeat(120));
    vec![
        hostile("dense manifests, 4 MiB", MANIFESTS, rule(), dense("[],", MANIFEST_BYTES)),
        hostile("a dense manifest, 4 MiB", IMAGES, rule(), one),
        hostile("dense manifests, 128 KiB", IMAGES, rule(), dense("[],", SHARE)),
        hostile("nested manifests, 4 MiB", MANIFESTS, rule(), dense(&nested, MANIFEST_BYTES)),
        hostile("manifests of many keys", MANIFESTS, rule(), keys("k")),
        hostile("manifests of many escaped keys", MANIFESTS, rule(), keys(r"\n")),
        hostile("layers of many annotations", MANIFESTS, rule(), wide("k")),
        hostile("layers of many escaped annotations", MANIFESTS, rule(), wide(r"\n")),
        hostile("signatures of 64 KiB", MANIFESTS, rule(), Registry::of(manifest_of(&long, LAYERS))),
    ]
}

/// Settings that are as large as they may be, beside as many images.
fn settings() -> Vec<Hostile> {
    let signers: Vec<Signer> = (1..=PER_RULE as u8).map(Signer::new).collect();
    let named = |signer: &Signer| json!({"name": "-".repeat(64), "key": signer.pem()});
    let keys: Vec<Value> = signers.iter().map(named).collect();
    let key = Key::of_curve(0);
    let any_of_64 = json!({"pubKeys": keys, "threshold": 1});
    let wrong = Registry::of(manifest_of(&Layer::new(&payload(), &key.wrong), LAYERS));
    let annotated = |bytes: usize| json!({"pubKeys": [key.pem()], "annotations": {"a": "-".repeat(bytes)}});
    let share = SETTINGS_BYTES / RULES;
    let points = |key: &Key| {
        let pems: Vec<String> =
            (0..PER_RULE as u8).map(|i| pem("PUBLIC KEY", &numbered(&key.der, i))).collect();
        vec![json!({"pubKeys": pems, "threshold": 1}); RULES]
    };
    vec![
        hostile(
            "256 rules of 64 keys, unsigned",
            IMAGES,
            vec![any_of_64.clone(); RULES],
            Registry::default(),
        ),
        hostile("256 rules of 64 keys, wrong signatures", IMAGES, vec![any_of_64; RULES], wrong.clone()),
        hostile("256 rules of 64 Ed25519 keys", 1, points(&Key::ed25519()), wrong.clone()),
        hostile("an annotation of 7 MiB", IMAGES, [annotated(SETTINGS_BYTES)], wrong.clone()),
        hostile("256 annotations of 28 KiB", IMAGES, vec![annotated(share); RULES], wrong),
    ]
}

/// The key with another point.
fn numbered(der: &[u8], number: u8) -> Vec<u8> {
    let (last, head) = der.split_last().expect("it is not empty");
    [head, &[last ^ number]].concat()
}
