import { decode } from "cborg";
import { JWS } from "./notation.js";

/** What of an envelope matters: all that is signed, the signature, and the certificates. */
export function essence(mediaType: string, envelope: Uint8Array): unknown {
  if (mediaType === JWS) {
    const it = JSON.parse(Buffer.from(envelope).toString()) as Record<string, unknown>;
    return [
      it["protected"],
      it["payload"],
      it["signature"],
      (it["header"] as { x5c: string[] }).x5c,
    ];
  }
  const tags = { 18: (content: () => unknown) => content() };
  const parts = decode(envelope, { useMaps: true, tags }) as unknown[];
  return [parts[0], (parts[1] as Map<number, unknown>).get(33), parts[2], parts[3]];
}
