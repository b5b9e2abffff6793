import { Code, Failure, Result } from "../failure";
import { DELEGATIONS } from "../limits";
import { Builder, Kind, NONE, Text } from "../sdk";
import { readingCost, tooMuchWork, Work } from "../work";
import { FileMeta } from "./file-meta";
import { about, isAmong } from "./metadata";
import { Repository, SignedTargets } from "./repository";

/** What metadata says of a tag. */
export class Target {
  constructor(
    readonly tag: Text,
    /** `sha256:…`, that of the image's manifest. */
    readonly digest: Text,
    /** Of the manifest, in bytes. */
    readonly length: i64,
    /** Roles that say so, such as `targets/releases`. */
    readonly roles: Array<Text>,
  ) {}
}

/** The roles of a repository whose word counts for a rule, all of them verified. */
export class Targets {
  private readonly roles: Array<SignedTargets> = [];

  private constructor(
    private readonly wanted: Array<Text>,
    private readonly required: i32,
  ) {}

  /**
   * Verifies the roles that count.
   *
   * @param wanted their names, such as `targets/releases`; if there are none, `targets` and all roles below it are taken,
   *   and the first of them that knows a tag tells its digest, as in `notary lookup`
   * @param required how many of those that are wanted must say the same, no two of them signed by the same key; 0 for all of
   *   them, whoever has signed them
   */
  static verify(
    repository: Repository,
    wanted: Array<Text>,
    required: i32,
    work: Work,
  ): Result<Targets> {
    const targets = new Targets(wanted, required);
    const failure = targets.walk(repository, work);
    return failure ? Result.failure<Targets>(failure) : Result.ok<Targets>(targets);
  }

  /** The image that a tag means. */
  ofTag(tag: Text, work: Work): Result<Target> {
    if (!work.spend(this.cost)) return failed(tooMuchWork());
    let found: FileMeta | null = null;
    const names: Array<Text> = [];
    const signers: Array<Text> = [];
    let distinct = 0;
    for (let i = 0; i < this.roles.length; i++) {
      const role = this.roles[i];
      if (!this.counts(role) || !role.delegation.isFor(tag)) continue;
      const document = role.metadata.document;
      const value = document.fieldOf(targetsOf(role), tag);
      if (value == NONE) continue;
      const meta = FileMeta.read(document, value);
      if (!meta) return failed(about(Code.TufMalformed, role.metadata.role, "makes no sense"));
      if (found && !(found.digest.same(meta.digest) && found.length == meta.length)) {
        return failed(aboutTag(Code.DigestsDiffer, tag, "means more than one image"));
      }
      found = meta;
      names.push(role.metadata.role);
      if (addAll(signers, role.metadata.signers)) distinct++;
      if (this.wanted.length == 0) break;
    }
    if (!found) return failed(aboutTag(Code.TufTagMissing, tag, "is not signed"));
    const required = this.required;
    if (required > 0 ? distinct < required : names.length < this.wanted.length) {
      const problem = "is not signed by as many roles as must have";
      return failed(aboutTag(Code.TufSigners, tag, problem));
    }
    return Result.ok(new Target(tag, found.digest, found.length, names));
  }

  /** A tag that means the image with this digest. */
  ofDigest(digest: Text, work: Work): Result<Target> {
    if (!work.spend(this.cost)) return failed(tooMuchWork());
    for (let i = 0; i < this.roles.length; i++) {
      const role = this.roles[i];
      if (!this.counts(role)) continue;
      const document = role.metadata.document;
      const targets = targetsOf(role);
      if (document.kind(targets) != Kind.Object) continue;
      for (let at = targets + 1; !document.ends(at); at = document.next(at + 1)) {
        const meta = FileMeta.read(document, at + 1);
        if (!meta || !meta.digest.same(digest)) continue;
        const target = this.ofTag(document.text(at), work);
        if (target.value && target.value!.digest.same(digest)) return target;
        const failure = target.failure;
        if (failure && failure.code == Code.TooManyChecks) return target;
      }
    }
    const detail = new Builder().ascii("no tag that is signed means ").plain(digest, 80);
    return failed(new Failure(Code.TufDigestMissing, detail.view()));
  }

