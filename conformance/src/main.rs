//! The policy under the engine of Kubewarden's policy-server: whether it does what it must, and what it costs.

mod answer;
mod bench;
mod bulky;
mod case;
mod certificate;
mod check;
mod cryptography;
mod decisions;
mod der;
mod engine;
mod exchange;
mod hostile;
mod keys;
mod limits;
mod manifest;
mod memory;
mod native;
mod profile;
mod question;
mod registry;
mod replay;
mod report;
mod ruling;
mod span;
mod start;
mod steady;
mod suite;
mod timing;
mod vectors;
mod workload;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use pico_args::Arguments;

const USAGE: &str = "\
conformance check POLICY --with-start MODULE --cases FOLDER
    Runs the cases on a policy; MODULE is the policy built with a start section, which must fail.
conformance vectors MODULE [--totals]
    Puts the signatures of Wycheproof to a module with the operation `verify_signature`.
conformance bench MODULE…
    Measures policies side by side, and prints tables in Markdown.
conformance cryptography MODULE
    Measures what verifying signatures costs a module, beside native code, and prints a table in Markdown.
conformance decisions POLICY --cases FOLDER
    Measures what decisions cost a policy that verifies signatures itself, and prints a table in Markdown.
conformance limits POLICY [PART] [--requests FOLDER]
    Measures the worst requests that the policy's limits allow, and those in a folder, if PART is in their names, and
    prints a table in Markdown; fails if one of them is not decided.
conformance profile MODULE BYTES
    Pins images in objects of a size for five seconds, in an instance each, with a map of the code for `perf report`.
";

fn main() -> ExitCode {
    match run(Arguments::from_env()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("conformance: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Arguments) -> Result<bool> {
    match arguments.subcommand()?.as_deref() {
        Some("check") => {
            let with_start: PathBuf = arguments.value_from_str("--with-start")?;
            let cases: PathBuf = arguments.value_from_str("--cases")?;
            let policy: PathBuf = arguments.free_from_str()?;
            check::check(&policy, &with_start, &cases)
        }
        Some("vectors") => {
            let totals = arguments.contains("--totals");
            let module: PathBuf = arguments.free_from_str()?;
            vectors::vectors(&module, totals)
        }
        Some("bench") => {
            let modules: Vec<PathBuf> = arguments.finish().into_iter().map(PathBuf::from).collect();
            bench::bench(&modules).map(|()| true)
        }
        Some("cryptography") => {
            let module: PathBuf = arguments.free_from_str()?;
            cryptography::cryptography(&module).map(|()| true)
        }
        Some("decisions") => {
            let cases: PathBuf = arguments.value_from_str("--cases")?;
            let policy: PathBuf = arguments.free_from_str()?;
            decisions::decisions(&policy, &cases).map(|()| true)
        }
        Some("limits") => {
            let requests: Option<PathBuf> = arguments.opt_value_from_str("--requests")?;
            let policy: PathBuf = arguments.free_from_str()?;
            let part: Option<String> = arguments.opt_free_from_str()?;
            limits::limits(&policy, requests, &part.unwrap_or_default())
        }
        Some("profile") => {
            let module: PathBuf = arguments.free_from_str()?;
            profile::profile(&module, arguments.free_from_str()?).map(|()| true)
        }
        _ => bail!("no such command\n{USAGE}"),
    }
}
