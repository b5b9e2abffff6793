import { Builder, Document, Kind, Text } from "../sdk";
import { bytesAt, onlyAt, textAt } from "./protobuf";

/** A payload and the one signature of it, as DSSE has them (secure-systems-lab/dsse, envelope.md). */
export class Envelope {
  private knownEncoding: Text | null = null;

  private constructor(
    readonly type: Text,
    readonly payload: Text,
    readonly signature: Text,
  ) {}

  /** Reads an envelope of a document; null if it is none, or has not exactly one signature. */
  static read(document: Document, envelope: i32): Envelope | null {
    const type = textAt(document, envelope, "payloadType");
    const payload = bytesAt(document, envelope, "payload");
    const signed = onlyAt(document, envelope, "signatures");
    const signature = bytesAt(document, signed, "sig");
    // A hint at the key, by whatever name the signer gives it: nobody goes by it.
    const hint = document.kind(document.field(signed, "keyid"));
    if (!type || !payload || !signature || (hint != Kind.String && hint != Kind.Null)) return null;
    return new Envelope(type, payload, signature);
  }

  /** What is signed, the pre-authentication encoding: `DSSEv1`, the type and the payload, each behind its length. */
  get encoding(): Text {
    const known = this.knownEncoding;
    if (known) return known;
    const type = this.type;
    const payload = this.payload;
    const written = new Builder(payload.length + type.length + 32).ascii("DSSEv1 ");
    written.int(type.length).byte(0x20).text(type).byte(0x20);
    const encoding = written.int(payload.length).byte(0x20).text(payload).view();
    this.knownEncoding = encoding;
    return encoding;
  }
}
