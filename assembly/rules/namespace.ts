import { Labels } from "../cluster/label-selector";
import { Result } from "../failure";
import { Text } from "../sdk";

/** The namespace that a request is for. */
export abstract class Namespace {
  constructor(
    /** Empty for what is in none. */
    readonly name: Text,
  ) {}

  /** Its labels, as the cluster has them and not the request. */
  abstract labels(): Result<Labels>;
}
