import { colors } from "../colors.js";
import { isObject, own, parseJson, type Json } from "../document.js";
import { printable } from "../pretty.js";
import { formatCall } from "./call.js";
import { abridge } from "./abridge.js";
import { formatFields, indent, type Section } from "./section.js";
import type { Asked, Event, Step } from "./witness.js";

const WORKLOAD_STEPS = ["idle", "image"];
const RULE_STEPS = ["rule", "unmatched"];

const UNCHANGED =
  "It was there before the request: it is not examined unless verifyUnchangedImages is set.";

/** Lays out what happened: the images that were found, then for each its rules and its evidence. */
export function formatEvents(events: Event[]): Section[] {
  const workload: Section = { title: "workload", lines: [] };
  const sections = [workload];
  let rules = workload;
  let evidence = workload;
  let calls = 0;
  for (const event of events) {
    if ("asked" in event) {
      const section = isOfRules(event.asked) ? rules : evidence;
      section.lines.push(...formatCall(event.asked, ++calls));
      continue;
    }
    const lines = formatStep(event.told);
    const { step, image = null } = event.told;
    if (WORKLOAD_STEPS.includes(step)) workload.lines.push(...lines);
    else if (RULE_STEPS.includes(step)) rules.lines.push(...lines);
    else if (step === "examination") {
      rules = { title: `rules for ${word(image)}`, lines };
      evidence = { title: `evidence for ${word(image)}`, lines: [] };
      sections.push(rules, evidence);
    } else evidence.lines.push(...lines);
  }
  return sections.filter(({ lines }) => lines.length > 0);
}

/** Whether a rule is for a namespace may take the namespace's labels. */
function isOfRules({ call: { namespace, payload } }: Asked): boolean {
  if (namespace !== "kubernetes") return false;
  const asked = parseJson(Buffer.from(payload).toString("utf8"));
  return isObject(asked) && asked["kind"] === "Namespace";
}

function formatStep(step: Step): string[] {
  return own(FORMATS, step.step)?.(step) ?? formatFields(step);
}

/** The lines of each step that `assembly/explanation.ts` tells. */
const FORMATS: Record<string, (step: Step) => string[]> = {
  idle: () => ["Nothing will run by this request: no image is looked for."],
  image: ({ at, name, text, registry, repository, tag, digest, unchanged, failure }) => [
    `${colors.bold(word(at))}${name ? ` of ${quoted(name)}` : ""}`,
    ...indent(
      formatFields({
        image: abridge(text ?? null),
        ...(registry && {
          registry,
          repository: repository ?? null,
          tag: tag ?? "none",
          digest: digest ?? "none",
        }),
      }),
    ),
    ...(unchanged ? [`  ${UNCHANGED}`] : []),
    ...(failure ? [`  ${bad(failure)}`] : []),
  ],
  examination: ({ like }) => (like ? [`The same as for ${word(like)}.`] : []),
  rule: ({ rule, shown, is, by, label }) => [
    `rule ${word(rule)}, ${word(shown)}: ${
      label === undefined
        ? (own(RULES, word(is))?.(quoted(by)) ?? word(is))
        : `is for namespaces with other labels: ${quoted(label)} is not as its namespaceSelector wants it`
    }`,
  ],
  unmatched: ({ becomes, doubt }) => [
    `No rule is for it${doubt ? " beyond doubt" : ""}: unmatchedImages is ${word(becomes)}.`,
  ],
  signature: ({ signer, layer, payload, failure }) => [
    `signature ${word(layer)}, tried for ${word(signer)}`,
    ...indent(
      typeof payload === "string"
        ? [
            word(layer).startsWith("sha256:") ? "payload that has this digest:" : "what it signed:",
            ...indent(formatFields(abridge(parseJson(payload) ?? payload))),
          ]
        : isDigest(layer)
          ? ["no payload that is known for this image has this digest"]
          : [],
    ),
    `  ${failure ? bad(failure) : good(payload || !isDigest(layer) ? "it is by this signer, and counts" : "it is by this signer")}`,
  ],
  signer: ({ signer, verb, digest, failure }) => [
    failure
      ? bad(`${word(signer)}: ${word(failure)}`)
      : good(`${word(signer)} ${word(verb)} ${word(digest)}`),
  ],
  outcome: ({ rule, digest, failure }) => [
    failure
      ? bad(`rule ${word(rule)} is not met: ${word(failure)}`)
      : good(`rule ${word(rule)} is met by ${word(digest)}`),
  ],
};

const RULES: Record<string, (pattern: string) => string> = {
  here: (pattern) => `is for it, by the pattern ${pattern}`,
  elsewhere: () => "is for other namespaces",
  other: () => "is for other images",
  excluded: (pattern) => `leaves it out, by the exclusion ${pattern}`,
};

/** A layer of the registry's is known by its digest alone; of what lies elsewhere the content is at hand. */
function isDigest(layer: Json | undefined): boolean {
  return typeof layer === "string" && layer.startsWith("sha256:");
}

function good(text: string): string {
  return colors.green(`✔ ${text}`);
}

function bad(text: Json): string {
  return colors.red(`✘ ${word(text)}`);
}

function quoted(value: Json | undefined): string {
  return `"${word(value)}"`;
}

function word(value: Json | undefined): string {
  return printable(String(value ?? ""));
}
