import type { JsonObject } from "../../host/document.js";
import { pem } from "../crypto/crypto.js";
import * as made from "../sigstore/made.js";
import { KEYS } from "../x509/make.js";
import { bundleItem, DIGEST, documentWith, fill, fromArtifacts } from "./costly.js";
import { IMAGES, RULES, sameImage, times, type Costly } from "./costly.js";

// Attestations that are costly to find wanting: they are of the type and by the signer.

const signer = KEYS.p256();
const TYPE = "https://example.com/scan/v1";
const OTHER = "https://example.com/scan/v2";

/** An item whose predicate is given as it is written. */
function said(predicate: string) {
  const subject = [{ digest: { sha256: DIGEST.slice(7) } }];
  const statement = JSON.stringify(made.statement({ subject, predicateType: TYPE, predicate: 0 }));
  const payload = statement.replace('"predicate":0', () => `"predicate":${predicate}`);
  return bundleItem(made.bundle({ dsseEnvelope: made.envelope(signer, payload) }));
}
const asking = (...attestations: JsonObject[]) =>
  fromArtifacts({ pubKeys: [pem("PUBLIC KEY", made.spki(signer))], attestations });
const typed = (...conditions: JsonObject[]) => asking({ predicateType: TYPE, conditions });

/** As many conditions as a rule may have, none of which a predicate here meets. */
const unmet = (path = "/a") => times(64, () => ({ path, atMost: 0 }));
/** A condition that shows much and compares with much. */
const long = (length: number) => ({
  path: "/a",
  in: times(64, (i) => `${"x".repeat(length - 8)}${i}`),
});
/** Bytes of a predicate that are 1 MiB in a field: they are base64 of base64. */
const PREDICATE = 560 << 10;
const SHARE = 30 << 10;

const request = (
  name: string,
  items: object[],
  rules: JsonObject[],
  code: string,
  images = 1,
): Costly => ({
  name: `attestations, ${name}`,
  images: sameImage(images),
  rules,
  document: documentWith(...items),
  code,
});
const small = times(64, () => said('{"a":1}'));
const wide = (unit: string, bytes: number, last = '"a":1') => `{${fill(unit, bytes)}${last}}`;
const each = <T>(of: T) => times(RULES, () => of);

export const attestationRequests: Costly[] = [
  request(
    "64 of 64 conditions, 256 rules",
    small,
    each(typed(...unmet())),
    "attestation-condition",
  ),
  request(
    "64 of 64 conditions, 256 images",
    small,
    [typed(...unmet())],
    "attestation-condition",
    IMAGES,
  ),
  request(
    "64, and 64 that are asked for, 256 rules",
    times(64, () => said("{}")),
    each(asking(...times(63, () => ({ predicateType: TYPE })), { predicateType: OTHER })),
    "attestation-missing",
  ),
  request(
    "64, and 64 that are asked for, 256 images",
    times(64, () => said("{}")),
    [asking(...times(64, () => ({ predicateType: TYPE })))],
    "too-many-checks",
    IMAGES,
  ),
  request(
    "64, and 64 of another type that are asked for, 256 rules",
    times(64, () => said("{}")),
    each(asking(...times(64, () => ({ predicateType: OTHER })))),
    "attestation-missing",
  ),
  request(
    "64 of 30 KiB, 256 rules",
    times(64, () => said(wide('"k":0,', SHARE))),
    each(typed(...unmet())),
    "too-many-checks",
  ),
  request(
    "64 of 30 KiB, 256 images",
    times(64, () => said(wide('"k":0,', SHARE))),
    [typed(...unmet())],
    "too-many-checks",
    IMAGES,
  ),
  ...[
    ['"k":0,', "keys", '"a":1', "/a"],
    ['"\\u006b":0,', "escaped keys", '"a":1', "/a"],
    ["0,", "elements", "0]", "/b/900000"],
  ].map(([unit, what, last, path]) =>
    request(
      `a predicate of 560 KiB of ${what}, 256 rules`,
      [
        said(
          what === "elements"
            ? `{"b":[${fill(unit!, PREDICATE)}0]}`
            : wide(unit!, PREDICATE, last!),
        ),
      ],
      each(typed({ path: path!, atMost: 0 })),
      "attestation-condition",
    ),
  ),
  request(
    "64 conditions of 64 values of 1 KiB",
    small,
    [typed(...times(64, () => long(1 << 10)))],
    "too-many-checks",
  ),
  request(
    "64 conditions of 64 values of 1 KiB, 256 images",
    times(64, () => said(`{"a":"${"x".repeat(1024 - 8)}~~"}`)),
    [typed(...times(64, () => long(1 << 10)))],
    "too-many-checks",
    IMAGES,
  ),
];
