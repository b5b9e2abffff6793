import { createHash, createPublicKey } from "node:crypto";
import { contentBytes } from "../../host/registry/fixture.js";
import { readFixture } from "../host/fixtures.js";

const { files } = readFixture("b-three-keys.json");

/** Four public keys in PEM. */
export const keys = ["a1", "b2", "b3", "bx"].map((name) =>
  contentBytes(files[`keys/${name}.pub`]!).toString(),
);

/** How messages call a key that has no name. */
export function fingerprint(key: string): string {
  return fingerprintOf(createPublicKey(key).export({ type: "spki", format: "der" }));
}

/** How messages call the DER of a key, or of a certificate. */
export function fingerprintOf(der: Buffer): string {
  return `SHA256:${createHash("sha256").update(der).digest("hex").slice(0, 16)}`;
}
