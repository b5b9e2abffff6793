import { decodeBase64 } from "../crypto/base64";
import { Hash } from "../crypto/hash";
import { KeyKind, VerificationKey } from "../crypto/key";
import { Pem } from "../crypto/pem";
import { sha256 } from "../crypto/sha256";
import { Builder, Document, Text } from "../sdk";
import { textIn } from "../sdk/json/values";
import { X509 } from "../x509/certificate";

/** Length of the salt in RSA-PSS, as Notary makes it. */
const SALT = 32;

/** A key of Notary's metadata (its tuf/data/keys.go): `{"keytype", "keyval": {"private": null, "public": base64}}`. */
export class TufKey {
  private constructor(
    /** 64 hex digits: the SHA-256 of the key in canonical JSON. */
    readonly id: Text,
    /** Null if it is of a kind that is not known here, or broken. */
    readonly key: VerificationKey | null,
    /** The certificate that it is written as, if it is. */
    readonly certificate: X509 | null,
  ) {}

  /** Reads one of the `keys` of a role's metadata; null if it is none. */
  static read(document: Document, value: i32): TufKey | null {
    const type = textIn(document, value, "keytype");
    const text = textIn(document, document.field(value, "keyval"), "public");
    const bytes = text ? decodeBase64(text) : null;
    if (!type || !text || !bytes) return null;
    const canonical = new Builder(2 * text.length).ascii('{"keytype":').json(type);
    canonical.ascii(',"keyval":{"private":null,"public":').json(text).ascii("}}");
    const id = new Builder(64).hex(sha256(canonical.view())).view();
    if (type.is("ecdsa-x509") || type.is("rsa-x509")) {
      const certificate = readCertificate(bytes);
      const key = certificate ? ofKind(certificate.key, type) : null;
      return new TufKey(id, key, key ? certificate : null);
    }
    return new TufKey(id, ofKind(VerificationKey.parse(bytes), type), null);
  }

  /** What a verification costs, in verifications of a P-256 signature; 0 if there is none. */
  get cost(): i32 {
    const key = this.key;
    return key ? key.cost : 0;
  }

  /** Whether a signature by this method is the key's: ECDSA as `r || s`, or RSA-PSS, over SHA-256 either way. */
  verifies(digest: Text, method: Text, signature: Text): bool {
    const key = this.key;
    if (!key) return false;
    if (key.kind != KeyKind.Rsa) return method.is("ecdsa") && key.verifiesRaw(digest, signature);
    return method.is("rsapss") && key.verifiesPss(Hash.Sha256, digest, signature, SALT);
  }
}

/** One certificate in PEM. */
function readCertificate(text: Text): X509 | null {
  const pem = Pem.parse(text);
  if (pem.problem.length > 0 || !pem.label.is("CERTIFICATE")) return null;
  return X509.parse(pem.der).value;
}

/** The key, if it is of the kind that its type begins with, and can be used. */
function ofKind(key: VerificationKey, type: Text): VerificationKey | null {
  if (key.problem.length > 0 || key.kind == KeyKind.Ed25519) return null;
  return type.startsWith(key.kind == KeyKind.Rsa ? "rsa" : "ecdsa") ? key : null;
}
