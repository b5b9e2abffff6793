import { fingerprint } from "../crypto/fingerprint";
import { TrustPolicy } from "../notation/trust-policy";
import { VerificationKey } from "../crypto/key";
import { Builder, Identity, Path, Text } from "../sdk";
import { Window } from "../time/window";
import { RootPin } from "../tuf/root";
import { KeySource } from "./key-sources";
import { TransparencyLog } from "./transparency-log";

/** Who must have signed: one of the classes below. */
export abstract class Signers {
  /** Whether what they sign is of a format that lies in evidence documents alone, and that no host verifies. */
  get areInDocuments(): bool {
    return false;
  }
}

/** A public key. */
export class PublicKey {
  constructor(
    /** As it was written: the host gets it like this. */
    readonly pem: Text,
    /** The same, read: once, for all that is asked of it. */
    readonly verifier: VerificationKey,
    private readonly given: Text | null,
    /** When signatures by it count. */
    readonly window: Window,
    /** When it is asked for where all must sign: longer than that if it is there twice, with two windows. */
    readonly wanted: Window = window,
  ) {}

  /** The SubjectPublicKeyInfo: what makes two keys equal. */
  get der(): Text {
    return this.verifier.der;
  }

  /** The same key, for the time that it may be used here and there. */
  within(window: Window): PublicKey {
    const wanted = this.wanted.spanning(window);
    return new PublicKey(this.pem, this.verifier, this.given, this.window.and(window), wanted);
  }

  /** How messages call it: the name that the settings give it, or its fingerprint. */
  name(): Text {
    const given = this.given;
    return given ? given : fingerprint(this.der);
  }
}

/** Some of these keys, no two of which are equal, and of those that the cluster has. */
export class PublicKeys extends Signers {
  constructor(
    readonly keys: Array<PublicKey>,
    /** Where these keys are in the settings. */
    readonly paths: Array<Path>,
    readonly sources: Array<KeySource>,
    /** How many of them; 0 for all that may be used at the time. */
    readonly threshold: i32,
    /** The log that signatures must be in; null if none is asked for. */
    readonly log: TransparencyLog | null,
  ) {
    super();
  }
}

/** All of these identities; with `prefix`, the subject is the beginning of a URL. */
export class Keyless extends Signers {
  constructor(
    readonly identities: Array<Identity>,
    readonly prefix: bool,
  ) {
    super();
  }
}

/** A GitHub Actions workflow of this owner, and of this repository if it is not null. */
export class GithubActions extends Signers {
  constructor(
    readonly owner: Text,
    readonly repo: Text | null,
  ) {
    super();
  }

  /** `owner/repo`, or `owner/*` */
  name(): Text {
    const repo = this.repo;
    const text = new Builder().text(this.owner).byte(0x2f);
    return (repo ? text.text(repo) : text.byte(0x2a)).view();
  }
}

/** A certificate. */
export class Certificate {
  constructor(
    readonly pem: Text,
    readonly der: Text,
  ) {}

  /** How messages call it: its fingerprint. */
  name(): Text {
    return fingerprint(this.der);
  }
}

/** The holders of all of these certificates. */
export class Certificates extends Signers {
  constructor(
    readonly certificates: Array<Certificate>,
    /** Intermediates first, root last; empty if the certificates are trusted as they are. */
    readonly chain: Array<Certificate>,
    readonly requireRekorBundle: bool,
  ) {
    super();
  }
}

/** Somebody whom a trust policy of Notation's trusts. */
export class Notation extends Signers {
  constructor(readonly policy: TrustPolicy) {
    super();
  }

  get areInDocuments(): bool {
    return true;
  }
}

/** Roles of a repository of Notary v1's. */
export class NotaryV1 extends Signers {
  constructor(
    readonly root: RootPin,
    /** The repository's name in Notary; null for that of the image. */
    readonly gun: Text | null,
    /** Roles whose word counts; empty for all. */
    readonly delegations: Array<Text>,
    /** How many of them must have signed; 0 for all. */
    readonly requireSigners: i32,
    /** How old the timestamp may be, in seconds; 0 for as old as it lets itself be. */
    readonly maxAge: i64,
  ) {
    super();
  }

  get areInDocuments(): bool {
    return true;
  }
}
