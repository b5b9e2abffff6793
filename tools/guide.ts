import { spawn, type StdioOptions } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFile } from "../host/package.js";

/** A part of a guide that a reader carries out: a file to write, or a command to type. */
export type Step =
  | { kind: "file"; path: string; text: string }
  /** `output` is what the guide shows, in its lines from `from` to before `to`, counted from 0. */
  | { kind: "command"; command: string; output: string; from: number; to: number; indent: string };

export type CommandStep = Extract<Step, { kind: "command" }>;

/** What a command of a guide printed, standard error included. */
export interface Ran {
  step: CommandStep;
  output: string;
}

/** What of the repository there is in the folder in which a guide's commands run. */
const REACHABLE = [
  "examples",
  "metadata.yml",
  "metadata-context-aware.yml",
  "node_modules",
  "policy.wasm",
];
/** The first line of a guide whose commands need a registry, and what beside it. */
const NEEDS_REGISTRY = /^<!-- guide: needs a registry(?: and ([\w-]+)(?: (\d+))?)? -->\n/;
/** A line of output that stands for any number of lines, also none. */
const ANY_LINES = "...";
const TIMEOUT_MS = 150_000;
/** What `npx trusted-images` does in the end, without npm, which takes longer to start than most commands to run. */
const NPX = '#!/bin/sh\nexec "$@"\n';

/** Does this guide need the registry of `make e2e`? Its first line says so. */
export function needsRegistry(guide: string): boolean {
  return NEEDS_REGISTRY.test(guide);
}

/** A command that a guide needs to be installed, and its major version if another would not do. */
export interface NeededCommand {
  name: string;
  major?: number;
}

/** The command that a guide needs beside a registry; undefined if there is none. */
export function neededCommand(guide: string): NeededCommand | undefined {
  const [, name, major] = NEEDS_REGISTRY.exec(guide) ?? [];
  if (name === undefined) return undefined;
  return major === undefined ? { name } : { name, major: Number(major) };
}

/**
 * Finds a guide's steps, in the order in which it is read: in fenced blocks `console`, lines `$ command` with the output
 * below each (a command whose line ends with `\` goes on in the next), and as files the blocks whose info string has
 * `title="path"`. All other blocks are for reading only.
 */
export function parseGuide(guide: string): Step[] {
  const steps: Step[] = [];
  const lines = guide.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const [, indent = "", fence, language, info = ""] =
      /^( *)(`{3,})([\w-]*)(.*)$/.exec(lines[at]!) ?? [];
    if (fence === undefined) continue;
    const end = lines.indexOf(indent + fence, at + 1);
    if (end < 0) throw new Error(`line ${at + 1}: the block has no end`);
    const [, path] = /\btitle="([^"]*)"/.exec(info) ?? [];
    const block = lines.slice(at + 1, end).map((line) => line.slice(indent.length));
    if (path !== undefined) steps.push(fileStep(path, block));
    else if (language === "console") steps.push(...commandSteps(block, at + 1, indent));
    at = end;
  }
  return steps;
}

function fileStep(path: string, block: string[]): Step {
  if (!/^[\w-][\w./-]*$/.test(path) || path.includes("..")) {
    throw new Error(`title="${path}": a file's path is relative to where the commands run`);
  }
  return { kind: "file", path, text: block.map((line) => `${line}\n`).join("") };
}

function commandSteps(block: string[], start: number, indent: string): CommandStep[] {
  const steps: CommandStep[] = [];
  for (let at = 0; at < block.length;) {
    if (!block[at]!.startsWith("$ ")) throw new Error(`line ${start + at + 1}: no command before`);
    const begin = at++;
    while (block[at - 1]!.endsWith("\\") && at < block.length) at++;
    const command = block.slice(begin, at).join("\n").slice("$ ".length);
    const from = at;
    while (at < block.length && !block[at]!.startsWith("$ ")) at++;
    const output = block.slice(from, at).join("\n");
    steps.push({ kind: "command", command, output, from: start + from, to: start + at, indent });
  }
  return steps;
}

