//! Public keys of all the kinds that the policy takes, and signatures that are as costly as any and good for nothing.

use data_encoding::HEXLOWER;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use sha2::{Digest, Sha256};

use crate::der::{bit_string, integer, oid, pem, sequence};

const EC_PUBLIC_KEY: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const ED25519: &[u8] = b"\x2b\x65\x70";
const NULL: &[u8] = &[5, 0];

/// The curves: name, identifier, and a point, which is the generator.
const CURVES: [(&str, &[u8], &str); 3] = [
    (
        "P-256",
        b"\x2a\x86\x48\xce\x3d\x03\x01\x07",
        "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
         4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    ),
    (
        "P-384",
        b"\x2b\x81\x04\x00\x22",
        "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7\
         3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
    ),
    (
        "P-521",
        b"\x2b\x81\x04\x00\x23",
        "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ff\
         a8de3348b3c1856a429bf97e7e31c2e5bd66\
         011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad\
         0761353c7086a272c24088be94769fd16650",
    ),
];

/// What a certificate says that is signed with a key.
pub const ECDSA_WITH_SHA512: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x04";
pub const RSA_WITH_SHA512: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d";

/// A key, and a signature that is not its own and takes as long to find out about as one that is.
pub struct Key {
    pub name: String,
    /// Its SubjectPublicKeyInfo.
    pub der: Vec<u8>,
    pub wrong: Vec<u8>,
    /// The AlgorithmIdentifier of what it signs.
    pub algorithm: Vec<u8>,
}

impl Key {
    pub fn pem(&self) -> String {
        pem("PUBLIC KEY", &self.der)
    }

    /// P-256, P-384 or P-521.
    pub fn of_curve(index: usize) -> Self {
        let (name, curve, point) = CURVES[index];
        let point = HEXLOWER.decode(point.as_bytes()).expect("it is hexadecimal");
        let size = point.len() / 2;
        // Numbers below the order, whose highest byte may be as low as 1.
        let number = |seed| [&[u8::from(size != 66)], &noise(seed, size - 1)[..]].concat();
        Self {
            name: name.into(),
            der: sequence(&[
                &sequence(&[&oid(EC_PUBLIC_KEY), &oid(curve)]),
                &bit_string(&[&[4], &point[..]].concat()),
            ]),
            wrong: sequence(&[&integer(&number(1)), &integer(&number(2))]),
            algorithm: sequence(&[&oid(ECDSA_WITH_SHA512)]),
        }
    }

    pub fn ed25519() -> Self {
        let point = [&[0x58], &[0x66; 31][..]].concat();
        let s = [&noise(1, 31)[..], &[0x0f]].concat();
        let algorithm = sequence(&[&oid(ED25519)]);
        Self {
            name: "Ed25519".into(),
            der: sequence(&[&algorithm, &bit_string(&point)]),
            wrong: [noise(2, 32), s].concat(),
            algorithm,
        }
    }

    /// A modulus that nobody knows the factors of is as good as any.
    pub fn rsa(bits: usize, exponent: u32) -> Self {
        let mut modulus = noise(3, bits / 8);
        modulus[0] |= 0x80;
        modulus[bits / 8 - 1] |= 1;
        let numbers = sequence(&[&integer(&modulus), &integer(&exponent.to_be_bytes())]);
        let mut wrong = noise(4, bits / 8);
        wrong[0] &= 0x7f;
        Self {
            name: format!("RSA {bits}, e = {exponent}"),
            der: sequence(&[&sequence(&[&oid(RSA), NULL]), &bit_string(&numbers)]),
            wrong,
            algorithm: sequence(&[&oid(RSA_WITH_SHA512), NULL]),
        }
    }
}

/// Somebody who signs with a P-256 key.
pub struct Signer(SigningKey);

impl Signer {
    pub fn new(seed: u8) -> Self {
        Self(SigningKey::from_slice(&[seed; 32]).expect("it is below the order"))
    }

    /// The SubjectPublicKeyInfo.
    pub fn der(&self) -> Vec<u8> {
        self.0.verifying_key().to_public_key_der().expect("it can be written").into_vec()
    }

    pub fn pem(&self) -> String {
        pem("PUBLIC KEY", &self.der())
    }

    /// ECDSA with SHA-256.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: DerSignature = self.0.sign(message);
        signature.as_bytes().to_vec()
    }
}

/// Bytes that look random, and are the same for the same seed.
pub fn noise(seed: u8, length: usize) -> Vec<u8> {
    let blocks = (0..length.div_ceil(32)).map(|i| Sha256::digest([&[seed], &i.to_be_bytes()[..]].concat()));
    blocks.flatten().take(length).collect()
}
