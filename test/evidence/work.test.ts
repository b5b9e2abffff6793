import { expect, test } from "vitest";
import { pem } from "../crypto/crypto.js";
import * as notation from "../notation/make.js";
import { JWS } from "../notation/notation.js";
import { codes, pod, validate } from "../policy/guest.js";
import * as tuf from "../tuf/make.js";
import { beside, documentOf, notationItem, notaryItem } from "./documents.js";

// Signatures in evidence documents cost what is done for them, however many rules and images ask.

const IMAGE = notation.DIGEST;
const files = tuf.repository({
  targets: { keys: [tuf.SIGNERS.targets], targets: { "1.0": IMAGE } },
});
const document = documentOf(IMAGE, notationItem(JWS, notation.jws()), notaryItem(tuf.GUN, files));
const trust = { trustStore: [pem("CERTIFICATE", notation.ROOT)], trustedIdentities: ["*"] };
const root = { keys: [tuf.publicPem(tuf.SIGNERS.root)] };

function ask(rules: number, rule: object, ...images: string[]) {
  const signatures = Array.from({ length: rules }, () => ({ image: "*", ...rule }));
  return validate(pod(...images), { signatures } as never, beside(IMAGE, document), notation.NOW);
}

test("an envelope is verified once for 256 rules, and its document is asked for once", () => {
  const answer = ask(256, { notation: trust }, `${tuf.GUN}@${IMAGE}`);
  expect(answer.accepted, answer.message).toBe(true);
  expect(answer.calls).toHaveLength(1);
});

test("metadata is verified once for 256 images of a repository", () => {
  const images = Array.from({ length: 128 }, () => [`${tuf.GUN}@${IMAGE}`, `${tuf.GUN}:1.0`]);
  const answer = ask(1, { notaryV1: { root } }, ...images.flat());
  expect(answer.accepted, answer.message).toBe(true);
  expect(answer.calls).toHaveLength(2);
});

test("metadata is verified for each rule, until that is too much work", () => {
  expect(ask(40, { notaryV1: { root } }, `${tuf.GUN}@${IMAGE}`).accepted).toBe(true);
  const answer = ask(256, { notaryV1: { root } }, `${tuf.GUN}@${IMAGE}`);
  expect(answer.accepted).toBe(false);
  expect(new Set(codes(answer))).toEqual(new Set(["too-many-checks"]));
  expect(answer.calls).toHaveLength(1);
});
