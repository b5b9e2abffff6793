//! Native code that verifies what the policy does. Each has its key read before it is measured, where the policy reads
//! it with every signature; that the message is hashed and the signature's DER read is measured in all.

use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use sha2::{Digest, Sha256};

use crate::question::Question;

/// What is measured: it says whether all is well.
pub type Step<'a> = Box<dyn Fn() -> bool + 'a>;

/// A library, as far as it goes.
pub struct Native {
    pub name: String,
    /// What verifies a question, if the library has its algorithm.
    pub verifier: fn(&Question) -> Option<Step<'_>>,
    pub sha256: fn(&[u8]) -> Vec<u8>,
}

/// RustCrypto's `p256` of two lines, and OpenSSL if this was built with it.
pub fn libraries() -> Vec<Native> {
    let rust_crypto = |name: &str, verifier| Native {
        name: name.into(),
        verifier,
        sha256: |bytes| Sha256::digest(bytes).to_vec(),
    };
    vec![
        rust_crypto("p256 0.13", former_p256_verifier),
        rust_crypto("p256 0.14", p256_verifier),
        #[cfg(feature = "openssl")]
        Native {
            name: openssl::version::version().split(' ').take(2).collect::<Vec<_>>().join(" "),
            verifier: openssl_verifier,
            sha256: |bytes| openssl::sha::sha256(bytes).to_vec(),
        },
    ]
}

/// The hash that belongs to the curve is SHA-256.
fn p256_verifier(question: &Question) -> Option<Step<'_>> {
    let key = VerifyingKey::from_public_key_der(&question.key).ok()?;
    let verifies = move |signature| key.verify(&question.message, &signature).is_ok();
    Some(Box::new(move || DerSignature::from_bytes(&question.signature).is_ok_and(&verifies)))
}

fn former_p256_verifier(question: &Question) -> Option<Step<'_>> {
    use p256_former::ecdsa::signature::Verifier;
    use p256_former::ecdsa::{DerSignature, VerifyingKey};
    use p256_former::pkcs8::DecodePublicKey;

    let key = VerifyingKey::from_public_key_der(&question.key).ok()?;
    let verifies = move |signature| key.verify(&question.message, &signature).is_ok();
    Some(Box::new(move || DerSignature::from_bytes(&question.signature).is_ok_and(&verifies)))
}

#[cfg(feature = "openssl")]
fn openssl_verifier(question: &Question) -> Option<Step<'_>> {
    use crate::question::Hash;
    use openssl::hash::MessageDigest;
    use openssl::pkey::{Id, PKey};
    use openssl::sign::Verifier;

    let key = PKey::public_key_from_der(&question.key).ok()?;
    let digest = match question.manner.hash {
        Hash::Sha256 => MessageDigest::sha256(),
        Hash::Sha384 => MessageDigest::sha384(),
        Hash::Sha512 => MessageDigest::sha512(),
    };
    let verify = move || {
        let mut verifier = match key.id() {
            Id::ED25519 => Verifier::new_without_digest(&key)?,
            _ => Verifier::new(digest, &key)?,
        };
        verifier.verify_oneshot(&question.signature, &question.message)
    };
    Some(Box::new(move || verify().unwrap_or(false)))
}
