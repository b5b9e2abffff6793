//! A question for `verify_signature` of the units module: whether a signature is one of a message by a key.

use anyhow::{Result, bail};

use crate::engine::Instance;

/// What is verified. The key is the DER of a SubjectPublicKeyInfo.
pub struct Question {
    pub manner: Manner,
    pub key: Vec<u8>,
    pub message: Vec<u8>,
    pub signature: Vec<u8>,
}

/// How it is verified.
#[derive(Clone, Copy)]
pub struct Manner {
    pub scheme: Scheme,
    pub hash: Hash,
}

#[derive(Clone, Copy)]
pub enum Scheme {
    /// As the key's kind says: ECDSA, PKCS #1 v1.5 or Ed25519.
    OfKey,
    Pss {
        salt: i16,
    },
}

/// Ed25519 has its own, whatever is said.
#[derive(Clone, Copy, PartialEq)]
pub enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// What may come of a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    Valid,
    Invalid,
    /// The key itself is not taken, whatever it has signed.
    KeyRefused,
}

impl Question {
    pub fn payload(&self) -> Vec<u8> {
        let Manner { scheme, hash } = self.manner;
        let (scheme, salt) = match scheme {
            Scheme::OfKey => (0, 0),
            Scheme::Pss { salt } => (1, salt),
        };
        let mut payload = vec![scheme, hash as u8];
        payload.extend(salt.to_le_bytes());
        for part in [&self.key, &self.message, &self.signature] {
            payload.extend((part.len() as u32).to_le_bytes());
            payload.extend(part);
        }
        payload
    }
}

impl Verdict {
    pub const ALL: [Self; 3] = [Self::Valid, Self::Invalid, Self::KeyRefused];

    /// Puts a question's payload to an instance.
    pub fn ask(instance: &Instance, payload: &[u8]) -> Result<Self> {
        match instance.call("verify_signature", payload)?.as_slice() {
            b"valid" => Ok(Self::Valid),
            b"invalid" => Ok(Self::Invalid),
            answer if answer.starts_with(b"key: ") => Ok(Self::KeyRefused),
            answer => bail!("no verdict: {}", String::from_utf8_lossy(answer)),
        }
    }
}
