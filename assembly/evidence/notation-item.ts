import { Result } from "../failure";
import { NotationSignature } from "../notation/signature";
import { Text } from "../sdk";
import { Work } from "../work";

/** An item `notation` of an evidence document. Its envelope is read once, when a rule first asks for it. */
export class NotationItem {
  private known: Result<NotationSignature> | null = null;

  constructor(
    private readonly mediaType: Text,
    private readonly envelope: Text,
  ) {}

  signature(work: Work): Result<NotationSignature> {
    const known = this.known;
    if (known) return known;
    const read = NotationSignature.read(this.mediaType, this.envelope, work);
    this.known = read;
    return read;
  }
}
