import { Annotation, Text } from "../sdk";

/**
 * An image, and what a rule asks of a signature of it. The digest stands for the media type and the size of its manifest
 * too, which a policy is not told.
 */
export class Artifact {
  constructor(
    /** `sha256:…` */
    readonly digest: Text,
    /** Annotations that must be signed with it, each with its value. */
    readonly annotations: Array<Annotation>,
  ) {}
}
