//! The trap of the start section: it runs while a module is instantiated, before a host can set a deadline, so that
//! a host which interrupts policies cannot run it. A policy has to export its start function instead.

use anyhow::Result;
use wasmparser::{Parser, Payload};

use crate::engine::Runtime;
use crate::replay::Replay;

/// Checks that the policy has no start section, and that it is the start section that would fail it.
pub fn checks(policy: &[u8], with_start: &[u8]) -> Vec<(String, Result<Vec<String>>)> {
    let check = |name: &str, holds: Result<bool>, otherwise: &str| {
        let problems = holds.map(|holds| if holds { vec![] } else { vec![otherwise.to_string()] });
        (name.to_string(), problems)
    };
    vec![
        check("of the policy", has_start(policy).map(|has| !has), "it has one"),
        check("of the other module", has_start(with_start), "it has none, and proves nothing"),
        check(
            "is refused where policies are interrupted",
            Runtime::new().map(|runtime| instantiates(&runtime, with_start).is_err()),
            "the module was instantiated",
        ),
        check(
            "runs where they are not",
            Runtime::without_deadlines()
                .and_then(|runtime| instantiates(&runtime, with_start))
                .map(|()| true),
            "",
        ),
    ]
}

fn has_start(module: &[u8]) -> Result<bool> {
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::StartSection { .. } = payload? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Fails where policy-server would when it starts.
fn instantiates(runtime: &Runtime, module: &[u8]) -> Result<()> {
    let instance = runtime.load(module)?.instantiate(Replay::default().callback())?;
    instance.call("protocol_version", b"").map(drop)
}
