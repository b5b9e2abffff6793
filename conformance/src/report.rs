//! What passed and what failed: a line for each area, then its failures.

use anyhow::Result;

#[derive(Default)]
pub struct Report {
    brief: bool,
    passed: usize,
    failed: usize,
}

impl Report {
    /// One that prints no more than failures and the sum.
    pub fn brief() -> Self {
        Self { brief: true, ..Self::default() }
    }

    /// Prints the results of an area's checks: the name of each, and what is wrong with it.
    pub fn area(&mut self, title: &str, checks: Vec<(String, Result<Vec<String>>)>) {
        let total = checks.len();
        let failures: Vec<_> = checks
            .into_iter()
            .map(|(name, problems)| (name, problems.unwrap_or_else(|error| vec![format!("{error:#}")])))
            .filter(|(_, problems)| !problems.is_empty())
            .collect();
        let failed = failures.len();
        self.passed += total - failed;
        self.failed += failed;
        match failed {
            0 if self.brief => {}
            0 => println!("{title:<24}{:>5} passed", total),
            _ => println!("{title:<24}{:>5} passed, {failed} failed", total - failed),
        }
        for (name, problems) in failures {
            println!("  {name}");
            for problem in problems {
                println!("    {}", problem.replace('\n', "\n      "));
            }
        }
    }

    /// Prints the sum, and says whether all is well. Nothing checked is not well.
    pub fn end(self) -> bool {
        println!("{} passed, {} failed", self.passed, self.failed);
        self.failed == 0 && self.passed > 0
    }
}
