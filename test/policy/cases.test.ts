import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { kubewarden } from "../../host/capabilities/index.js";
import { evaluate } from "../../host/evaluate.js";
import { parseSession, recording, replaying, type Exchange } from "../../host/session.js";
import { codesOf, module } from "./guest.js";
import { findSpan, rawAt } from "./spans.js";

const folder = new URL("../cases/", import.meta.url);

/** What a case demands of the answer; test/cases/README.md tells what the fields mean. */
interface Expected {
  accepted: boolean;
  codes: string[];
  images: Record<string, string>;
  warnings: string[];
  audit: Record<string, string>;
  calls: number;
}

const FIELDS = ["accepted", "codes", "images", "warnings", "audit", "calls"];

function foldersIn(url: URL): string[] {
  return readdirSync(url, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** A file's bytes if it is JSON, or those of its value in JSON if it is YAML; undefined if there is none. */
function readJson(at: URL, name: string): Buffer | undefined {
  const json = new URL(`${name}.json`, at);
  if (existsSync(json)) return readFileSync(json);
  const yaml = new URL(`${name}.yaml`, at);
  if (!existsSync(yaml)) return undefined;
  return Buffer.from(JSON.stringify(parse(readFileSync(yaml, "utf8"))));
}

function readPayload(at: URL): Buffer {
  const payload = readJson(at, "payload");
  if (payload) return payload;
  const request = readJson(at, "request");
  const settings = readJson(at, "settings");
  if (!request || !settings) throw new Error(`${at.pathname}: no request, or no settings`);
  const parts = ['{"request":', request, ',"settings":', settings, "}"];
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}

function readExpected(at: URL): Expected {
  const given = JSON.parse(readFileSync(new URL("expect.json", at), "utf8")) as Partial<Expected>;
  const unknown = Object.keys(given).filter((name) => !FIELDS.includes(name));
  if (unknown.length > 0 || typeof given.accepted !== "boolean") {
    throw new Error(`${at.pathname}expect.json: no verdict, or unknown fields ${unknown.join()}`);
  }
  const none = { codes: [], images: {}, warnings: [], audit: {}, calls: 0 };
  return { ...none, ...given, accepted: given.accepted };
}

/** The object's bytes with each image's new digest behind it, and nothing else changed. */
function pinned(payload: Buffer, images: Record<string, string>): Buffer {
  let object = rawAt(payload, "/request/object");
  for (const [pointer, image] of Object.entries(images)) {
    const { from, end } = findSpan(object, pointer);
    const before = JSON.parse(object.toString("utf8", from, end)) as string;
    expect(image.startsWith(`${before}@sha256:`), image).toBe(true);
    const digest = Buffer.from(image.slice(before.length));
    object = Buffer.concat([object.subarray(0, end - 1), digest, object.subarray(end - 1)]);
  }
  return object;
}

describe.each(foldersIn(folder))("%s", (area) => {
  const areaFolder = new URL(`${area}/`, folder);
  test.each(foldersIn(areaFolder))("%s", async (name) => {
    const at = new URL(`${name}/`, areaFolder);
    const payload = readPayload(at);
    const expected = readExpected(at);
    const sessionFile = new URL("session.yml", at);
    const session = existsSync(sessionFile) ? parseSession(readFileSync(sessionFile, "utf8")) : [];
    const asked: Exchange[] = [];
    const host = kubewarden({ handler: recording(replaying(session), asked) });

    const bytes = Buffer.from(await evaluate(module, "validate", payload, host));

    const answer = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as {
      accepted: boolean;
      message?: string;
      code?: number;
      mutated_object?: unknown;
      audit_annotations?: Record<string, string>;
      warnings?: string[];
    };
    const lines = answer.message?.split("\n") ?? [];
    expect({ accepted: answer.accepted, codes: codesOf(lines) }, answer.message).toEqual({
      accepted: expected.accepted,
      codes: expected.codes,
    });
    expect(answer.code).toBe(expected.accepted ? undefined : 400);
    expect(lines).toHaveLength(expected.codes.length);
    expect(codesOf(answer.warnings ?? [])).toEqual(expected.warnings);
    expect(answer.warnings ?? []).toHaveLength(expected.warnings.length);
    expect(answer.audit_annotations ?? {}).toEqual(expected.audit);
    // Every exchange was asked for, in this order and with these very fields, and none more.
    expect(asked).toEqual(session);
    expect(asked).toHaveLength(expected.calls);
    const changes = Object.keys(expected.images).length > 0;
    expect("mutated_object" in answer).toBe(changes);
    if (changes) {
      expect(rawAt(bytes, "/mutated_object").toString("latin1")).toBe(
        pinned(payload, expected.images).toString("latin1"),
      );
    }
  });
});
