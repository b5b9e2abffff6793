import type { ContextAwareResource } from "./capabilities/resources.js";
import { isObject, UserError, type Json, type JsonObject } from "./document.js";

/** A policy's settings, and what the manifest around them, if there is one, says of how the policy runs. */
export interface Settings {
  settings: JsonObject;
  /** Only where the settings are in a policy's manifest. */
  deployment?: Deployment;
}

export interface Deployment {
  /** The manifest's file. */
  source: string;
  /** The kinds of objects that Kubewarden lets the policy read: what its metadata names has no say in a cluster. */
  resources: ContextAwareResource[];
  /** What the cluster refuses though the policy itself would not. */
  warnings: string[];
}

/** Takes settings as they are, or from a policy's manifest; they must be a map, and none at all are empty ones. */
export function readSettingsIn(document: Json, source: string): Settings {
  const { kind, spec } = isObject(document) ? document : {};
  if (!/^(Cluster)?AdmissionPolicy$/.test(String(kind))) return { settings: mapOf(document) };
  if (!isObject(spec)) return { settings: {} };
  const settings = mapOf(spec["settings"] ?? null);
  const clusterWide = kind === "ClusterAdmissionPolicy";
  const resources = clusterWide ? resourcesOf(spec) : [];
  const lacking = kindsRead(settings).filter(
    (name) => !resources.some((resource) => resource.kind === name),
  );
  const remedy = clusterWide
    ? "which its spec.contextAwareResources does not name"
    : "which an AdmissionPolicy cannot: make it a ClusterAdmissionPolicy with contextAwareResources";
  const warnings = lacking.length > 0 ? [`its rules read ${lacking.join(", ")}, ${remedy}`] : [];
  if (pins(settings) && spec["mutating"] !== true) {
    warnings.push(
      "it is not mutating, and Kubewarden rejects what a policy changes then: " +
        "set mutating: true, or modifyImagesWithDigest: false among the settings",
    );
  }
  return {
    settings,
    deployment: {
      source,
      resources,
      warnings: warnings.map((text) => `warning: ${source}: ${text}`),
    },
  };
}

function mapOf(value: Json): JsonObject {
  if (value === null) return {};
  if (!isObject(value)) throw new UserError("the settings must be a map");
  return value;
}

function resourcesOf({ contextAwareResources }: JsonObject): ContextAwareResource[] {
  return listOf(contextAwareResources).map(({ apiVersion, kind }) => ({
    apiVersion: String(apiVersion),
    kind: String(kind),
  }));
}

/** What the sources of this package's rules read of a cluster, by the names of their fields. */
const READ: Record<string, string> = {
  configMap: "ConfigMap",
  secret: "Secret",
  cosignKey: "CosignKey",
};

function kindsRead(settings: JsonObject): string[] {
  const rules = listOf(settings["signatures"]);
  const sources = rules.flatMap(({ keysFrom, evidenceFrom }) => [
    ...listOf(keysFrom),
    ...listOf(evidenceFrom),
  ]);
  const roots = [settings, ...rules].map(({ trustRootsFrom }) => trustRootsFrom).filter(isObject);
  const kinds = [...sources, ...roots].flatMap((source) =>
    Object.keys(READ).flatMap((name) => (isGiven(source[name], name) ? [READ[name]!] : [])),
  );
  const selects = rules.some(({ namespaceSelector }) => isGiven(namespaceSelector));
  return [...new Set([...kinds, ...(selects ? ["Namespace"] : [])])].sort();
}

// Empty groups are those that a form leaves behind. Only a CosignKey needs nothing said of it.
function isGiven(value: Json | undefined, name?: string): boolean {
  return isObject(value) && (name === "cosignKey" || Object.keys(value).length > 0);
}

/** Does this package's policy pin images by these settings? Others know no rules for signatures. */
function pins({ signatures, modifyImagesWithDigest }: JsonObject): boolean {
  return listOf(signatures).length > 0 && modifyImagesWithDigest !== false;
}

function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
