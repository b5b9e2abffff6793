import { Code, Failure, Result } from "../failure";
import { Builder, Text } from "../sdk";
import { writeInstant, writeSpan } from "../time/instant";
import { tooMuchWork, Work } from "../work";
import { TufFiles } from "./files";
import { about, Metadata } from "./metadata";
import { Delegation, Role } from "./role";
import { RootPin } from "./root";

/** How long Notary's server lets a timestamp last: it says when one was made. In seconds. */
const TIMESTAMP_LIFETIME: i64 = 14 * 86_400;

/** What a role has signed, and which targets are left to it. */
export class SignedTargets {
  constructor(
    readonly delegation: Delegation,
    readonly metadata: Metadata,
  ) {}
}

/** A repository of Notary's whose root, timestamp, snapshot and targets have been verified. */
export class Repository {
  private constructor(
    readonly files: TufFiles,
    readonly snapshot: Metadata,
    readonly targets: SignedTargets,
    private readonly now: i64,
    private readonly work: Work,
  ) {}

  /**
   * Verifies metadata from the root to the targets (TUF specification, §5), at a time in seconds since 1970: each
   * is signed by as many as its role asks for, has not expired, and is the one that the one before it names.
   *
   * @param gun the repository's name: `docker.io/library/nginx`
   * @param maxAge how old the timestamp may be, in seconds; 0 for as old as it lets itself be
   */
  static verify(
    files: TufFiles,
    pin: RootPin,
    gun: Text,
    maxAge: i64,
    now: i64,
    work: Work,
  ): Result<Repository> {
    const loader = new Loader(now, work);
    const root = loader.read(Text.of("root"), files.root, "Root");
    if (root && !work.spend(costOfRoles(root))) loader.note(tooMuchWork());
    else if (root) loader.note(pin.failure(root, gun, now, work));
    if (root) loader.note(root.expiryFailure(now));
    const timestamp = loader.load(root, null, "timestamp", files.timestamp, "Timestamp");
    if (timestamp && maxAge > 0) loader.note(ageFailure(timestamp, maxAge, now));
    const snapshot = loader.load(root, timestamp, "snapshot", files.snapshot, "Snapshot");
    if (snapshot) loader.note(snapshot.metaFailure(Text.of("root"), files.root, work));
    const targets = loader.load(root, snapshot, "targets", files.targets, "Targets");
    const failure = loader.failure;
    if (failure) return Result.failure<Repository>(failure);
    const all = Delegation.toAll(targets!.role, root!.roleNamed("targets")!);
    const signed = new SignedTargets(all, targets!);
    return Result.ok<Repository>(new Repository(files, snapshot!, signed, now, work));
  }

  /** Verifies the metadata of a delegation, which the snapshot names. */
  verifyDelegation(delegation: Delegation, bytes: Text): Result<SignedTargets> {
    const name = delegation.name;
    const changed = this.snapshot.metaFailure(name, bytes, this.work);
    if (changed) return Result.failure<SignedTargets>(changed);
    const loader = new Loader(this.now, this.work);
    const metadata = loader.read(name, bytes, "Targets");
    if (metadata) loader.noteSigned(metadata, delegation.role);
    const failure = loader.failure;
    if (failure) return Result.failure<SignedTargets>(failure);
    return Result.ok(new SignedTargets(delegation, metadata!));
  }
}

/** Reads and verifies metadata until something is wrong: from then on there is none. */
class Loader {
  failure: Failure | null = null;

  constructor(
    private readonly now: i64,
    private readonly work: Work,
  ) {}

  note(failure: Failure | null): void {
    if (!this.failure) this.failure = failure;
  }

  read(role: Text, bytes: Text, type: string): Metadata | null {
    if (this.failure) return null;
    const read = Metadata.read(role, bytes, type, this.work);
    this.note(read.failure);
    return read.value;
  }

  /** @param before the metadata that names this, if there is any */
  load(
    root: Metadata | null,
    before: Metadata | null,
    name: string,
    bytes: Text,
    type: string,
  ): Metadata | null {
    const shown = Text.of(name);
    if (before) this.note(before.metaFailure(shown, bytes, this.work));
    const metadata = this.read(shown, bytes, type);
    if (!root || !metadata) return null;
    const role = root.roleNamed(name);
    if (role) this.noteSigned(metadata, role);
    else this.note(about(Code.TufMalformed, root.role, "makes no sense"));
    return this.failure ? null : metadata;
  }

  noteSigned(metadata: Metadata, role: Role): void {
    this.note(metadata.verify(role.keys, role.threshold, this.work));
    this.note(metadata.expiryFailure(this.now));
  }
}

/** What it costs to read the roles of a root: that of the targets is read once more for those they are left to. */
function costOfRoles(root: Metadata): i32 {
  const above = root.roleCost("root") + root.roleCost("timestamp") + root.roleCost("snapshot");
  return above + 2 * root.roleCost("targets");
}

/** Why a timestamp is older than it may be, or there is no telling; null if it is not. */
function ageFailure(timestamp: Metadata, maxAge: i64, now: i64): Failure | null {
  const made = timestamp.expires - TIMESTAMP_LIFETIME;
  if (made > now) {
    const problem = "lasts longer than 14 days, so that there is no telling how old it is";
    return about(Code.TufStale, timestamp.role, problem);
  }
  if (now - made <= maxAge) return null;
  const detail = new Builder().ascii("Notary's metadata of timestamp was made at ");
  writeInstant(detail, made);
  writeSpan(detail.ascii(", and may be no older than "), maxAge);
  return new Failure(Code.TufStale, detail.view());
}
