import { expect, test } from "vitest";
import { callJson } from "../sdk/units.js";
import { chainOf, recorded } from "../timestamp/timestamps.js";

test("that a certificate is signed with one key says nothing of another", () => {
  const [own = "", issuer = "", root = ""] = chainOf("ec");
  const other = recorded.certificates["rsa"]!;
  const asked = [own, other, issuer, other, issuer, root, own];
  expect(callJson("x509.signers", asked)).toEqual([false, false, true, false, true, false, false]);
});
