import { describe, expect, test } from "vitest";
import { contentBytes } from "../../host/registry/fixture.js";
import type { ValidationResponse } from "../../host/response.js";
import { readFixture, readFixtures } from "../host/fixtures.js";
import { imageOf, ruleOf, type ToldFixture } from "./commands.js";
import { CARRIERS, decideFiles, filesOf } from "./files.js";

/** Every verdict of cosign's about an image by digest that has signatures, which are files here. */
const told = (readFixtures() as ToldFixture[])
  .filter(({ name }) => /^([a-egkl]-|h-v3-legacy)/.test(name))
  .flatMap((fixture) =>
    fixture.verifications.flatMap(({ command, exit, label }) => {
      const rule = ruleOf(fixture, command);
      const image = imageOf(command);
      const digest = image.split("@")[1];
      const tag = `${digest?.replace(":", "-")}.sig`;
      if (!rule || !digest || !fixture.tags[tag]) return [];
      const files = filesOf(fixture, digest);
      return [{ name: fixture.name, label, exit, image, rule, files }];
    }),
  );

/** Why the hostile ones are rejected, where they are. */
const CODES: Record<string, string> = {
  "k-annotation-int": "payload-annotations",
  "k-ber-length": "signature-unmet",
  "k-bit-flip": "signature-unmet",
  "k-case-key": "payload-malformed",
  "k-copied": "payload-digest",
  "k-dup-digest": "payload-malformed",
  "k-dup-digest-rev": "payload-malformed",
  "k-empty": "signature-file-incomplete",
  "k-no-annotation": "signature-file-incomplete",
  "k-no-padding": "signature-malformed",
  "k-not-json": "payload-malformed",
  "k-padded-int": "signature-unmet",
  "k-payload-digest": "signature-unmet",
  "k-raw-rs": "signature-unmet",
  "k-trailing-garbage": "signature-unmet",
  "k-trailing-json": "payload-malformed",
  "k-truncated-b64": "signature-malformed",
  "k-type-gpg": "payload-type",
  "k-type-missing": "payload-type",
  "k-unlisted-key": "signature-unmet",
  "k-upper-digest": "payload-digest",
  "k-url-b64": "signature-malformed",
  "k-zero": "signature-unmet",
};

/** Where the policy comes to another verdict than the cosign that was asked, on purpose. */
const DIFFERS: Record<string, { accepts: boolean; why: string }> = {
  "k-raw-rs": { accepts: false, why: "an ECDSA signature is DER, as every cosign writes it" },
  "k-type-gpg": { accepts: false, why: "another type of payload is not cosign's" },
  "k-type-missing": { accepts: false, why: "a payload says what it is" },
  "k-case-key": { accepts: false, why: "names in a payload are spelt one way" },
  "k-dup-digest": { accepts: false, why: "a name that stands there twice means two things" },
  "l-fulcio-v2-only": { accepts: true, why: "the issuer's extension of today is enough" },
};

const codeOf = ({ message }: ValidationResponse) => /\[([a-z0-9-]+)\]$/.exec(message ?? "")?.[1];

describe.each(Object.entries(CARRIERS))("signatures in %s are verified as cosign does", (_, at) => {
  test.each(told)("$name, $label: $exit", ({ name, exit, image, rule, files }) => {
    const answer = decideFiles(image, rule, files, at);
    const accepts = DIFFERS[name]?.accepts ?? exit === 0;
    expect(answer.accepted, answer.message ?? "").toBe(accepts);
    if (!accepts && name.startsWith("k-")) expect(codeOf(answer)).toBe(CODES[name]);
  });
});

test("there are as many as there were, and no verdict differs but those of the table", () => {
  expect([told.length, told.filter(({ name }) => DIFFERS[name]).length]).toEqual([160, 13]);
});

const offline = readFixture("f-offline.json") as ToldFixture;
const text = (name: string) => contentBytes(offline.files[name]!).toString();
const image = offline.images[0]!;
const files = { sig: text("curl.sig"), payload: text("payload.json") };
const rule = (key: string) => ({ image: "*", pubKeys: [text(key)] });

/** The bytes with one of them changed, for each of them. */
function* flips(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at++) {
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1 << (at % 7);
    yield flipped;
  }
}

describe.each(Object.entries(CARRIERS))("what cosign wrote to files, in %s", (_, at) => {
  test("is accepted by its key, and by no other", () => {
    expect(decideFiles(image, rule("keys/a1.pub"), [files], at).accepted).toBe(true);
    const other = decideFiles(image, rule("keys/a2.pub"), [files], at);
    expect(codeOf(other)).toBe("signature-unmet");
  });

  test.each(["sig", "payload"] as const)("no byte of its .%s can be another", (ending) => {
    for (const flipped of flips(Buffer.from(files[ending]))) {
      const changed = { ...files, [ending]: flipped.toString("latin1") };
      const answer = decideFiles(image, rule("keys/a1.pub"), [changed], at);
      expect(answer.accepted, changed[ending]).toBe(false);
    }
  });

  test("no byte of its signature can be another, nor any digit of the image's digest", () => {
    for (const flipped of flips(Buffer.from(files.sig, "base64"))) {
      const changed = { ...files, sig: flipped.toString("base64") };
      expect(decideFiles(image, rule("keys/a1.pub"), [changed], at).accepted).toBe(false);
    }
    for (let digit = image.length - 64; digit < image.length; digit++) {
      const other = image[digit] === "0" ? "1" : "0";
      const name = image.slice(0, digit) + other + image.slice(digit + 1);
      const answer = decideFiles(name, rule("keys/a1.pub"), [files], at);
      expect(codeOf(answer)).toBe("payload-digest");
    }
  });

  test("up to 256 signatures are read, and more are refused", () => {
    const others = Array.from({ length: 255 }, () => ({ ...files, sig: "AAAA" }));
    expect(decideFiles(image, rule("keys/a1.pub"), [...others, files], at).accepted).toBe(true);
    const answer = decideFiles(image, rule("keys/a1.pub"), [files, ...others, files], at);
    expect(codeOf(answer)).toBe("too-many-signature-files");
  });

  test("up to 64 KiB of a file are read, and more are refused", () => {
    const padded = (bytes: number) => [files, { ...files, payload: "x".repeat(bytes) }];
    for (const bytes of [64 << 10, (64 << 10) + 1]) {
      expect(decideFiles(image, rule("keys/a1.pub"), padded(bytes), at).accepted).toBe(true);
    }
    const large = [{ ...files, payload: "x".repeat((64 << 10) + 1) }];
    const answer = decideFiles(image, rule("keys/a1.pub"), large, at);
    expect(codeOf(answer)).toBe("signature-file-too-large");
  });
});
