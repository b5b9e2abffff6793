import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import { pem } from "../crypto/crypto.js";
import { artifactOf } from "../notation/notation.js";
import { askedOf, CODES, policyOf, timeOf, told, type Told } from "../notation/told.js";
import { beside, decide, decideCase, documentOf, notationItem, outcome } from "./documents.js";

/** A rule that asks for what notation's trust policy does. */
function ruleOf(it: Told): JsonObject {
  const { trustStore, identities } = policyOf(it)!;
  const notation = {
    trustStore: trustStore.map((der) => pem("CERTIFICATE", der)),
    trustedIdentities: identities.length > 0 ? identities : ["*"],
  };
  return { notation, annotations: askedOf(it).annotations };
}

function ask(it: Told) {
  const { digest, signatures } = askedOf(it);
  const items = signatures.map(({ mediaType, envelope }) => notationItem(mediaType, envelope));
  const [first] = signatures;
  const question = { ...first!, trustStore: [], artifact: artifactOf(it.fixture, digest) };
  const at = timeOf(it, question);
  const image = /\S+$/.exec(it.command)![0];
  const host = beside(digest, documentOf(digest, ...items));
  return decideCase(`notation/${it.name} ${it.label}`, image, ruleOf(it), host, at);
}

describe("the policy verifies as notation does", () => {
  const strict = told.filter((it) => policyOf(it));

  test.each(strict.map((it) => [`${it.name} ${it.label}`, it] as const))("%s", (name, it) => {
    const answer = ask(it);
    const code = CODES[name] === "none" ? "signature-missing" : CODES[name];
    expect(outcome(answer), answer.message).toBe(it.expected === "ok" ? "ok" : code);
    expect(answer.calls.map(({ operation }) => operation)).toEqual(["v1/oci_manifest_config"]);
  });
});

test.each([0, 1])(
  "a signature without the annotation hides nothing of another: %i first",
  (first) => {
    const it = told.find(({ label }) => label === "metadata-wrong")!;
    const { digest, signatures } = askedOf(it);
    const items = signatures.map(({ mediaType, envelope }) => notationItem(mediaType, envelope));
    const document = documentOf(digest, items[first]!, items[1 - first]!);
    const { notation } = ruleOf(it) as { notation: JsonObject };
    const trustedIdentities = ["x509.subject: C=US, ST=WA, O=Acme"];
    const rule = { notation: { ...notation, trustedIdentities }, annotations: { env: "prod" } };
    const at = "2026-12-01T00:00:00Z";
    expect(
      outcome(decide(`127.0.0.1:5555/demo/x@${digest}`, rule, beside(digest, document), at)),
    ).toBe("envelope-signer");
  },
);
