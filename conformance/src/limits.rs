//! What the worst requests cost that the policy's limits allow, under the engine of policy-server, as a table in
//! Markdown.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use wapc::HostCallback;

use crate::bench::row;
use crate::engine::{Policy, Runtime, interrupting};
use crate::hostile::{Hostile, all};
use crate::memory::Watch;
use crate::registry::REPOSITORY;

/// How often one is measured, and how long at most.
const RUNS: usize = 10;
const SPAN: Duration = Duration::from_secs(2);

/// A request that is at the limits, and the host that it meets.
struct Costly {
    name: String,
    payload: Vec<u8>,
    host: Box<dyn Fn() -> Box<HostCallback>>,
}

/// The same in a file: what the host answers to each operation, whatever it is asked about. To others it fails.
#[derive(Deserialize)]
struct Written {
    name: String,
    payload: String,
    answers: HashMap<String, String>,
}

/// Measures the worst requests whose name has this in it, those in a folder too. Whether each was decided: none may trap,
/// or be interrupted.
pub fn limits(module: &Path, requests: Option<PathBuf>, part: &str) -> Result<bool> {
    let bytes = fs::read(module).with_context(|| module.display().to_string())?;
    // Deadlines come with their runtimes, and end with them.
    let runtime = Runtime::new()?;
    let policy = runtime.load(&bytes)?;
    let watch = Watch::default();
    let watching = Runtime::with_deadlines(&watch.over(interrupting()))?;
    let watched = watching.load(&bytes)?;
    row("at the limits, fresh", ["ms".into(), "memory, MB".into(), "code".into()]);
    row("---", ["--:".into(), "--:".into(), "---".into()]);
    let mut decided = true;
    let mut all: Vec<Costly> = all().into_iter().map(Costly::of_hostile).collect();
    if let Some(folder) = requests {
        all.extend(read_all(&folder)?);
    }
    for case in all.iter().filter(|case| case.name.contains(part)) {
        let answer = validate(&watched, case);
        let megabytes = format!("{:.0}", watch.size() as f64 / 1e6);
        decided &= answer.is_ok();
        let code = answer.map_or_else(|error| format!("**{error:#}**"), |answer| code_of(&answer));
        let least = least(|| drop(validate(&policy, case)));
        row(&case.name, [format!("{:.1}", least.as_secs_f64() * 1e3), megabytes, code]);
    }
    Ok(decided)
}

/// The shortest time that something took.
fn least(run: impl Fn()) -> Duration {
    let first = Instant::now();
    let mut least = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        run();
        least = least.min(start.elapsed());
        if first.elapsed() > SPAN {
            break;
        }
    }
    least
}

fn validate(policy: &Policy, case: &Costly) -> Result<Vec<u8>> {
    policy.instantiate((case.host)())?.call("validate", &case.payload)
}

impl Costly {
    fn of_hostile(case: Hostile) -> Self {
        let payload = payload(&case);
        Self { name: case.name, payload, host: Box::new(move || case.registry.callback()) }
    }

    fn read(path: &Path) -> Result<Self> {
        let Written { name, payload, answers } = serde_json::from_slice(&fs::read(path)?)?;
        let answers = Arc::new(answers);
        let host = move || -> Box<HostCallback> {
            let answers = answers.clone();
            Box::new(move |_, _, _, operation, _| match answers.get(operation) {
                Some(answer) => Ok(answer.clone().into_bytes()),
                None => Err("Callback evaluation failure: code: 404".into()),
            })
        };
        Ok(Self { name, payload: payload.into_bytes(), host: Box::new(host) })
    }
}

/// The requests in a folder, in the order of their names.
fn read_all(folder: &Path) -> Result<Vec<Costly>> {
    let files = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = files.map(|file| Ok(file?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    paths.iter().map(|path| Costly::read(path).with_context(|| path.display().to_string())).collect()
}

/// The code of the first line of a rejection.
fn code_of(answer: &[u8]) -> String {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let line = answer["message"].as_str().and_then(|message| message.lines().next()).unwrap_or("accepted");
    let code = line.rsplit_once('[').map_or(line, |(_, code)| code.trim_end_matches(']'));
    code.into()
}

/// The creation of a Pod with the images.
fn payload(case: &Hostile) -> Vec<u8> {
    let container = |i| json!({"name": format!("web-{i}"), "image": format!("{REPOSITORY}:{i}")});
    let containers: Vec<Value> = (0..case.images).map(container).collect();
    let payload = json!({
        "request": {
            "uid": "1299d386-525b-4032-98ae-1949f69f9cfc",
            "kind": {"group": "", "version": "v1", "kind": "Pod"},
            "operation": "CREATE",
            "namespace": "shop",
            "object": {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": "web", "namespace": "shop"},
                "spec": {"containers": containers},
            },
        },
        "settings": case.settings,
    });
    payload.to_string().into_bytes()
}
