import { describe, expect, test } from "vitest";
import { artifactOf, verdict } from "./notation.js";
import { askedOf, CODES, policyOf, timeOf, told, type Told } from "./told.js";

/** The verdict on an image: `ok` if one of its signatures is good, else the codes of all of them. */
function decide(it: Told): string {
  const policy = policyOf(it)!;
  const { digest, signatures, annotations } = askedOf(it);
  const codes = signatures.map((kept) => {
    const question = {
      ...kept,
      ...policy,
      identities: policy.identities.map((name) => name.replace("x509.subject:", "")),
      artifact: artifactOf(it.fixture, digest),
      annotations,
    };
    return verdict({ ...question, at: timeOf(it, question) });
  });
  return codes.includes("ok") ? "ok" : [...new Set(codes)].join(" ") || "none";
}

describe("what notation says of its signatures", () => {
  const strict = told.filter((it) => policyOf(it));

  test("is recorded", () => {
    expect(strict.filter(({ expected }) => expected === "ok")).toHaveLength(10);
    expect(strict.filter(({ expected }) => expected === "fail")).toHaveLength(12);
    expect(strict.filter(({ expected }) => expected === "?")).toEqual([]);
  });

  test.each(strict.map((it) => [`${it.name} ${it.label}`, it] as const))("%s", (name, it) => {
    expect(decide(it)).toBe(it.expected === "ok" ? "ok" : CODES[name]);
  });
});
