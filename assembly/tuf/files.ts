import { Text } from "../sdk";

/** Metadata of a role that `targets` delegates to. */
export class DelegationFile {
  constructor(
    /** Such as `targets/releases`. */
    readonly role: Text,
    readonly bytes: Text,
  ) {}
}

/** The metadata of a repository as somebody brought it: nothing of it is proven. */
export class TufFiles {
  constructor(
    readonly root: Text,
    readonly timestamp: Text,
    readonly snapshot: Text,
    readonly targets: Text,
    readonly delegations: Array<DelegationFile>,
  ) {}

  /** The metadata of a delegation, or null. */
  find(role: Text): Text | null {
    for (let i = 0; i < this.delegations.length; i++) {
      if (this.delegations[i].role.same(role)) return this.delegations[i].bytes;
    }
    return null;
  }
}
