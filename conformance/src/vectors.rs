//! The vectors of Wycheproof, put to `verify_signature`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};

use crate::engine::Runtime;
use crate::question::{Question, Verdict};
use crate::replay::Replay;
use crate::report::Report;
use crate::ruling::{RULINGS, ruling_on, verdict_on};
use crate::suite::{Vector, read_vectors};

type Checks = Vec<(String, Result<Vec<String>>)>;

/// Puts all vectors to a module, an instance for each, and tells what came of every set, and of what our rulings
/// decide; or, if only the totals are wanted, of where something failed.
pub fn vectors(module: &Path, totals: bool) -> Result<bool> {
    let bytes = fs::read(module).with_context(|| module.display().to_string())?;
    let policy = Runtime::new()?.load(&bytes)?;
    let ask = |question: &Question| {
        let instance = policy.instantiate(Replay::default().callback())?;
        Verdict::ask(&instance, &question.payload())
    };
    let vectors = read_vectors()?;

    let mut report = if totals { Report::brief() } else { Report::default() };
    report.area("guests with one answer", check_parrots(&vectors));
    let (ruled, others): (Vec<_>, Vec<_>) = vectors.iter().partition(|vector| ruling_on(vector).is_some());
    for set in others.chunk_by(|a, b| a.set == b.set) {
        report.area(&title(&set[0].set, set), check(set, ask));
    }
    for ruling in &RULINGS {
        let concerned = |vector: &&Vector| ruling_on(vector).is_some_and(|it| it.flag == ruling.flag);
        let concerned: Vec<_> = ruled.iter().copied().filter(concerned).collect();
        let checks = match concerned.is_empty() {
            true => vec![(ruling.reason.into(), Err(anyhow!("it concerns no vector")))],
            false => check(&concerned, ask),
        };
        report.area(&title(ruling.flag, &concerned), checks);
    }
    print!("Wycheproof: ");
    Ok(report.end())
}

/// A name, and how many vectors must come out how.
fn title(name: &str, vectors: &[&Vector]) -> String {
    let count = |verdict| vectors.iter().filter(|vector| verdict_on(vector) == Some(verdict)).count();
    let [valid, invalid, refused] = Verdict::ALL.map(count);
    format!("{name:<40}{valid:>4} valid{invalid:>4} invalid{refused:>4} refused")
}

fn check(vectors: &[&Vector], ask: impl Fn(&Question) -> Result<Verdict>) -> Checks {
    let name = |vector: &Vector| format!("{} {}", vector.set, vector.name);
    vectors.iter().map(|vector| (name(vector), differences(vector, ask(&vector.question)))).collect()
}

/// What is wrong with the answer to a vector.
fn differences(vector: &Vector, answer: Result<Verdict>) -> Result<Vec<String>> {
    let expected = verdict_on(vector).context("neither Wycheproof nor a ruling decides it")?;
    let got = answer?;
    let problem = || format!("expected {expected:?}, got {got:?}; {}", vector.flags.join(", "));
    Ok(if got == expected { vec![] } else { vec![problem()] })
}

/// That a guest which has one answer for everything would fail.
fn check_parrots(vectors: &[Vector]) -> Checks {
    let parrot = |word| {
        let fails = |vector| !differences(vector, Ok(word)).is_ok_and(|problems| problems.is_empty());
        let problems = if vectors.iter().any(fails) { vec![] } else { vec!["it passes".into()] };
        (format!("{word:?}"), Ok(problems))
    };
    Verdict::ALL.map(parrot).into()
}
