//! A policy at work for a while, for a profiler to look at.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use wasmtime_provider::wasmtime::ProfilingStrategy;

use crate::engine::{Runtime, interrupting};
use crate::workload::{Outcome, payload};

const TIME: Duration = Duration::from_secs(5);

/// Lets a policy pin images in objects of this size, in an instance each. `perf` finds the names of the policy's
/// functions if the module has them.
pub fn profile(module: &Path, size: usize) -> Result<()> {
    let mut config = interrupting();
    config.profiler(ProfilingStrategy::PerfMap);
    let policy = Runtime::with_deadlines(&config)?.load(&fs::read(module)?)?;
    let payload = payload(size, Outcome::Mutate);
    let start = Instant::now();
    let mut count = 0;
    while start.elapsed() < TIME {
        policy.instantiate(Outcome::Mutate.callback())?.call("validate", &payload)?;
        count += 1;
    }
    println!("{count} requests, {:?} each", start.elapsed() / count);
    Ok(())
}
