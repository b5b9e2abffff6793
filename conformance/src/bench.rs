//! What policies cost under the engine of policy-server, side by side, as tables in Markdown.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::engine::{Instance, Policy, Runtime, interrupting};
use crate::memory::Watch;
use crate::timing::{Timing, time_together};
use crate::workload::{Outcome, SIZES, payload};

/// A module under test.
struct Candidate {
    name: String,
    bytes: Vec<u8>,
    policy: Policy,
}

pub fn bench(paths: &[PathBuf]) -> Result<()> {
    let runtime = Runtime::new()?;
    let mut candidates = Vec::new();
    for path in paths {
        let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
        let policy = runtime.load(&bytes).with_context(|| path.display().to_string())?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        candidates.push(Candidate { name, bytes, policy });
    }
    row("", candidates.iter().map(|it| it.name.clone()));
    row("---", candidates.iter().map(|_| "--:".into()));
    let of_all = |measure: &dyn Fn(&Candidate) -> Result<String>| -> Result<Vec<String>> {
        candidates.iter().map(measure).collect()
    };
    row("module, KB", of_all(&|it| Ok(kilobytes(it.bytes.len())))?);
    row("native code, KB", of_all(&|it| Ok(kilobytes(runtime.compile(&it.bytes)?.text().len())))?);
    for (name, size) in [SIZES[0], SIZES[3]] {
        row(&format!("memory after {name}, KB"), of_all(&|it| Ok(kilobytes(memory(it, size)?)))?);
    }
    let compile = |it: &Candidate| drop(runtime.compile(&it.bytes).expect("compiled before"));
    row("compile, ms", together(&candidates, compile).map(milliseconds));
    let instantiate = |it: &Candidate| drop(it.instantiate(Outcome::Accept));
    row("instantiate, µs", together(&candidates, instantiate).map(microseconds));
    for (name, size) in SIZES {
        for outcome in Outcome::ALL {
            let payload = payload(size, outcome);
            let warm =
                candidates.iter().map(|it| it.warmed(outcome, &payload)).collect::<Result<Vec<_>>>()?;
            let fresh = |it: &Candidate| validate(&it.instantiate(outcome), &payload);
            let title = |how| format!("{} {name}, {how}, µs", format!("{outcome:?}").to_lowercase());
            row(&title("fresh"), together(&candidates, fresh).map(microseconds));
            row(&title("warm"), together(&warm, |it| validate(it, &payload)).map(microseconds));
        }
    }
    println!();
    json(&candidates)
}

/// The policies' reading, pinning and writing of an object, beside the same by `serde_json`.
fn json(candidates: &[Candidate]) -> Result<()> {
    println!("| parse, replace and write, warm | policy | MB/s | serde_json, MB/s | times as fast |");
    println!("| --- | --- | --: | --: | --: |");
    for (name, size) in SIZES {
        let payload = payload(size, Outcome::Mutate);
        for it in candidates {
            let instance = it.warmed(Outcome::Mutate, &payload)?;
            let timings = time_together(vec![
                Box::new(|| validate(&instance, &payload)),
                Box::new(|| drop(black_box(replace_natively(&payload)))),
            ]);
            let speed = |timing: &Timing| payload.len() as f64 / 1e6 / timing.least.as_secs_f64();
            let (guest, native) = (speed(&timings[0]), speed(&timings[1]));
            println!("| {name} | {} | {guest:.0} | {native:.0} | {:.1} |", it.name, guest / native);
        }
    }
    Ok(())
}

/// What a native program would do that pins with `serde_json`.
fn replace_natively(payload: &[u8]) -> Vec<u8> {
    let mut payload: Value = serde_json::from_slice(black_box(payload)).expect("it is JSON");
    let object = &mut payload["request"]["object"];
    let image = &mut object["spec"]["template"]["spec"]["containers"][0]["image"];
    *image = Value::String(format!("{}@sha256:{}", image.as_str().unwrap_or_default(), "a".repeat(64)));
    serde_json::to_vec(object).expect("it can be written")
}

impl Candidate {
    fn instantiate(&self, outcome: Outcome) -> Instance {
        self.policy.instantiate(outcome.callback()).expect("instantiated before")
    }

    /// An instance that has answered once, and rightly.
    fn warmed(&self, outcome: Outcome, payload: &[u8]) -> Result<Instance> {
        let instance = self.policy.instantiate(outcome.callback())?;
        let answer: Value = serde_json::from_slice(&instance.call("validate", payload)?)?;
        ensure!(outcome.is_of(&answer), "expected to {outcome:?}, got {}", answer["message"]);
        Ok(instance)
    }
}

fn validate(instance: &Instance, payload: &[u8]) {
    black_box(instance.call("validate", payload)).expect("answered before");
}

/// How large an instance's memory is when it has pinned an image in an object of this size.
fn memory(candidate: &Candidate, size: usize) -> Result<usize> {
    let watch = Watch::default();
    let runtime = Runtime::with_deadlines(&watch.over(interrupting()))?;
    let instance = runtime.load(&candidate.bytes)?.instantiate(Outcome::Mutate.callback())?;
    instance.call("validate", &payload(size, Outcome::Mutate))?;
    Ok(watch.size())
}

fn together<'a, T>(items: &'a [T], run: impl Fn(&'a T) + Copy + 'a) -> impl Iterator<Item = Timing> {
    let functions = items.iter().map(|item| Box::new(move || run(item)) as Box<dyn FnMut() + 'a>);
    time_together(functions.collect()).into_iter()
}

pub fn row(title: &str, cells: impl IntoIterator<Item = String>) {
    let cells: Vec<String> = cells.into_iter().collect();
    println!("| {title} | {} |", cells.join(" | "));
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1}", bytes as f64 / 1e3)
}

fn milliseconds(timing: Timing) -> String {
    least_and_median(timing, 1e3)
}

pub fn microseconds(timing: Timing) -> String {
    least_and_median(timing, 1e6)
}

fn least_and_median(Timing { least, median }: Timing, per_second: f64) -> String {
    let number = |time: Duration| format!("{:.1}", time.as_secs_f64() * per_second);
    format!("{} ({})", number(least), number(median))
}
