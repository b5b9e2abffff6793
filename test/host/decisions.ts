import type { JsonObject } from "../../host/document.js";
import { objectsShown } from "./shown.js";

// Cases of what is decided by objects of a cluster, as the guides show them.

/** What is decided of a Pod with one image. */
export interface Case {
  settings: JsonObject;
  image: string;
  /** The kinds of objects that are read, all of which the policy must be granted. */
  reads: string[];
  /** Of the rejection; none if it is accepted. */
  codes: string[];
  /** That of the Pod; `shop` if it is not given. */
  namespace?: string | undefined;
  /** Today if it is not given. */
  now?: string | undefined;
}

/** What counts of a ClusterAdmissionPolicy. */
type Manifest = JsonObject & {
  spec: { settings: JsonObject; contextAwareResources: { kind: string }[] };
};

const [keys] = objectsShown("key-rotation", "keys.yaml") as [JsonObject];
const signing = {
  ...keys,
  metadata: { ...(keys["metadata"] as JsonObject), labels: { keys: "release" } },
  data: { ...(keys["data"] as JsonObject), "2024.pub.not-after": "2025-01-31" },
};
const secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "platform-keys", namespace: "security" },
  stringData: keys["data"]!,
};
/** What the cluster has: the guides' objects, a Secret, and a namespace without labels. */
export const OBJECTS: JsonObject[] = [
  ...objectsShown("from-cosign-webhook", "objects.yaml"),
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "unlabelled" } },
  signing,
  secret,
  ...objectsShown("closed-network", "carried/release-keys.yaml"),
  ...objectsShown("closed-network", "cat carried/a-single.yaml"),
  ...objectsShown("closed-network", "roots.yaml"),
];

const SIGNED = "127.0.0.1:5555/demo/a-single:1.0";
const UNSIGNED = "127.0.0.1:5555/demo/a-single:unsigned";
const BY_IDENTITY = "127.0.0.1:5555/demo/l-fulcio-email:1.0";
const CARRIED = `registry.internal/team/web@sha256:ae61ee2748975a6ff3944264f42717ffbb3749a176b78ae808ac2fc88f59564b`;
const NOT_CARRIED = `127.0.0.1:1/team/web@sha256:05eafaa2a5846637757100f1b0642708687a268419e1516dbbcba08802862a9b`;

const rule = (more: JsonObject): JsonObject => ({ signatures: [{ image: "*", ...more }] });
const keysFrom = (source: JsonObject) => rule({ threshold: 1, keysFrom: [source] });
const ofNamespace = (key: string, operator: string, values: string[] = []) =>
  rule({
    namespaceSelector: { matchExpressions: [{ key, operator, values }] },
    keysFrom: [{ cosignKey: {} }],
  });

const [rotation] = objectsShown("key-rotation", "keys-from.yaml") as [JsonObject];
const [identities] = objectsShown("closed-network", "identities.yaml") as [JsonObject];
const [closed] = objectsShown("closed-network", "policy.yaml") as [Manifest];
const [webhook] = objectsShown("from-cosign-webhook", "cat policy.yaml") as [Manifest];

const missingRoots = rule({
  verifier: "policy",
  trustRootsFrom: { configMap: { name: "none", namespace: "sigstore" } },
  keyless: [{ issuer: "https://accounts.demo.example", subject: "dev@demo.example" }],
});
const missingEvidence = rule({
  verifier: "policy",
  keysFrom: [{ configMap: { name: "release-keys", namespace: "signatures" } }],
  evidenceFrom: [{ configMap: { name: "none", namespace: "signatures" } }],
});

const byLabel = keysFrom({
  configMap: { labelSelector: "keys in (release)", namespace: "signing" },
});
const noName = keysFrom({ configMap: { name: "none", namespace: "signing" } });
const noLabel = keysFrom({ configMap: { labelSelector: "keys=none", namespace: "signing" } });
const inSecret = keysFrom({ secret: { name: "platform-keys", namespace: "security" } });
const noSecret = keysFrom({ secret: { name: "none", namespace: "security" } });
const named = ofNamespace("kubernetes.io/metadata.name", "In", ["shop"]);
const notLabelled = ofNamespace("cosignkey.kubernetes.io/verify", "DoesNotExist");
const enabled = webhook.spec.settings;
const carried = closed.spec.settings;

const kindsOf = ({ spec }: Manifest) => spec.contextAwareResources.map(({ kind }) => kind);
const CONFIG_MAP = kindsOf(closed);
const WEBHOOK = kindsOf(webhook);
const NAMESPACE = ["Namespace"];
const SECRET = ["Secret"];
const MISSING = ["resource-missing"];

type Row = [JsonObject, string, string[], string[], { namespace?: string; now?: string }?];
const ROWS: Record<string, Row> = {
  "keys in a ConfigMap": [rotation, SIGNED, CONFIG_MAP, [], { now: "2025-01-30" }],
  "a key at its end": [rotation, SIGNED, CONFIG_MAP, ["signature-unmet"], { now: "2025-02-01" }],
  "keys by a label": [byLabel, SIGNED, CONFIG_MAP, [], { now: "2025-01-30" }],
  "no ConfigMap of the name": [noName, SIGNED, CONFIG_MAP, MISSING],
  "no ConfigMap with the label": [noLabel, SIGNED, CONFIG_MAP, MISSING],
  "keys in a Secret": [inSecret, SIGNED, SECRET, []],
  "keys in a Secret, unsigned": [inSecret, UNSIGNED, SECRET, ["threshold-unmet"]],
  "no Secret": [noSecret, SIGNED, SECRET, MISSING],
  enabled: [enabled, SIGNED, WEBHOOK, []],
  "enabled, unsigned": [enabled, UNSIGNED, WEBHOOK, ["signature-missing"]],
  "enabled, no CosignKey": [enabled, SIGNED, WEBHOOK, MISSING, { namespace: "lab" }],
  disabled: [enabled, UNSIGNED, NAMESPACE, [], { namespace: "staging" }],
  "not labelled": [enabled, UNSIGNED, NAMESPACE, [], { namespace: "unlabelled" }],
  "not labelled, as asked for": [
    notLabelled,
    SIGNED,
    WEBHOOK,
    MISSING,
    { namespace: "unlabelled" },
  ],
  "no Namespace": [enabled, SIGNED, NAMESPACE, MISSING, { namespace: "none" }],
  "a namespace by its name": [named, UNSIGNED, WEBHOOK, ["signature-missing"]],
  "another namespace": [named, UNSIGNED, NAMESPACE, [], { namespace: "lab" }],
  "trust roots": [identities, BY_IDENTITY, CONFIG_MAP, []],
  "trust roots, and no certificate": [identities, SIGNED, CONFIG_MAP, ["signature-unmet"]],
  "no trust roots": [missingRoots, BY_IDENTITY, CONFIG_MAP, MISSING],
  "signatures in files": [carried, CARRIED, CONFIG_MAP, []],
  "signatures in files, for another image": [carried, NOT_CARRIED, CONFIG_MAP, ["payload-digest"]],
  "no signatures in files": [missingEvidence, NOT_CARRIED, CONFIG_MAP, MISSING],
};

export const CASES = Object.entries(ROWS).map(
  ([name, [settings, image, reads, codes, where]]): [string, Case] => [
    name,
    { settings, image, reads, codes, ...where },
  ],
);
