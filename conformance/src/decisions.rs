//! What whole decisions cost under the engine of policy-server where the policy verifies signatures itself, as a table
//! in Markdown.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};
use wapc::HostCallback;

use crate::bench::{microseconds, row};
use crate::case::Case;
use crate::check::validate_fresh;
use crate::engine::{Instance, Runtime};
use crate::exchange::Response;
use crate::timing::time_together;

/// Cases, and what is verified in them. Each has one image.
const DECISIONS: [(&str, &str); 24] = [
    ("verify/key-p256", "one signature, P-256"),
    ("verify/three-keys", "three signatures by three keys, P-256"),
    ("cluster/two-hundred-keys", "one signature, P-256, by one of 200 keys from the cluster"),
    ("verify/key-p384", "one signature, P-384"),
    ("verify/key-p521", "one signature, P-521"),
    ("verify/key-ed25519", "one signature, Ed25519"),
    ("verify/key-rsa4096", "one signature, RSA 4096"),
    ("verify/log-entry", "one signature, P-256, and its log entry"),
    ("verify/keyless-rules-own-authorities", "keyless: certificates, log entry and signature"),
    ("evidence/artifact", "bundle, P-256"),
    ("evidence/key-p384", "bundle, P-384"),
    ("evidence/key-p521", "bundle, P-521"),
    ("evidence/key-ed25519", "bundle, Ed25519"),
    ("evidence/key-rsa2048", "bundle, RSA 2048"),
    ("evidence/config-map", "bundle, P-256, in a ConfigMap"),
    ("evidence/annotation", "bundle, P-256, in an annotation"),
    ("evidence/log-entry", "bundle, P-256, and its log entry: promise and proof"),
    ("evidence/keyless", "bundle, keyless: certificates, log entry and signature"),
    ("evidence/timestamp", "bundle, keyless: certificates, log entry, RFC 3161 timestamp and signature"),
    ("evidence/attestation-provenance", "attestations of two types with six conditions, P-256"),
    ("evidence/notation", "Notation, COSE"),
    ("evidence/notation-jws", "Notation, JWS, RSA 2048"),
    ("evidence/notary-by-tag", "Notary, a tag"),
    ("evidence/notary-delegation", "Notary, a delegation"),
];

/// Measures a policy with the cases of a folder: a fresh instance for each decision, and a warm one for all.
pub fn decisions(policy: &Path, cases: &Path) -> Result<()> {
    let bytes = fs::read(policy).with_context(|| policy.display().to_string())?;
    let policy = Runtime::new()?.load(&bytes)?;
    let cases = Case::read_all(cases)?;
    row("whole decision, µs", ["fresh".into(), "warm".into()]);
    row("---", ["--:".into(), "--:".into()]);
    for (name, title) in DECISIONS {
        let case = cases.iter().find(|case| case.name == name).context(name)?;
        let problems = validate_fresh(&policy, case)?;
        ensure!(problems.is_empty(), "{name}: {}", problems.join("; "));
        let fresh = || decide(&policy.instantiate(host_of(case)).expect("instantiated before"), case);
        let instance = policy.instantiate(host_of(case))?;
        let timings = time_together(vec![Box::new(fresh), Box::new(|| decide(&instance, case))]);
        row(title, timings.into_iter().map(microseconds));
    }
    Ok(())
}

fn decide(instance: &Instance, case: &Case) {
    std::hint::black_box(instance.call("validate", &case.payload)).expect("answered before");
}

/// A host that gives the answers of a case's session, one after the other and from the first again: they are at hand.
pub fn host_of(case: &Case) -> Box<HostCallback> {
    let answer = |response: &Response| match response {
        Response::Success { payload } => Ok(payload.clone().into_bytes()),
        Response::Error { message } => Err(message.clone()),
    };
    let answers: Vec<_> = case.session.iter().map(|exchange| answer(&exchange.response)).collect();
    let next = AtomicUsize::new(0);
    Box::new(move |_, _, _, _, _| {
        let index = next.fetch_add(1, Ordering::Relaxed) % answers.len();
        answers[index].clone().map_err(Into::into)
    })
}
