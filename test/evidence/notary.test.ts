import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../host/document.js";
import { CODES, questionOf, STRICTER, tagsIn, told, type Told } from "../tuf/told.js";
import { digestOf } from "../tuf/make.js";
import { beside, decideCase, documentOf, notaryItem, outcome } from "./documents.js";

/** What the policy says of a tag that means this image, or of the image itself. */
function ask(it: Told, digest: string, tag?: string, more: JsonObject = {}) {
  const { files, pin, gun, at } = questionOf(it);
  const document = documentOf(digest, notaryItem(gun, files));
  const rule = { notaryV1: { root: { keys: pin.keys! }, ...more } };
  const image = tag === undefined ? `${gun}@${digest}` : `${gun}:${tag}`;
  const name = `notary/${it.name} ${tag ?? "digest"} ${JSON.stringify(more)} ${digest.slice(-4)}`;
  return decideCase(name, image, rule, beside(digest, document), at);
}

describe("the policy verifies as notary does", () => {
  test.each(told.map((it) => [it.name, it] as const))("%s", (name, it) => {
    const { tag = "v1.0" } = questionOf(it);
    const code = STRICTER[name.replace("-lookup", "")]?.code ?? CODES[name.replace(/-lookup$/, "")];
    if (it.expected !== "ok") {
      expect(outcome(ask(it, digestOf("an image"), tag))).toBe(code);
      return;
    }
    for (const { tag, digest, role = "" } of tagsIn(it.stdout)) {
      const byTag = ask(it, digest, tag!);
      expect(outcome(byTag), byTag.message).toBe("ok");
      expect(byTag.calls.map(({ operation }) => operation)).toEqual([
        "v1/manifest_digest",
        "v1/oci_manifest_config",
      ]);
      expect(Object.values(byTag.audit_annotations!).join()).toContain(`notary ${role}`);
      const byDigest = ask(it, digest);
      expect(outcome(byDigest), byDigest.message).toBe("ok");
      expect(byDigest.calls).toHaveLength(1);
      // The registry has another image at the tag.
      expect(outcome(ask(it, digestOf("another image"), tag!))).toBe("digest-mismatch");
      expect(outcome(ask(it, digestOf("another image")))).toBe("tuf-digest-missing");
      expect(outcome(ask(it, digest, tag!, { gun: "localhost:4443/demo/other" }))).toBe("tuf-gun");
    }
  });
});
