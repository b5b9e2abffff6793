import { Annotation, Text } from "../sdk";

/** An image, by the descriptor of its manifest, and what a rule asks of a signature of it. */
export class Artifact {
  constructor(
    readonly mediaType: Text,
    /** `sha256:…` */
    readonly digest: Text,
    /** In bytes. */
    readonly size: i64,
    /** Annotations that must be signed with it, each with its value. */
    readonly annotations: Array<Annotation>,
  ) {}
}
