import { KeyRing } from "../cluster/key-ring";
import { ClusterObjects } from "../cluster/objects";
import { Code, Failure } from "../failure";
import { LEFT_OUT_BYTES } from "../limits";
import { Builder, Text } from "../sdk";
import { KeySource } from "../settings/key-sources";
import { PublicKey, PublicKeys } from "../settings/signers";
import { NO_INSTANT } from "../time/instant";
import { Inquiry } from "./inquiry";
import { nameOfKey } from "./signer-names";

/** The keys of a rule that can vouch for an image now, and how many of them must. */
export class KeysInUse {
  readonly keys: Array<PublicKey> = [];
  needed: i32 = 1;
  /** Which are left out, and by how much each misses its time; empty if none is. */
  left: Text = new Text(0, 0);
  /** Why there are too few, or no knowing which; null if there are enough. */
  refusal: Failure | null = null;
  /** What was meant for a key and does not count, in words; empty if nothing was. */
  readonly broken: Text;

  constructor(signers: PublicKeys, inquiry: Inquiry) {
    const ring = new KeyRing();
    for (let i = 0; i < signers.keys.length; i++) ring.add(signers.keys[i]);
    const unread = addFromCluster(ring, signers.sources, inquiry);
    this.broken = ring.brokenOnes();
    this.refusal = unread ? unread : this.lackIn(ring, signers.threshold);
    if (!this.refusal) this.refusal = this.choose(ring.keys, signers, inquiry);
  }

  /** Where all must sign, what nobody can sign with must not make them fewer. */
  private lackIn(ring: KeyRing, threshold: i32): Failure | null {
    if (threshold == 0 && this.broken.length > 0) {
      const detail = new Builder().ascii("all of its keys must sign").text(this.broken);
      return new Failure(Code.KeyUnusable, detail.view());
    }
    if (ring.keys.length >= max(threshold, 1)) return null;
    const detail = new Builder().ascii("too few keys: needs ").int(max(threshold, 1));
    detail.ascii(", and has ").int(ring.keys.length).text(this.broken);
    return new Failure(Code.TooFewKeys, detail.view());
  }

  /**
   * A key out of its time is left out, so that one which has expired beside a new one is no outage. Where a log proves
   * when each signed, that time decides instead: if the rule says how many keys it needs, or none is left otherwise.
   */
  private choose(all: Array<PublicKey>, signers: PublicKeys, inquiry: Inquiry): Failure | null {
    const windows = haveWindows(all);
    const now = windows ? inquiry.now() : NO_INSTANT;
    const provenLater = signers.log != null && (signers.threshold > 0 || !hasOpenOne(all, now));
    const out = new Builder();
    let outside = 0;
    let unnamed = 0;
    let disputed = false;
    for (let i = 0; i < all.length; i++) {
      if (provenLater || all[i].window.holds(now)) this.keys.push(all[i]);
      else {
        // Who can copy a key must not be able to have it left out.
        if (signers.threshold == 0 && all[i].wanted.holds(now)) disputed = true;
        if (out.size > LEFT_OUT_BYTES) {
          unnamed++;
          continue;
        }
        out
          .ascii(outside++ > 0 ? "; " : "")
          .text(nameOfKey(all[i]))
          .byte(0x20);
        all[i].window.writeMiss(out, now);
      }
    }
    this.needed = signers.threshold > 0 ? signers.threshold : this.keys.length;
    // Without a clock there is no telling which keys are left to be asked for.
    const isTimeless = windows && now == NO_INSTANT;
    if (unnamed > 0) out.ascii("; and ").int(unnamed).ascii(" more");
    this.left = out.view();
    const isEnough = this.keys.length > 0 && this.keys.length >= this.needed;
    if (isEnough && !isTimeless && !disputed) return null;
    return new Failure(
      Code.KeyOutsideWindow,
      new Builder().text(this.left).text(this.broken).view(),
    );
  }
}

/** Whether any of them may be used at certain times only. */
function haveWindows(keys: Array<PublicKey>): bool {
  for (let i = 0; i < keys.length; i++) if (keys[i].window.isBounded) return true;
  return false;
}

function hasOpenOne(keys: Array<PublicKey>, now: i64): bool {
  for (let i = 0; i < keys.length; i++) if (keys[i].window.holds(now)) return true;
  return false;
}

/** Adds the keys of all sources; a failure if one of them cannot be read, or has not what it must have. */
function addFromCluster(
  ring: KeyRing,
  sources: Array<KeySource>,
  inquiry: Inquiry,
): Failure | null {
  for (let i = 0; i < sources.length; i++) {
    const source = sources[i];
    const read = inquiry.cluster.objects(source.kind, source.objects);
    const objects = read.value;
    if (!objects) return read.failure;
    const count = objects.tokens.length;
    if (count == 0 || (count > 1 && source.isSingle)) return notOne(count, objects, source);
    const failure = ring.addAll(objects, inquiry.work);
    if (failure) return failure;
  }
  return null;
}

function notOne(count: i32, objects: ClusterObjects, source: KeySource): Failure {
  const detail = new Builder().ascii("there is ");
  if (count > 1) detail.ascii("more than one ");
  else detail.ascii("no ");
  objects.write(detail);
  source.objects.explainNamespace(detail);
  if (count > 1) detail.ascii(": set merge: true, or remove the others");
  return new Failure(count > 1 ? Code.ResourceAmbiguous : Code.ResourceMissing, detail.view());
}
