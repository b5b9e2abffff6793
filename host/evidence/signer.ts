import { basename } from "node:path";
import { isObject, readText, UserError, type Json, type JsonObject } from "../document.js";
import type { Item } from "./item.js";

/** Someone who may have signed: a rule of the policy's settings that asks for him alone, without an image. */
export interface Signer {
  /** Where he is named: a file, or a path in the settings. */
  path: string;
  /** How he is called; undefined if that is left to the policy. */
  name?: string;
  rule: JsonObject;
  trustRoots?: Json;
}

/** Lists of a rule whose entries are each a signer. */
const LISTS = ["pubKeys", "keyless", "keylessPrefix", "certificates"];
/** What a rule says of where it is for, and of how many must have signed. */
const CIRCUMSTANCES = [
  ...["image", "exclude", "namespaces", "namespaceSelector"],
  ...["onFailure", "verifier", "evidenceFrom", "threshold"],
];

/** The fields of rules that ask for one format alone. */
const FIELDS: Partial<Record<Item["type"], string>> = {
  notation: "notation",
  "notary-v1": "notaryV1",
};

/**
 * What to ask of a signer to find out whether an item is his: of an attestation each thing alone that his rule wants to be
 * attested of its type or, if it wants signatures, anything. Nothing if his rule does not ask for such items.
 */
export function askedFor(
  signer: Signer,
  type: Item["type"],
  predicateType: string | undefined,
): Signer[] {
  const { rule } = signer;
  const field = FIELDS[type];
  const others = Object.values(FIELDS);
  if (field ? !(field in rule) : others.some((other) => other in rule)) return [];
  const wanted = Array.isArray(rule["attestations"]) ? rule["attestations"].filter(isObject) : [];
  if (predicateType === undefined) return wanted.length > 0 ? [] : [signer];
  const asked = wanted.length > 0 ? wanted : [{ predicateType }];
  return asked
    .filter((one) => one["predicateType"] === predicateType)
    .map((one) => ({ ...signer, rule: { ...rule, annotations: {}, attestations: [one] } }));
}

/** A signer for each file with a public key in PEM, called like the file. */
export function signersOfKeys(paths: string[]): Signer[] {
  return paths.map((path) => {
    const name = basename(path);
    return { path: name, name, rule: { pubKeys: [{ name, key: readText(path, "key") }] } };
  });
}

/** The signers that a policy's settings know, each once for every rule. */
export function signersOfSettings(settings: JsonObject): Signer[] {
  const { signatures, trustRoots } = settings;
  if (!Array.isArray(signatures)) throw new UserError("the settings have no signatures");
  return signatures.flatMap((rule, index) => {
    const path = `signatures[${index}]`;
    if (!isObject(rule)) throw new UserError(`${path}: it must be an object`);
    const signers = split(rule, path);
    return signers.map((signer) => ({ ...signer, ...(trustRoots && { trustRoots }) }));
  });
}

function split(rule: JsonObject, path: string): Signer[] {
  const rest = Object.entries(rule).filter(([field]) => !CIRCUMSTANCES.includes(field));
  const own = Object.fromEntries(rest) as JsonObject;
  const list = LISTS.find((field) => Array.isArray(own[field]) && own[field].length > 0);
  if (list === undefined) return [{ path, rule: own }];
  return (own[list] as Json[]).map((entry, index) => {
    const at = `${path}.${list}[${index}]`;
    return { path: at, name: nameOf(entry) ?? at, rule: { ...own, [list]: [entry] } };
  });
}

function nameOf(entry: Json): string | undefined {
  if (!isObject(entry)) return undefined;
  const { name, subject, urlPrefix } = entry;
  return [name, subject, urlPrefix].find((text) => typeof text === "string" && text !== "") as
    string | undefined;
}
