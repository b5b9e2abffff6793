//! DER (X.690) of what is verified, as far as it has to be written.

use data_encoding::BASE64;

pub fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = (content.len() as u16).to_be_bytes();
    let header = match content.len() {
        ..0x80 => vec![tag, low],
        0x80..0x100 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [&header, content].concat()
}

pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tagged(0x30, &parts.concat())
}

/// A number that is not negative, from its big-endian bytes.
pub fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    let bytes = &bytes[zeros..];
    match bytes.first() {
        Some(..0x80) => tagged(2, bytes),
        _ => tagged(2, &[&[0], bytes].concat()),
    }
}

pub fn bit_string(bytes: &[u8]) -> Vec<u8> {
    tagged(3, &[&[0], bytes].concat())
}

pub fn octet_string(bytes: &[u8]) -> Vec<u8> {
    tagged(4, bytes)
}

/// An object identifier, from its bytes.
pub fn oid(bytes: &[u8]) -> Vec<u8> {
    tagged(6, bytes)
}

pub fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", BASE64.encode(der))
}