/** What commands of a guide find, beside this repository. */
export interface Surroundings {
  /** Of the environment. */
  variables: Record<string, string>;
  /** Files in their folder: name and where it really is. */
  links: Record<string, string>;
}

/**
 * Carries out a guide's steps in one shell and an empty folder, where `npx trusted-images` is this repository's command
 * and its `examples/` and modules are as in its root. Files come into being where the guide shows them.
 *
 * @returns what each command printed
 */
export async function runGuide(steps: Step[], surroundings?: Surroundings): Promise<Ran[]> {
  const folder = mkdtempSync(join(tmpdir(), "guide-"));
  const home = mkdtempSync(join(tmpdir(), "guide-home-"));
  try {
    for (const name of REACHABLE) symlinkSync(packageFile(name), join(folder, name));
    for (const [name, path] of Object.entries(surroundings?.links ?? {})) {
      symlinkSync(path, join(folder, name));
    }
    const commands = steps.filter((step) => step.kind === "command");
    const mark = `[${folder}]`;
    const env = {
      PATH: `${home}:${packageFile("node_modules", ".bin")}:${process.env["PATH"]}`,
      HOME: home,
      LANG: "C.UTF-8",
      TZ: "UTC",
      NO_COLOR: "1",
      npm_config_update_notifier: "false",
      ...surroundings?.variables,
    };
    writeFileSync(join(home, "npx"), NPX, { mode: 0o755 });
    const script = join(home, "guide.sh");
    writeFileSync(script, toScript(steps, mark));
    const printed = await runScript(script, folder, env);
    const outputs = printed.split(`\n${mark}\n`);
    if (outputs.length !== commands.length + 1) {
      throw new Error(`the shell ended before the guide: ${outputs.at(-1)}`);
    }
    return commands.map((step, index): Ran => ({
      step,
      output: outputs[index]!.replace(/\n$/, "").replaceAll(folder, "."),
    }));
  } finally {
    for (const path of [folder, home]) rmSync(path, { recursive: true });
  }
}

// One shell for all, so that a variable that is set in one command is there in the next, and `echo $?` tells of the one
// before.
function toScript(steps: Step[], mark: string): string {
  const parts = steps.map((step) => {
    if (step.kind === "command") {
      return `${step.command}\nstatus=$?; printf '\\n%s\\n' '${mark}'; (exit $status)\n`;
    }
    return `mkdir -p "$(dirname '${step.path}')"; cat >'${step.path}' <<'${mark}'\n${step.text}${mark}\n`;
  });
  return ["exec 2>&1\n", ...parts].join("");
}

function runScript(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const stdio: StdioOptions = ["ignore", "pipe", "inherit"];
    const child = spawn("bash", [script], { cwd, env, stdio, timeout: TIMEOUT_MS });
    const chunks: Buffer[] = [];
    child.stdout!.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", () => resolve(Buffer.concat(chunks).toString("utf8")));
  });
}

/** Is this what the guide shows? A line `...` in it stands for any number of lines. */
export function isAsShown({ step, output }: Ran): boolean {
  const escaped = step.output
    .split("\n")
    .map((line) =>
      line === ANY_LINES ? "(?:.*\n)*?" : `${line.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}\n`,
    );
  return new RegExp(`^${escaped.join("")}$`).test(`${output}\n`);
}

/** The guide with the real output of each command that does not print what is shown. */
export function updateGuide(guide: string, ran: Ran[]): string {
  const lines = guide.split("\n");
  for (const { step, output } of ran.filter((each) => !isAsShown(each)).reverse()) {
    const shown = output === "" ? [] : output.split("\n").map((line) => step.indent + line);
    lines.splice(step.from, step.to - step.from, ...shown);
  }
  return lines.join("\n");
}
