import { readEmbedded } from "../cosign/embedded";
import { decodeBase64 } from "../crypto/base64";
import { sha256 } from "../crypto/sha256";
import { Code, Failure, Result } from "../failure";
import { Builder, Document, JsonError, Kind, NONE, Text } from "../sdk";
import { textIn, wholeIn } from "../sdk/json/values";
import { NO_INSTANT, parseTimestamp, writeInstant } from "../time/instant";
import { CHECK, plainReadingCost, readingCost, tooMuchWork, Work } from "../work";
import { writeCanonical } from "./canonical-json";
import { FileMeta } from "./file-meta";
import { idIn, Role } from "./role";
import { TufKey } from "./key";

class Signature {
  constructor(
    readonly keyId: Text,
    readonly method: Text,
    readonly bytes: Text,
  ) {}
}

/** What a role has signed, as it was read (TUF specification, §4.2): `{"signed": {…}, "signatures": […]}`. */
export class Metadata {
  /** DER of the keys that have signed it, as many as had to; known once it has been verified. */
  readonly signers: Array<Text> = [];

  private constructor(
    /** The role, such as `timestamp` or `targets/releases`, to be shown. */
    readonly role: Text,
    readonly bytes: Text,
    readonly document: Document,
    /** Token of what is signed. */
    readonly signed: i32,
    /** The SHA-256 of that in canonical JSON. */
    private readonly digest: Text,
    private readonly signatures: Array<Signature>,
    /** In seconds since 1970. */
    readonly expires: i64,
    readonly version: i64,
  ) {}

  /** @param type what `_type` must say */
  static read(role: Text, bytes: Text, type: string, work: Work): Result<Metadata> {
    // It is read, written anew and hashed.
    if (!work.spend(3 * readingCost(bytes.length))) return Result.failure<Metadata>(tooMuchWork());
    const document = readEmbedded(bytes);
    const signed = document.field(0, "signed");
    const signatures = readSignatures(document, document.field(0, "signatures"));
    const says = textIn(document, signed, "_type");
    const expiry = textIn(document, signed, "expires");
    const expires = expiry ? parseTimestamp(expiry) : NO_INSTANT;
    const version = wholeIn(document, signed, "version");
    const isWhole = document.error == JsonError.None && document.twice == NONE;
    if (
      !isWhole ||
      !signatures ||
      !says ||
      !says.is(type) ||
      expires == NO_INSTANT ||
      version < 1
    ) {
      return Result.failure<Metadata>(about(Code.TufMalformed, role, "makes no sense"));
    }
    const canonical = new Builder(bytes.length);
    if (!writeCanonical(document, signed, canonical)) {
      const problem = "is not in the order and form that is signed";
      return Result.failure<Metadata>(about(Code.TufCanonical, role, problem));
    }
    const digest = sha256(canonical.view());
    return Result.ok<Metadata>(
      new Metadata(role, bytes, document, signed, digest, signatures, expires, version),
    );
  }

  /** Why it is not signed by as many keys as must have; null if it is. Equal keys count once, whatever their ids. */
  verify(keys: Array<TufKey>, threshold: i64, work: Work): Failure | null {
    const counted = this.signers;
    counted.length = 0;
    for (let i = 0; i < this.signatures.length && counted.length < threshold; i++) {
      const signature = this.signatures[i];
      const entry = idIn(keys, signature.keyId);
      const key = entry ? entry.key : null;
      if (!entry || !key || isAmong(counted, key.der)) continue;
      if (!work.spend(key.cost * CHECK)) return tooMuchWork();
      if (entry.verifies(this.digest, signature.method, signature.bytes)) counted.push(key.der);
    }
    if (counted.length >= threshold) return null;
    return about(Code.TufThreshold, this.role, "is not signed by as many of its keys as must have");
  }

  /** Why it counts no more; null if it does. */
  expiryFailure(now: i64): Failure | null {
    if (now != NO_INSTANT && now <= this.expires) return null;
    const detail = begin(this.role).ascii("expired at ");
    writeInstant(detail, this.expires);
    return new Failure(Code.TufExpired, detail.view());
  }

  /** Why some bytes are not those that it names as the metadata of a role; null if they are. */
  metaFailure(role: Text, bytes: Text, work: Work): Failure | null {
    // It is hashed twice.
    if (!work.spend(2 * plainReadingCost(bytes.length))) return tooMuchWork();
    const value = this.document.fieldOf(this.document.field(this.signed, "meta"), role);
    const meta: FileMeta | null = value == NONE ? null : FileMeta.read(this.document, value);
    if (meta && meta.isOf(bytes)) return null;
    const detail = begin(role).ascii("is not the one that ").plain(this.role, 64).ascii(" names");
    return new Failure(Code.TufHash, detail.view());
  }

  /** Whether it names the metadata of a role. */
  names(role: Text): bool {
    return this.document.fieldOf(this.document.field(this.signed, "meta"), role) != NONE;
  }

  /** What it costs to look for a role in what it names. */
  get namesCost(): i32 {
    const meta = this.document.field(this.signed, "meta");
    return meta == NONE ? 1 : plainReadingCost(this.document.raw(meta).length);
  }

  /** A role that it has among its `roles`, as a root does. */
  roleNamed(name: string, work: Work): Result<Role> {
    const document = this.document;
    const value = document.field(document.field(this.signed, "roles"), name);
    const keys = document.field(this.signed, "keys");
    const role = Role.read(document, value, keys, work);
    if (role) return Result.ok<Role>(role);
    if (work.isOver) return Result.failure<Role>(tooMuchWork());
    return Result.failure<Role>(about(Code.TufMalformed, this.role, "makes no sense"));
  }
}

/** `Notary's metadata of targets/releases …` */
export function about(code: Code, role: Text, problem: string): Failure {
  return new Failure(code, begin(role).ascii(problem).view());
}

function begin(role: Text): Builder {
  return new Builder().ascii("Notary's metadata of ").plain(role, 64).byte(0x20);
}

export function isAmong(texts: Array<Text>, text: Text): bool {
  for (let i = 0; i < texts.length; i++) if (texts[i].same(text)) return true;
  return false;
}

/** `[{"keyid", "method", "sig": base64}, …]`; null if it is none. */
function readSignatures(document: Document, list: i32): Array<Signature> | null {
  if (document.kind(list) != Kind.Array) return null;
  const signatures: Array<Signature> = [];
  for (let at = list + 1; !document.ends(at); at = document.next(at)) {
    const keyId = textIn(document, at, "keyid");
    const method = textIn(document, at, "method");
    const text = textIn(document, at, "sig");
    const bytes = text ? decodeBase64(text) : null;
    if (!keyId || !method || !bytes) return null;
    signatures.push(new Signature(keyId, method, bytes));
  }
  return signatures;
}
