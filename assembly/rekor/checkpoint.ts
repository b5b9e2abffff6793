import { decodeBase64 } from "../crypto/base64";
import { Hash } from "../crypto/hash";
import { VerificationKey } from "../crypto/key";
import { Code, Failure, Result } from "../failure";
import { Text } from "../sdk";
import { asDigits, numberOf } from "../sigstore/protobuf";
import { LogKey } from "../trust/log-key";
import { CHECK, readingCost, tooMuchWork, Work } from "../work";

const LINE_FEED = 0x0a;
const SPACE = 0x20;

/** Bytes by which a signature tells whose it is: the first ones of the key's ID. */
const HINT_BYTES = 4;

/** Signatures of one checkpoint: the log's, and those of witnesses. */
const MOST_SIGNATURES = 32;

/**
 * What a log says of its whole tree, a note with signatures (C2SP's tlog-checkpoint and signed-note):
 *
 *     origin                         the log's name; Rekor 1 puts " - " and the tree's number behind it
 *     size                           entries of the tree
 *     root                           its hash, base64
 *     …                              more lines, perhaps
 *                                    an empty one
 *     — name signature               base64: the hint at the key, and the signature of all lines above the empty one
 */
export class Checkpoint {
  private constructor(
    readonly size: i64,
    /** 32 bytes. */
    readonly root: Text,
    private readonly origin: Text,
    private readonly signed: Text,
    private readonly names: Array<Text>,
    private readonly signatures: Array<Text>,
  ) {}

  static read(note: Text): Result<Checkpoint> {
    const end = note.find("\n\n");
    const originEnd = note.indexOf(LINE_FEED);
    const sizeEnd = note.indexOf(LINE_FEED, originEnd + 1);
    const rootEnd = note.indexOf(LINE_FEED, sizeEnd + 1);
    if (originEnd < 1 || sizeEnd < 0 || rootEnd < 0 || rootEnd > end) return malformed();
    const size = asDigits(note.slice(originEnd + 1, sizeEnd));
    const root = decodeBase64(note.slice(sizeEnd + 1, rootEnd));
    if (!size || !root || root.length != 32) return malformed();
    const names: Array<Text> = [];
    const signatures: Array<Text> = [];
    for (let at = end + 2; at < note.length;) {
      const stop = note.indexOf(LINE_FEED, at);
      if (stop < 0 || names.length == MOST_SIGNATURES || !isDash(note, at)) return malformed();
      const line = note.slice(at + 4, stop);
      const gap = line.indexOf(SPACE);
      const signature = gap > 0 ? decodeBase64(line.slice(gap + 1)) : null;
      if (!signature || signature.length <= HINT_BYTES) return malformed();
      names.push(line.slice(0, gap));
      signatures.push(signature);
      at = stop + 1;
    }
    return Result.ok(
      new Checkpoint(
        numberOf(size),
        root,
        note.slice(0, originEnd),
        note.slice(0, end + 1),
        names,
        signatures,
      ),
    );
  }

  /** Why it is not signed by this log; null if it is. What others have signed beside is not looked at. */
  verify(log: LogKey, work: Work): Failure | null {
    const key = VerificationKey.parse(log.spki);
    for (let i = 0; i < this.names.length; i++) {
      const signature = this.signatures[i];
      if (!signature.slice(0, HINT_BYTES).same(log.id.slice(0, HINT_BYTES))) continue;
      if (!this.isNamed(this.names[i])) continue;
      if (!work.spend(key.cost * CHECK + readingCost(this.signed.length))) return tooMuchWork();
      if (key.verifies(Hash.Sha256, this.signed, signature.slice(HINT_BYTES))) return null;
    }
    return Failure.of(
      Code.CheckpointUnsigned,
      "the checkpoint of its log entry is not signed by the log it names",
    );
  }

  /** Whether a signer's name is the log's. */
  private isNamed(name: Text): bool {
    const origin = this.origin;
    if (origin.length > name.length && !origin.hasAt(name.length, " - ")) return false;
    return origin.length >= name.length && origin.slice(0, name.length).same(name);
  }
}

/** Whether an em dash and a space stand there, in UTF-8. */
function isDash(text: Text, at: i32): bool {
  return (
    text.at(at) == 0xe2 &&
    text.at(at + 1) == 0x80 &&
    text.at(at + 2) == 0x94 &&
    text.at(at + 3) == SPACE
  );
}

function malformed(): Result<Checkpoint> {
  return Result.fail<Checkpoint>(
    Code.CheckpointMalformed,
    "the checkpoint of its log entry makes no sense",
  );
}
