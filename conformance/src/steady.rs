//! One instance for many requests, as kwctl and benchmarks use it.

use anyhow::Result;

use crate::case::Case;
use crate::check::validate;
use crate::engine::{Runtime, interrupting};
use crate::memory::Watch;
use crate::replay::Replay;

const REQUESTS: usize = 10_000;

/// Runs all cases in turn until there were 10,000 requests: each answer is right, whatever went before it, and the
/// memory is after the last request what it was after the first of each case.
pub fn checks(policy: &[u8], cases: &[Case]) -> Vec<(String, Result<Vec<String>>)> {
    let name = format!("{REQUESTS} requests");
    vec![(name, run(policy, cases))]
}

fn run(policy: &[u8], cases: &[Case]) -> Result<Vec<String>> {
    let watch = Watch::default();
    let replay = Replay::default();
    let runtime = Runtime::with_deadlines(&watch.over(interrupting()))?;
    let instance = runtime.load(policy)?.instantiate(replay.callback())?;

    let mut problems = Vec::new();
    let mut first_round = 0;
    for (count, case) in cases.iter().cycle().take(REQUESTS).enumerate() {
        if count == cases.len() {
            first_round = watch.size();
        }
        let found = validate(&instance, &replay, case)?;
        problems.extend(found.into_iter().map(|what| format!("request {count}, {}: {what}", case.name)));
    }
    if watch.size() != first_round {
        problems.push(format!("memory grew from {first_round} to {} bytes", watch.size()));
    }
    // One that fails may fail in every round.
    problems.truncate(10);
    Ok(problems)
}