  /** From `targets` down, those nearer to it first. */
  private walk(repository: Repository, work: Work): Failure | null {
    this.roles.push(repository.targets);
    for (let i = 0; i < this.roles.length; i++) {
      const failure = this.walkBelow(this.roles[i], repository, work);
      if (failure) return failure;
    }
    for (let i = 0; i < this.wanted.length; i++) {
      if (!this.has(this.wanted[i])) return missing(this.wanted[i]);
    }
    return null;
  }

  private walkBelow(parent: SignedTargets, repository: Repository, work: Work): Failure | null {
    const document = parent.metadata.document;
    const delegations = document.field(parent.metadata.signed, "delegations");
    const keys = document.field(delegations, "keys");
    const list = document.field(delegations, "roles");
    if (document.kind(list) != Kind.Array) return null;
    for (let at = list + 1; !document.ends(at); at = document.next(at)) {
      const cost = readingCost(document.raw(at).length) + repository.snapshot.namesCost;
      if (!work.spend(cost)) return tooMuchWork();
      const delegation = parent.delegation.read(document, at, keys, work);
      if (work.isOver) return tooMuchWork();
      if (!delegation || this.has(delegation.name) || this.roles.length > DELEGATIONS) {
        return about(
          Code.TufMalformed,
          parent.metadata.role,
          "delegates in a way that makes no sense",
        );
      }
      // Without a word of the snapshot there is none of that role, and none of those below it.
      if (!this.isWanted(delegation.name) || !repository.snapshot.names(delegation.name)) continue;
      const bytes = repository.files.find(delegation.name);
      if (!bytes) return missing(delegation.name);
      const verified = repository.verifyDelegation(delegation, bytes);
      if (verified.failure) return verified.failure;
      this.roles.push(verified.value!);
    }
    return null;
  }

  private has(role: Text): bool {
    for (let i = 0; i < this.roles.length; i++) {
      if (this.roles[i].delegation.name.same(role)) return true;
    }
    return false;
  }

  private counts(role: SignedTargets): bool {
    if (this.wanted.length == 0) return true;
    for (let i = 0; i < this.wanted.length; i++) {
      if (this.wanted[i].same(role.delegation.name)) return true;
    }
    return false;
  }

  /** Whether a role counts, or one below it. */
  private isWanted(role: Text): bool {
    if (this.wanted.length == 0) return true;
    for (let i = 0; i < this.wanted.length; i++) {
      const wanted = this.wanted[i];
      const length = role.length;
      if (wanted.same(role)) return true;
      if (wanted.at(length) == 0x2f && wanted.slice(0, length).same(role)) return true;
    }
    return false;
  }

  /** What it costs to look a tag up. */
  private get cost(): i32 {
    let cost = 0;
    for (let i = 0; i < this.roles.length; i++) {
      cost += readingCost(this.roles[i].metadata.bytes.length);
    }
    return cost;
  }
}

/** Adds some keys to others; false if one of them is there. */
function addAll(keys: Array<Text>, more: Array<Text>): bool {
  for (let i = 0; i < more.length; i++) if (isAmong(keys, more[i])) return false;
  for (let i = 0; i < more.length; i++) keys.push(more[i]);
  return true;
}

function targetsOf(role: SignedTargets): i32 {
  return role.metadata.document.field(role.metadata.signed, "targets");
}

function failed(failure: Failure): Result<Target> {
  return Result.failure<Target>(failure);
}

function missing(role: Text): Failure {
  return about(Code.TufRoleMissing, role, "is not there");
}

/** `the tag "1.0" … in Notary's metadata` */
function aboutTag(code: Code, tag: Text, problem: string): Failure {
  const detail = new Builder().ascii('the tag "').plain(tag, 128).ascii('" ').ascii(problem);
  return new Failure(code, detail.ascii(" in Notary's metadata").view());
}
