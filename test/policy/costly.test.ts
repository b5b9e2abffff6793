import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { attestationRequests } from "../costly/attestations.js";
import { bundleRequests } from "../costly/bundles.js";
import { answersOf, payloadOf } from "../costly/costly.js";
import { documents } from "../costly/documents.js";
import { notationRequests } from "../costly/notation.js";
import { notaryRequests } from "../costly/notary.js";
import { codes, validateBytes } from "./guest.js";

// Requests that are as costly as the limits allow are decided. How much time that takes under
// policy-server's engine is what `make bench` shows of them: it has them written to the folder COSTLY.

const folder = process.env["COSTLY"];

describe("what is costly by evidence documents is bounded", () => {
  test.each([
    ...documents,
    ...attestationRequests,
    ...bundleRequests,
    ...notationRequests,
    ...notaryRequests,
  ])("$name", (costly) => {
    const payload = payloadOf(costly);
    const answers = answersOf(costly);
    if (folder) {
      mkdirSync(folder, { recursive: true });
      const text = JSON.stringify({ name: costly.name, payload: payload.toString(), answers });
      writeFileSync(`${folder}/${costly.name.replaceAll(/[^A-Za-z0-9]+/g, "-")}.json`, text);
    }
    const answer = validateBytes(
      payload,
      (_, { operation }) => answers[operation] ?? new Error("code: 404"),
    );
    expect(codes(answer)[0], answer.message).toBe(costly.code);
  });
});
