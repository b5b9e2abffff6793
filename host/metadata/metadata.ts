import { isObject, type Json, type JsonObject } from "../document.js";
import { CAPABILITIES } from "../capabilities/grants.js";
import { checkRules, type Rule } from "./rules.js";

/** What a policy says about itself, in the order in which kwctl writes it. */
export interface Metadata {
  protocolVersion: string | null;
  rules: Rule[];
  annotations?: Record<string, string>;
  mutating: boolean;
  backgroundAudit: boolean;
  executionMode: string;
  policyType: string;
  contextAwareResources: { apiVersion: string; kind: string }[];
  hostCapabilities?: string[];
  minimumKubewardenVersion?: string;
}

const EXECUTION_MODES = ["kubewarden-wapc", "opa", "gatekeeper", "wasi"];
const POLICY_TYPES = ["kubernetes", "raw"];
// https://semver.org, without the limits on leading zeros of pre-releases.
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** Fields that other tools write and kwctl does not read. */
const IGNORED = ["contextAware"];

/** Where to note what is wrong: `fail` refuses the metadata, `warn` does not. */
export interface Findings {
  fail(path: string, problem: string): void;
  warn(path: string, problem: string): void;
}

/**
 * Reads metadata as kwctl does: the same defaults, the same demands, sets sorted and without repetitions. What is wrong
 * goes to `findings`, all of it; what is given back is of use only if nothing failed.
 */
export function readMetadata(document: Json, findings: Findings): Metadata {
  if (!isObject(document)) {
    findings.fail("", "must be a map");
    return readMetadata({ rules: [], mutating: false }, { ...findings, fail: () => {} });
  }
  const reader = new MetadataReader(document, findings);
  const metadata: Metadata = {
    protocolVersion: reader.optionalText("protocolVersion") ?? null,
    rules: checkRules(document["rules"], findings),
    annotations: reader.annotations(),
    mutating: reader.flag("mutating"),
    backgroundAudit: reader.flag("backgroundAudit", true),
    executionMode: reader.choice("executionMode", EXECUTION_MODES),
    policyType: reader.choice("policyType", POLICY_TYPES),
    contextAwareResources: reader.contextAwareResources(),
    hostCapabilities: reader.hostCapabilities(),
    minimumKubewardenVersion: reader.version("minimumKubewardenVersion"),
  };
  for (const name of Object.keys(document)) {
    if (name in metadata || IGNORED.includes(name)) continue;
    findings.warn(name, "is no field of metadata and has no effect");
  }
  return metadata;
}

class MetadataReader {
  constructor(
    private readonly document: JsonObject,
    private readonly findings: Findings,
  ) {}

  optionalText(name: string): string | undefined {
    const value = this.document[name] ?? undefined;
    if (value === undefined || typeof value === "string") return value;
    this.findings.fail(name, "must be a string");
    return undefined;
  }

  flag(name: string, absent?: boolean): boolean {
    const value = this.document[name] ?? absent;
    if (typeof value === "boolean") return value;
    this.findings.fail(name, value === undefined ? "is required" : "must be true or false");
    return false;
  }

  choice(name: string, choices: string[]): string {
    const value = this.optionalText(name) ?? choices[0]!;
    if (!choices.includes(value)) this.findings.fail(name, `must be one of ${choices.join(", ")}`);
    return value;
  }

  version(name: string): string | undefined {
    const value = this.optionalText(name);
    if (value !== undefined && !VERSION.test(value)) {
      this.findings.fail(name, "must be a version like 1.30.0");
    }
    return value;
  }

  annotations(): Record<string, string> | undefined {
    const value = this.document["annotations"] ?? undefined;
    if (value === undefined) return undefined;
    if (!isObject(value)) {
      this.findings.fail("annotations", "must be a map");
      return undefined;
    }
    for (const [name, text] of Object.entries(value)) {
      if (typeof text === "string") continue;
      this.findings.fail(`annotations["${name}"]`, "must be a string: write it in quotes");
    }
    return Object.fromEntries(Object.entries(value as Record<string, string>).sort(byName));
  }

  contextAwareResources(): Metadata["contextAwareResources"] {
    const found = new Map<string, { apiVersion: string; kind: string }>();
    for (const [index, item] of this.list("contextAwareResources").entries()) {
      const path = `contextAwareResources[${index}]`;
      const { apiVersion, kind } = isObject(item) ? item : {};
      if (typeof apiVersion === "string" && typeof kind === "string" && apiVersion && kind) {
        found.set(`${apiVersion} ${kind}`, { apiVersion, kind });
      } else this.findings.fail(path, "must have an apiVersion and a kind");
    }
    return [...found].sort(byName).map(([, resource]) => resource);
  }

  hostCapabilities(): string[] | undefined {
    if ((this.document["hostCapabilities"] ?? undefined) === undefined) return undefined;
    const names = new Set<string>();
    for (const [index, item] of this.list("hostCapabilities").entries()) {
      const path = `hostCapabilities[${index}]`;
      if (typeof item !== "string") this.findings.fail(path, "must be a string");
      else {
        names.add(item);
        if (!CAPABILITIES.includes(item)) {
          this.findings.warn(path, `no host has a capability called ${item}`);
        }
      }
    }
    return [...names].sort();
  }

  private list(name: string): Json[] {
    const value = this.document[name] ?? [];
    if (Array.isArray(value)) return value;
    this.findings.fail(name, "must be a list");
    return [];
  }
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
