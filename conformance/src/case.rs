//! A case: a folder with one call of `validate` and what must come of it. test/cases/README.md tells what is in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use walkdir::WalkDir;

use crate::exchange::{Exchange, parse_session};

pub struct Case {
    /// The folder's path below the one with all cases, such as `rules/keyless`.
    pub name: String,
    pub payload: Vec<u8>,
    /// None where the payload is given as a whole.
    pub settings: Option<Vec<u8>>,
    pub session: Vec<Exchange>,
    pub expected: Expected,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    pub accepted: bool,
    #[serde(default)]
    pub codes: Vec<String>,
    /// JSON pointers in the object and the images there afterwards.
    #[serde(default)]
    pub images: BTreeMap<String, String>,
    #[serde(default)]
    pub warnings: Vec<String>,
    #[serde(default)]
    pub audit: BTreeMap<String, String>,
    #[serde(default)]
    pub calls: usize,
}

impl Case {
    /// Reads all cases in a folder, in the order of their names.
    pub fn read_all(folder: &Path) -> Result<Vec<Self>> {
        let mut cases = Vec::new();
        for entry in WalkDir::new(folder).sort_by_file_name() {
            let entry = entry?;
            if entry.file_name() == "expect.json" {
                let at = entry.path().parent().unwrap_or(folder);
                let name = at.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                let case = Self::read(at, &name);
                cases.push(case.with_context(|| format!("cannot read the case {name}"))?);
            }
        }
        Ok(cases)
    }

    fn read(at: &Path, name: &str) -> Result<Self> {
        let expected = serde_json::from_slice(&fs::read(at.join("expect.json"))?)?;
        let session = match at.join("session.yml") {
            file if file.exists() => parse_session(&fs::read_to_string(file)?)?,
            _ => Vec::new(),
        };
        let (payload, settings) = match at.join("payload.json") {
            file if file.exists() => (fs::read(file)?, None),
            _ => {
                let (request, settings) = (read_json(at, "request")?, read_json(at, "settings")?);
                let parts = [b"{\"request\":", &request[..], b",\"settings\":", &settings, b"}"];
                (parts.concat(), Some(settings))
            }
        };
        Ok(Self { name: name.into(), payload, settings, session, expected })
    }

    /// The folder of the folder.
    pub fn area(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }
}

/// A JSON file's bytes as they are, or a YAML file's value as policy-server writes it: its keys sorted.
fn read_json(at: &Path, name: &str) -> Result<Vec<u8>> {
    let json = at.join(format!("{name}.json"));
    if json.exists() {
        return Ok(fs::read(json)?);
    }
    let value: Value = read_yaml(&at.join(format!("{name}.yaml")))?;
    Ok(serde_json::to_vec(&value)?)
}

fn read_yaml<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(serde_norway::from_str(&text)?)
}
