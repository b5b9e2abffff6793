//! A policy's answer to `validate`, and how it differs from what is expected.

use std::collections::BTreeMap;
use std::fmt::Debug;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::case::{Case, Expected};
use crate::span::{raw_at, span_at};

#[derive(Deserialize)]
struct Answer<'a> {
    accepted: bool,
    message: Option<String>,
    code: Option<u16>,
    #[serde(borrow)]
    mutated_object: Option<&'a RawValue>,
    audit_annotations: Option<BTreeMap<String, String>>,
    warnings: Option<Vec<String>>,
}

/// What is wrong with an answer to a case; nothing if it is as expected.
pub fn differences(case: &Case, answer: &[u8]) -> Result<Vec<String>> {
    let text = std::str::from_utf8(answer).context("the answer is not UTF-8")?;
    let answer: Answer = serde_json::from_str(text).context("the answer is no response")?;
    let Expected { accepted, codes, images, warnings, audit, .. } = &case.expected;
    let message = answer.message.as_deref().unwrap_or_default();

    let mut found = Vec::new();
    compare(&mut found, "accepted", accepted, &answer.accepted);
    compare(&mut found, "code", &(!accepted).then_some(400), &answer.code);
    let lines = message.lines().map(code_of).collect();
    compare(&mut found, "codes", codes, &lines);
    let given = answer.warnings.unwrap_or_default();
    compare(&mut found, "warnings", warnings, &given.iter().map(|line| code_of(line)).collect());
    compare(&mut found, "audit", audit, &answer.audit_annotations.unwrap_or_default());
    let object = match images.is_empty() {
        true => None,
        false => Some(pinned(&case.payload, images)?),
    };
    let object = object.as_deref();
    compare(&mut found, "mutated object", &object, &answer.mutated_object.map(RawValue::get));
    if !found.is_empty() && !message.is_empty() {
        found.push(format!("message: {message}"));
    }
    Ok(found)
}

/// Notes a difference in the name of an expectation.
pub fn compare<T: Debug + PartialEq>(found: &mut Vec<String>, what: &str, expected: &T, got: &T) {
    if expected != got {
        found.push(format!("{what}: expected {expected:?}, got {got:?}"));
    }
}

/// The code in brackets at the end of a line, or the whole line if there is none.
fn code_of(line: &str) -> String {
    let code = line.strip_suffix(']').and_then(|line| line.rsplit_once('['));
    code.map_or(line, |(_, code)| code).to_string()
}

/// The request's object with each image's digest behind it, and all other bytes as they were.
fn pinned(payload: &[u8], images: &BTreeMap<String, String>) -> Result<String> {
    let payload = std::str::from_utf8(payload)?;
    let mut object = raw_at(payload, "/request/object")?.to_string();
    for (pointer, image) in images {
        let span = span_at(&object, pointer)?;
        let before: String = serde_json::from_str(&object[span.clone()])?;
        let digest = image.strip_prefix(&before).unwrap_or_default();
        ensure!(digest.starts_with("@sha256:"), "{pointer} is {before}, which {image} does not pin");
        object.insert_str(span.end - 1, digest);
    }
    Ok(object)
}
