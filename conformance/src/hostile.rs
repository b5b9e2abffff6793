//! Requests, settings and registries that are as costly as the policy's limits allow (assembly/limits.ts): signatures,
//! and what proves them.

use serde_json::{Value, json};

use crate::bulky::bulky;
use crate::certificate::{ISSUER, SUBJECT, of_authority, of_holder};
use crate::keys::{Key, Signer};
use crate::manifest::{Layer, log_entry, manifest_of, sha256};
use crate::registry::{REPOSITORY, Registry, payload};

pub const IMAGES: usize = 256;
pub const RULES: usize = 256;
pub const LAYERS: usize = 64;
/// Images whose manifests may have 4 MiB each.
pub const MANIFESTS: usize = 8;
/// Bytes of an entry or a certificate that make it nearly 64 KiB when it is written as base64 of base64.
const FILLING: usize = 22 << 10;

/// A request for so many images, and what it meets.
pub struct Hostile {
    pub name: String,
    pub images: usize,
    pub settings: Value,
    pub registry: Registry,
}

/// All of them, group by group.
pub fn all() -> Vec<Hostile> {
    [wrong_signatures(), log_entries(), certificates(), bulky()].into_iter().flatten().collect()
}

/// Layers that all have to be looked at, for as many images as there may be.
fn wrong_signatures() -> Vec<Hostile> {
    let curves = (0..3).map(Key::of_curve).chain([Key::ed25519()]);
    let rsa = [2048, 4096, 8192].into_iter().flat_map(|bits| [3, 65537, u32::MAX].map(|e| Key::rsa(bits, e)));
    let of_key = |key: Key| {
        let manifest = manifest_of(&Layer::new(&payload(), &key.wrong), LAYERS);
        let rule = json!({"pubKeys": [key.pem()]});
        let name = format!("wrong signatures, {}", key.name);
        // An Ed25519 signature is looked at only if its payload is known.
        let registry = Registry::of(manifest);
        let registry = if key.name == "Ed25519" { registry.of_one() } else { registry };
        hostile(&name, IMAGES, [rule], registry)
    };
    curves.chain(rsa).map(of_key).collect()
}

/// Signatures of something else, copied, with entries of a log that are about another signature, or not by the log.
fn log_entries() -> Vec<Hostile> {
    let (signer, log) = (Signer::new(1), Signer::new(2));
    let signature = signer.sign(b"other");
    let layer = Layer::new(b"other", &signature);
    let entry = |by: &Signer, filling| log_entry(by, b"another", &signature, &signer.pem(), filling);
    let rule = |key: String| json!({"pubKeys": [signer.pem()], "transparencyLog": {"keys": [key]}});
    let small = manifest_of(&layer.clone().logged(entry(&log, 0)), LAYERS);
    let big = manifest_of(&layer.clone().logged(entry(&log, FILLING)), LAYERS);
    let of_log = |key: &Key| {
        let entry = entry(&log, 0).replace(&sha256(&log.der()), &sha256(&key.der));
        let manifest = manifest_of(&layer.clone().logged(entry), LAYERS);
        let name = format!("log entries by {}", key.name);
        hostile(&name, IMAGES, [rule(key.pem())], Registry::of(manifest))
    };
    let of_roots = json!({"pubKeys": [signer.pem()], "transparencyLog": {"required": true}});
    let one_log = hostile(
        "log entries of 64 KiB, one log for 256 rules",
        1,
        vec![of_roots; RULES],
        Registry::of(big.clone()),
    );
    vec![
        trusting(one_log, json!({"rekor": [log.pem()]})),
        hostile("log entries", IMAGES, [rule(log.pem())], Registry::of(small)),
        hostile("log entries of 64 KiB", MANIFESTS, [rule(log.pem())], Registry::of(big.clone())),
        hostile("log entries of 64 KiB, 256 rules", 1, vec![rule(log.pem()); RULES], Registry::of(big)),
        of_log(&Key::of_curve(2)),
        of_log(&Key::rsa(8192, u32::MAX)),
    ]
}

/// Signatures with certificates that everything is right of, but whom they are of.
fn certificates() -> Vec<Hostile> {
    let (signer, log) = (Signer::new(1), Signer::new(2));
    let signature = signer.sign(b"other");
    let layer = |key: &Key, filling| {
        let holder = of_holder(&signer.der(), key, filling);
        let entry = log_entry(&log, b"other", &signature, &holder, 0);
        Layer::new(b"other", &signature).certified(&holder, &vec![of_authority(key); 8]).logged(entry)
    };
    let trust = |key: &Key, roots| json!({"fulcio": vec![of_authority(key); roots], "rekor": [log.pem()]});
    let identity = json!({"issuer": ISSUER, "subject": SUBJECT});
    let keyless = |key: &Key, roots| json!({"keyless": [identity], "trustRoots": trust(key, roots)});
    let mut found = Vec::new();
    for key in [Key::of_curve(0), Key::of_curve(2), Key::rsa(8192, 65537), Key::rsa(8192, u32::MAX)] {
        let manifest = manifest_of(&layer(&key, 0), LAYERS);
        let name = format!("paths, {}", key.name);
        let registry = Registry::of(manifest);
        found.push(hostile(&name, IMAGES, [keyless(&key, 1)], registry.clone()));
        found.push(hostile(&format!("{name}, 16 roots"), IMAGES, [keyless(&key, 16)], registry.clone()));
        let rules = vec![keyless(&key, 1); RULES];
        found.push(hostile(&format!("{name}, 256 rules"), 1, rules, registry.clone()));
        let rule = json!({"keyless": [identity]});
        let name = format!("{name}, one authority for 256 rules");
        found.push(trusting(hostile(&name, 1, vec![rule; RULES], registry), trust(&key, 1)));
    }
    let key = Key::of_curve(0);
    let long = Registry::of(manifest_of(&layer(&key, FILLING), LAYERS / 2));
    found.push(hostile("paths, long certificates", MANIFESTS, [keyless(&key, 16)], long));
    let holder = of_holder(&signer.der(), &key, 46 << 10);
    let longest = manifest_of(&Layer::new(b"other", &key.wrong).certified(&holder, &[]), LAYERS);
    found.push(hostile("certificates of 64 KiB", MANIFESTS, [keyless(&key, 1)], Registry::of(longest)));
    for key in [Key::of_curve(1), Key::rsa(4096, 65537)] {
        let certificate = of_holder(&signer.der(), &key, 0);
        let chain = vec![of_authority(&key); 9];
        let rule =
            json!({"certificates": [certificate], "certificateChain": chain, "requireRekorBundle": false});
        let manifest = manifest_of(&Layer::new(b"other", &signature), LAYERS);
        let name = format!("certificates of settings, {}", key.name);
        found.push(hostile(&name, IMAGES, [rule], Registry::of(manifest)));
    }
    found
}

/// With the trust roots of all the rules, which say nothing of their own.
fn trusting(mut case: Hostile, roots: Value) -> Hostile {
    case.settings["trustRoots"] = roots;
    case
}

/// A case in which the policy verifies by these rules.
pub fn hostile(
    name: &str,
    images: usize,
    rules: impl IntoIterator<Item = Value>,
    registry: Registry,
) -> Hostile {
    let rules: Vec<Value> = rules.into_iter().map(ours).collect();
    Hostile { name: name.into(), images, settings: json!({"signatures": rules}), registry }
}

/// A rule for all images here, that the policy verifies itself.
fn ours(mut rule: Value) -> Value {
    rule["image"] = format!("{REPOSITORY}*").into();
    rule["verifier"] = "policy".into();
    rule
}
