import { der } from "../crypto/crypto.js";
import { callJson } from "../sdk/units.js";
import * as make from "./make.js";

/** When the certificates here are valid, as all are that `make` makes. */
export const NOW = "2026-06-01T12:00:00Z";

const { basicConstraints, commonName, integer, TRUE } = make;

export const CODE = make.purposes(make.CODE_SIGNING);
export const CA = [basicConstraints(TRUE), make.CERT_SIGN];

export const ROOT = make.KEYS.p256();
export const MIDDLE = make.KEYS.p256();
export const LEAF = make.KEYS.p256();
export const OTHER = make.KEYS.p256();

/** A root, with changes. */
export function root(changes: make.Wanted = {}): Buffer {
  return make.make({ subject: commonName("root"), keys: ROOT, extensions: CA, ...changes });
}

/** A CA below it. */
export function middle(changes: make.Wanted = {}): Buffer {
  const extensions = [basicConstraints(TRUE, integer(0)), make.CERT_SIGN, CODE];
  const [subject, issuer] = [commonName("middle"), commonName("root")];
  return make.make({ subject, issuer, keys: MIDDLE, signer: ROOT, extensions, ...changes });
}

/** A signer's certificate by that CA. */
export function leaf(changes: make.Wanted = {}): Buffer {
  const extensions = [make.DIGITAL_SIGNATURE, CODE, make.names(make.email("dev@demo.example"))];
  const [subject, issuer] = [der(0x30), commonName("middle")];
  return make.make({ subject, issuer, keys: LEAF, signer: MIDDLE, extensions, ...changes });
}

/** A signer's certificate by the root itself. */
export function direct(changes: make.Wanted = {}): Buffer {
  return leaf({ issuer: commonName("root"), signer: ROOT, ...changes });
}

/** A signer's certificate below so many CAs, each below the one before it. */
export function ladder(length: number): { leaf: Buffer; intermediates: Buffer[] } {
  const names = ["root", ...Array.from({ length }, (_, i) => `ca ${i}`)].map(commonName);
  const keys = names.map((_, i) => (i === 0 ? ROOT : make.KEYS.p256()));
  const intermediates = names.slice(1).map((subject, i) => {
    const [issuer, signer] = [names[i]!, keys[i]!];
    return make.make({ subject, issuer, keys: keys[i + 1]!, signer, extensions: CA });
  });
  return { leaf: leaf({ issuer: names.at(-1)!, signer: keys.at(-1)! }), intermediates };
}

/** Empty, or why there is no path. */
export function verify(
  leaf: Buffer,
  intermediates: Buffer[],
  roots: Buffer[],
  at: string = NOW,
): string {
  const base64 = (list: Buffer[]) => list.map((it) => it.toString("base64"));
  const [certificate] = base64([leaf]);
  return callJson("x509.path", {
    leaf: certificate,
    intermediates: base64(intermediates),
    roots: base64(roots),
    at,
  });
}

const UNTRUSTED = "the certificate was not issued by a CA that is trusted here";
export const UNKNOWN = `${UNTRUSTED} [certificate-untrusted]`;
export const FOREIGN = `${UNTRUSTED}: the one of that name has another key [certificate-untrusted]`;
export const NOT_FOR_CODE =
  "is not for signing code: its extendedKeyUsage has no codeSigning [certificate-purpose]";
