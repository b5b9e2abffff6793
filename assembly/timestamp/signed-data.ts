import { Der, Tag } from "../crypto/der";
import { Hash, hashBytes } from "../crypto/hash";
import { VerificationKey } from "../crypto/key";
import { Builder, Text } from "../sdk";
import { Algorithm } from "../x509/algorithm";
import { ID_CT, numberBelow, PKCS_7, PKCS_9, SHA_2 } from "../x509/oid";

/** Numbers of contents, below PKCS_7 and ID_CT of `x509/oid.ts`. */
const SIGNED_DATA = 2;
const TST_INFO = 4;

/** Numbers of attributes, below PKCS_9. */
const enum Attribute {
  ContentType = 3,
  MessageDigest = 4,
}

/** Something that one signer has signed with attributes, as CMS wraps it (RFC 5652 §5): here a TSTInfo. */
export class SignedData {
  private constructor(
    /** What is wrapped. */
    readonly content: Text,
    /** The signer's certificate: who issued it, in DER, and its number among theirs. */
    readonly issuer: Text,
    readonly serial: Text,
    /** What is signed: the attributes as a SET. */
    private readonly attributes: Text,
    private readonly algorithm: Algorithm,
    private readonly signature: Text,
  ) {}

  /**
   * Reads a ContentInfo. There must be one signer, named by issuer and number, and among their attributes what kind of
   * content it is and the content's digest; null if something else is there. Certificates in it are passed over: who
   * trusts a signer has theirs.
   */
  static read(info: Der): SignedData | null {
    const kind = info.read(Tag.Oid);
    const wrapped = info.enter(Tag.Constructed0);
    const data = wrapped.enter(Tag.Sequence);
    const version = data.read(Tag.Integer);
    data.read(Tag.Set);
    const inner = data.enter(Tag.Sequence);
    const innerKind = inner.read(Tag.Oid);
    const octets = inner.enter(Tag.Constructed0);
    const content = octets.read(Tag.OctetString);
    data.skip(Tag.Constructed0);
    data.skip(Tag.Constructed1);
    const signers = data.enter(Tag.Set);
    const signer = signers.enter(Tag.Sequence);
    const isWhole =
      info.done && wrapped.done && data.done && inner.done && octets.done && signers.done;
    const isKnown = numberBelow(kind, PKCS_7) == SIGNED_DATA && isTstInfo(innerKind);
    if (!isWhole || !isKnown || !isNumber(version, 3)) return null;
    return SignedData.ofSigner(signer, content);
  }

  private static ofSigner(signer: Der, content: Text): SignedData | null {
    const version = signer.read(Tag.Integer);
    const id = signer.enter(Tag.Sequence);
    const issuer = id.whole(Tag.Sequence);
    const serial = id.read(Tag.Integer);
    const hash = readHash(signer);
    const attributes = signer.whole(Tag.Constructed0);
    const algorithm = signer.whole(Tag.Sequence);
    const signature = signer.read(Tag.OctetString);
    signer.skip(Tag.Constructed1);
    if (!signer.done || !id.done || hash < 0 || !isNumber(version, 1)) return null;
    const digest = hashBytes(<Hash>hash, content);
    if (!areAbout(new Der(attributes).enter(Tag.Constructed0), digest)) return null;
    const how = Algorithm.parse(algorithm, hash);
    if (!how) return null;
    return new SignedData(content, issuer, serial, asSet(attributes), how, signature);
  }

  /** Bytes that are signed. */
  get size(): i32 {
    return this.attributes.length;
  }

  /** Whether this key has signed it. */
  isSignedBy(key: VerificationKey): bool {
    return this.algorithm.verifies(key, this.attributes, this.signature);
  }
}

/** Reads the AlgorithmIdentifier of a SHA-2 (RFC 5754 §2); a `Hash`, or -1 for any other. */
export function readHash(from: Der): i32 {
  const algorithm = from.enter(Tag.Sequence);
  const number = numberBelow(algorithm.read(Tag.Oid), SHA_2);
  algorithm.skip(Tag.Null);
  return algorithm.done && number >= 1 && number <= 3 ? number - 1 : -1;
}

/** Whether signed attributes (§11.1, §11.2) are those of a TSTInfo with this digest: each of the two once. */
function areAbout(attributes: Der, digest: Text): bool {
  let kinds = 0;
  let digests = 0;
  while (!attributes.broken && !attributes.done) {
    const attribute = attributes.enter(Tag.Sequence);
    const number = numberBelow(attribute.read(Tag.Oid), PKCS_9);
    const values = attribute.enter(Tag.Set);
    if (!attribute.done) return false;
    if (number != Attribute.ContentType && number != Attribute.MessageDigest) continue;
    const isKind = number == Attribute.ContentType;
    const value = values.read(isKind ? Tag.Oid : Tag.OctetString);
    if (!values.done || !(isKind ? isTstInfo(value) : value.same(digest))) return false;
    if (isKind) kinds++;
    else digests++;
  }
  return attributes.done && kinds == 1 && digests == 1;
}

/** Whether the contents of an INTEGER are those of a number of one byte. */
export function isNumber(integer: Text, number: i32): bool {
  return integer.length == 1 && integer.at(0) == number;
}

function isTstInfo(oid: Text): bool {
  return numberBelow(oid, ID_CT) == TST_INFO;
}

/** The same element as a SET: what is signed has this tag, and not the one that it comes with (§5.4). */
function asSet(element: Text): Text {
  return new Builder(element.length).byte(Tag.Set).text(element.slice(1)).view();
}
