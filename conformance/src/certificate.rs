//! Certificates as a Sigstore authority issues them, for holders and for CAs.

use crate::der::{bit_string, integer, octet_string, oid, pem, sequence, tagged};
use crate::keys::Key;

const COMMON_NAME: &[u8] = b"\x55\x04\x03";
const KEY_USAGE: &[u8] = b"\x55\x1d\x0f";
const SUBJECT_ALT_NAME: &[u8] = b"\x55\x1d\x11";
const BASIC_CONSTRAINTS: &[u8] = b"\x55\x1d\x13";
const EXT_KEY_USAGE: &[u8] = b"\x55\x1d\x25";
const CODE_SIGNING: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x03";
const FULCIO_ISSUER: &[u8] = b"\x2b\x06\x01\x04\x01\x83\xbf\x30\x01\x08";
/// One of nobody's, for whatever fills a certificate.
const FILLING: &[u8] = b"\x2b\x06\x01\x04\x01\x83\xbf\x30\x63";

pub const ISSUER: &str = "https://accounts.example.com";
pub const SUBJECT: &str = "dev@example.com";

/// The name of all CAs here.
const AUTHORITY: &str = "authority";

/// A holder's certificate that names the authority, with so many bytes of filling; the signature is not the
/// authority's. `like` is a key of the kind that the authority would have signed with.
pub fn of_holder(key: &[u8], like: &Key, filling: usize) -> String {
    let extensions = [
        extension(KEY_USAGE, &tagged(3, &[7, 0x80])),
        extension(EXT_KEY_USAGE, &sequence(&[&oid(CODE_SIGNING)])),
        extension(SUBJECT_ALT_NAME, &sequence(&[&tagged(0x81, SUBJECT.as_bytes())])),
        extension(FULCIO_ISSUER, &tagged(0x0c, ISSUER.as_bytes())),
        extension(FILLING, &vec![0; filling]),
    ];
    signed(&name("holder"), key, &extensions.concat(), like)
}

/// A CA's certificate, all of the same name, its own issuer.
pub fn of_authority(key: &Key) -> String {
    let extensions = [
        extension(KEY_USAGE, &tagged(3, &[2, 0x04])),
        extension(BASIC_CONSTRAINTS, &sequence(&[&[1, 1, 0xff]])),
    ];
    signed(&name(AUTHORITY), &key.der, &extensions.concat(), key)
}

fn signed(subject: &[u8], spki: &[u8], extensions: &[u8], like: &Key) -> String {
    let time = |text: &[u8]| tagged(0x17, text);
    let body = sequence(&[
        &tagged(0xa0, &integer(&[2])),
        &integer(&[1]),
        &like.algorithm,
        &name(AUTHORITY),
        &sequence(&[&time(b"200101000000Z"), &time(b"490101000000Z")]),
        subject,
        spki,
        &tagged(0xa3, &sequence(&[extensions])),
    ]);
    pem("CERTIFICATE", &sequence(&[&body, &like.algorithm, &bit_string(&like.wrong)]))
}

fn extension(id: &[u8], value: &[u8]) -> Vec<u8> {
    sequence(&[&oid(id), &octet_string(value)])
}

fn name(common: &str) -> Vec<u8> {
    sequence(&[&tagged(0x31, &sequence(&[&oid(COMMON_NAME), &tagged(0x0c, common.as_bytes())]))])
}
