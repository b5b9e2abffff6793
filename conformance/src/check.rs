//! What is checked of a policy, in areas.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::answer::{compare, differences};
use crate::case::Case;
use crate::engine::{Instance, Policy, Runtime};
use crate::replay::Replay;
use crate::report::Report;
use crate::{start, steady};

/// Checks the policy in a file: the cases of a folder, the other operations, many requests in one instance, and that
/// another file, the same with a start section, is not a policy that policy-server can run.
pub fn check(policy: &Path, with_start: &Path, cases: &Path) -> Result<bool> {
    let read = |path: &Path| fs::read(path).with_context(|| path.display().to_string());
    let bytes = read(policy)?;
    let cases = Case::read_all(cases)?;
    let runtime = Runtime::new()?;
    let policy = runtime.load(&bytes)?;

    let mut report = Report::default();
    for area in cases.chunk_by(|a, b| a.area() == b.area()) {
        let fresh = |case: &Case| validate_fresh(&policy, case);
        report.area(area[0].area(), area.iter().map(|case| (case.name.clone(), fresh(case))).collect());
    }
    let settings = |case: &Case| Some((case.name.clone(), validate_settings(&policy, case).transpose()?));
    report.area("validate_settings", cases.iter().filter_map(settings).collect());
    report.area("other operations", other_operations(&policy));
    report.area("one instance for all", steady::checks(&bytes, &cases));
    report.area("start section", start::checks(&bytes, &read(with_start)?));
    Ok(report.end())
}

/// Runs a case in an instance of its own.
pub fn validate_fresh(policy: &Policy, case: &Case) -> Result<Vec<String>> {
    let replay = Replay::default();
    validate(&policy.instantiate(replay.callback())?, &replay, case)
}

/// Runs a case in an instance whose host is the replay.
pub fn validate(instance: &Instance, replay: &Replay, case: &Case) -> Result<Vec<String>> {
    replay.begin(&case.session);
    let answer = instance.call("validate", &case.payload);
    let (calls, mut problems) = replay.end();
    compare(&mut problems, "calls", &case.expected.calls, &calls);
    problems.extend(differences(case, &answer?)?);
    Ok(problems)
}

#[derive(Deserialize)]
struct SettingsAnswer {
    valid: bool,
    message: Option<String>,
}

/// `validate_settings` refuses what makes `validate` say that the settings are invalid, and nothing else. None for a
/// case without settings of its own.
fn validate_settings(policy: &Policy, case: &Case) -> Result<Option<Vec<String>>> {
    let Some(settings) = &case.settings else { return Ok(None) };
    let instance = policy.instantiate(Replay::default().callback())?;
    let answer = instance.call("validate_settings", settings)?;
    let SettingsAnswer { valid, message } = serde_json::from_slice(&answer)?;
    let mut problems = Vec::new();
    let expected = !case.expected.codes.iter().any(|code| code == "settings-invalid");
    compare(&mut problems, "valid", &expected, &valid);
    compare(&mut problems, "says why", &!valid, &message.is_some());
    Ok(Some(problems))
}

fn other_operations(policy: &Policy) -> Vec<(String, Result<Vec<String>>)> {
    let call = |operation: &str| {
        let answer = policy.instantiate(Replay::default().callback())?.call(operation, b"");
        answer.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    };
    let protocol = call("protocol_version").map(|answer| match answer.as_str() {
        "\"v1\"" => vec![],
        other => vec![format!("answered {other}")],
    });
    let unknown = match call("no_such_operation") {
        Err(error) if error.to_string().contains("unknown operation \"no_such_operation\"") => vec![],
        other => vec![format!("an unknown operation gave {other:?}")],
    };
    vec![("protocol_version".into(), protocol), ("an unknown operation".into(), Ok(unknown))]
}
