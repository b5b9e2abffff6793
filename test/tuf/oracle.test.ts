import { describe, expect, test } from "vitest";
import { AT, CODES, questionOf, STRICTER, tagsIn, told } from "./told.js";
import { ask, filesIn, fixtures, gunOf, textFile, verdict } from "./tuf.js";

describe("what notary says of its metadata", () => {
  test("is recorded", () => {
    expect(told.filter(({ expected }) => expected === "ok")).toHaveLength(14);
    expect(told.filter(({ expected }) => expected === "fail")).toHaveLength(21);
    expect(told.filter(({ expected }) => expected === "?").map(({ name }) => name)).toEqual([
      "m-notary-lib forged-delegation-lookup",
      "m-notary-lib forged-delegation",
    ]);
  });

  test.each(told.map((it) => [it.name, it] as const))("%s", (name, it) => {
    const question = questionOf(it);
    const code = STRICTER[name.replace("-lookup", "")]?.code ?? CODES[name.replace(/-lookup$/, "")];
    if (it.expected !== "ok") {
      expect(verdict({ ...question, tag: question.tag ?? "v1.0" })).toBe(code);
      return;
    }
    const tags = tagsIn(it.stdout);
    expect(tags).toHaveLength(question.tag ? 1 : 2);
    for (const { tag, digest, length, role } of tags) {
      const target = { tag, digest, length };
      expect(ask({ ...question, tag: tag! })).toMatchObject(target);
      expect(ask({ ...question, tag: undefined, digest })).toMatchObject(target);
      if (role) expect(ask({ ...question, tag: tag! })).toMatchObject({ roles: [role] });
    }
  });
});

test.each(fixtures.map((it) => [it.name, it] as const))(
  "%s, by other pins of the same root",
  (_, it) => {
    const question = { files: filesIn(it, "tuf"), gun: gunOf(it), tag: "v1.0", at: AT };
    const certificates = [textFile(it, "keys/root-cert.pem")];
    expect(verdict({ ...question, pin: { certificates } })).toMatch(/^sha256:/);
    expect(verdict({ ...question, pin: { root: question.files["root"]! } })).toMatch(/^sha256:/);
    expect(verdict({ ...question, pin: {} })).toBe("tuf-root");
  },
);
