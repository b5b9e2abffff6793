import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lackOf } from "../e2e/registry/program.js";
import {
  isAsShown,
  neededCommand,
  needsRegistry,
  parseGuide,
  runGuide,
  updateGuide,
  type NeededCommand,
} from "../tools/guide.js";
import { compileCommandLine } from "./host/command-line.js";

// Guides show commands with their output: here they are carried out. Those that need a registry: make e2e.

const folder = join(import.meta.dirname, "../docs/guides");
const guides = readdirSync(folder).map(
  (name) => [name, readFileSync(join(folder, name), "utf8")] as const,
);

beforeAll(compileCommandLine);

// Each of a guide's commands starts Node.js twice, on cores that the other tests use too.
const GUIDE_MS = 180_000;

test.each(guides)(
  "%s prints what it shows",
  async (_, guide) => {
    const steps = parseGuide(guide);
    if (needsRegistry(guide)) return;
    for (const ran of await runGuide(steps)) {
      if (!isAsShown(ran)) expect(ran.output, ran.step.command).toBe(ran.step.output);
    }
  },
  GUIDE_MS,
);

const block = (info: string, ...lines: string[]) => ["```" + info, ...lines, "```", ""].join("\n");

async function carryOut(guide: string) {
  const ran = await runGuide(parseGuide(guide));
  return { ran, outputs: ran.map(({ output }) => output), good: ran.map(isAsShown) };
}

describe("the guides' runner", () => {
  test("runs commands in one shell, and files come into being where they stand", async () => {
    const guide =
      block("console", "$ name=world; cat a/hello.txt", "no such file") +
      block('text title="a/hello.txt"', "hello", "", "$HOME") +
      block(
        "console",
        "$ cat a/hello.txt; printf %s \\",
        '    "$name"',
        "$ false",
        "$ echo $? >&2",
      );
    const { outputs } = await carryOut(guide);
    expect(outputs[0]).toContain("No such file or directory");
    expect(outputs.slice(1)).toEqual(["hello\n\n$HOME\nworld", "", "1"]);
  });

  test("runs this repository's command, beside the examples", async () => {
    const { outputs } = await carryOut(
      block("console", "$ npx trusted-images settings -s examples/settings.yaml"),
    );
    expect(outputs).toEqual(["settings are valid"]);
  });

  test.each([
    ["a\nb", "a\nb", true],
    ["a\nb", "a\nc", false],
    ["a", "a\nb", false],
    ["", "", true],
    ["", "a", false],
    ["a.c", "abc", false],
    ["a\n...\nd", "a\nb\nc\nd", true],
    ["a\n...\nd", "a\nd", true],
    ["a\n...\nd", "a\nb", false],
    ["...", "", true],
  ])("compares %j with %j: %s", (shown, output, good) => {
    const [step] = parseGuide(block("console", "$ true", ...(shown === "" ? [] : [shown])));
    if (step?.kind !== "command") throw new Error("no command");
    expect(isAsShown({ step, output })).toBe(good);
  });

  test("writes the real output where another is shown", async () => {
    const guide = (one: string[], two: string[]) =>
      "Text.\n\n" +
      block("console", "$ echo 1; echo 2", ...one, "$ echo 3", ...two) +
      "  ```console\n  $ echo 4\n  4\n  ```\n";
    const shown = guide(["...", "2"], ["4", "5"]);
    const { ran, good } = await carryOut(shown);
    expect(good).toEqual([true, false, true]);
    expect(updateGuide(shown, ran)).toBe(guide(["...", "2"], ["3"]));
  });

  test.each([
    [block("console", "hello"), "line 2: no command before"],
    ["```console\n$ true\n", "line 1: the block has no end"],
    [block('text title="../a"'), 'title="../a"'],
    [block('text title="/a"'), 'title="/a"'],
  ])("refuses %j", (guide, words) => {
    expect(() => parseGuide(guide)).toThrow(words);
  });

  test.each([
    ["<!-- guide: needs a registry -->", true, undefined],
    ["<!-- guide: needs a registry and notary -->", true, { name: "notary" }],
    ["<!-- guide: needs a registry and cosign 3 -->", true, { name: "cosign", major: 3 }],
    ["<!-- guide: needs a registry and cosign three -->", false, undefined],
    ["# Needs a registry", false, undefined],
  ])("knows of %s what it needs", (line, registry, command) => {
    const guide = `${line}\n\nText.\n`;
    expect(needsRegistry(guide)).toBe(registry);
    expect(neededCommand(guide)).toEqual(command);
  });

  describe("knows of a command", () => {
    const folder = mkdtempSync(join(tmpdir(), "commands-"));
    const path = process.env["PATH"];
    const command = (name: string, output: string) =>
      writeFileSync(join(folder, name), `#!/bin/sh\ncat <<'END'\n${output}\nEND\n`, {
        mode: 0o755,
      });

    beforeAll(() => {
      command("cosign", "GitVersion:    v2.4.0\nGoVersion:     go3.1.0");
      command("notation", "Notation\n\nVersion:     3.3.2\nGo version:  go1.24");
      command("silent", "");
      process.env["PATH"] = `${folder}:${path}`;
    });
    afterAll(() => {
      process.env["PATH"] = path;
      rmSync(folder, { recursive: true });
    });

    test.each<[NeededCommand, string | undefined]>([
      [{ name: "cosign" }, undefined],
      [{ name: "cosign", major: 2 }, undefined],
      [{ name: "cosign", major: 3 }, "cosign is not version 3, but 2"],
      [{ name: "notation", major: 3 }, undefined],
      [{ name: "silent", major: 3 }, "silent is not version 3, but one that it does not tell"],
      [{ name: "no-such-command", major: 3 }, "no-such-command is not installed"],
    ])("whether it is the one that is needed: %j", (needed, lack) => {
      expect(lackOf(needed)).toBe(lack);
    });
  });

  test("says so when a command ends the shell", async () => {
    await expect(carryOut(block("console", "$ echo bye; exit", "$ true"))).rejects.toThrow("bye");
  });
});
