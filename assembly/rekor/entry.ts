import { decodeBase64 } from "../crypto/base64";
import { Code, Failure, Result } from "../failure";
import { Builder, Document, Kind, Text } from "../sdk";
import { bytesAt, digitsAt, has, numberOf, textAt } from "../sigstore/protobuf";
import { NO_INSTANT } from "../time/instant";
import { LogKey } from "../trust/log-key";
import { readingCost, tooMuchWork, Work } from "../work";
import { Checkpoint } from "./checkpoint";
import { EntryBody } from "./entry-body";
import { InclusionPromise } from "./inclusion-promise";
import { isIncluded, MOST_HASHES } from "./inclusion-proof";

/** That an entry is in a log's tree: the hashes that lead to the tree's root, and the log's word on that. */
class InclusionProof {
  constructor(
    readonly index: i64,
    readonly hashes: Array<Text>,
    readonly checkpoint: Checkpoint,
  ) {}
}

/**
 * An entry of a transparency log as a bundle keeps it, Sigstore's message TransparencyLogEntry. Nothing of it counts
 * before `verify` has found that the log says so, and `body` that it is about this signature.
 */
export class Entry {
  private knownBody: Result<EntryBody> | null = null;

  private constructor(
    /** 64 hex digits. */
    readonly logId: Text,
    private readonly kind: Text,
    private readonly version: Text,
    private readonly bodyBytes: Text,
    private readonly promise: InclusionPromise | null,
    private readonly proof: InclusionProof | null,
  ) {}

  /** Reads an entry of a document. */
  static read(document: Document, entry: i32): Result<Entry> {
    const index = digitsAt(document, entry, "logIndex");
    const id = bytesAt(document, document.field(entry, "logId"), "keyId");
    const kindVersion = document.field(entry, "kindVersion");
    const kind = textAt(document, kindVersion, "kind");
    const version = textAt(document, kindVersion, "version");
    const time = digitsAt(document, entry, "integratedTime");
    const isTimed = has(document, entry, "integratedTime");
    const body = bytesAt(document, entry, "canonicalizedBody");
    // Protobuf leaves out a number that is zero.
    const hasIndex = has(document, entry, "logIndex");
    if ((hasIndex && !index) || (isTimed && !time) || !id || !kind || !version || !body) {
      return malformed();
    }
    const logId = new Builder(64).hex(id).view();
    let promise: InclusionPromise | null = null;
    if (has(document, entry, "inclusionPromise")) {
      const at = document.field(entry, "inclusionPromise");
      const signature = bytesAt(document, at, "signedEntryTimestamp");
      if (!signature || !time) return malformed();
      const text = textAt(document, entry, "canonicalizedBody")!;
      const number = index ? index : Text.of("0");
      promise = new InclusionPromise(text, time, logId, number, signature);
    }
    let proof: InclusionProof | null = null;
    if (has(document, entry, "inclusionProof")) {
      const read = readProof(document, document.field(entry, "inclusionProof"));
      if (read.failure) return Result.failure<Entry>(read.failure!);
      proof = read.value;
    }
    return Result.ok(new Entry(logId, kind, version, body, promise, proof));
  }

  get hasPromise(): bool {
    return this.promise != null;
  }

  get hasProof(): bool {
    return this.proof != null;
  }

  /** When the log promises to have taken it, in seconds since 1970; NO_INSTANT if it does not say, or not sign it. */
  get time(): i64 {
    const promise = this.promise;
    return promise ? promise.time : NO_INSTANT;
  }

  /** What it is about. */
  body(): Result<EntryBody> {
    const known = this.knownBody;
    if (known) return known;
    const read = EntryBody.read(this.bodyBytes, this.kind, this.version);
    this.knownBody = read;
    return read;
  }

  /** Why this log has not promised to hold it, or is not proven to, of whichever it comes with; null if so. */
  verify(log: LogKey, work: Work): Failure | null {
    const promise = this.promise;
    const proof = this.proof;
    const failure = promise ? promise.verify(log, work) : null;
    if (failure || !proof) return failure;
    if (!work.spend(readingCost(this.bodyBytes.length) + proof.hashes.length)) return tooMuchWork();
    const checkpoint = proof.checkpoint;
    if (!isIncluded(this.bodyBytes, proof.index, checkpoint.size, proof.hashes, checkpoint.root)) {
      return invalid();
    }
    return checkpoint.verify(log, work);
  }
}

/** Reads an InclusionProof. What it says of the tree, the checkpoint says too, and must say the same. */
function readProof(document: Document, proof: i32): Result<InclusionProof> {
  const isFirst = !has(document, proof, "logIndex");
  const index = digitsAt(document, proof, "logIndex");
  const size = digitsAt(document, proof, "treeSize");
  const root = bytesAt(document, proof, "rootHash");
  const note = textAt(document, document.field(proof, "checkpoint"), "envelope");
  const list = document.field(proof, "hashes");
  const kind = document.kind(list);
  if (!note) {
    return Result.fail<InclusionProof>(
      Code.LogProofMissing,
      "its log entry comes without the checkpoint of its log",
    );
  }
  if ((!index && !isFirst) || !size || !root || (kind != Kind.Null && kind != Kind.Array)) {
    return Result.failure<InclusionProof>(malformed().failure!);
  }
  const hashes: Array<Text> = [];
  // A tree of one entry has no hashes.
  for (let at = list + 1; kind == Kind.Array && !document.ends(at); at = document.next(at)) {
    const hash = document.kind(at) == Kind.String ? decodeBase64(document.text(at)) : null;
    if (!hash || hash.length != 32 || hashes.push(hash) > MOST_HASHES) {
      return Result.failure<InclusionProof>(malformed().failure!);
    }
  }
  const read = Checkpoint.read(note);
  if (read.failure) return Result.failure<InclusionProof>(read.failure!);
  const checkpoint = read.value!;
  if (checkpoint.size != numberOf(size) || !checkpoint.root.same(root)) {
    return Result.failure<InclusionProof>(invalid());
  }
  return Result.ok(new InclusionProof(index ? numberOf(index) : 0, hashes, checkpoint));
}

function invalid(): Failure {
  return Failure.of(
    Code.LogProofInvalid,
    "the proof that its log entry is in the log does not lead to the log's checkpoint",
  );
}

function malformed(): Result<Entry> {
  return Result.fail<Entry>(Code.LogEntryMalformed, "its log entry makes no sense");
}
