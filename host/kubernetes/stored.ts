import type { JsonObject } from "../document.js";
import { metadataOf, objectIn, without } from "./cluster.js";

/** The label that says a namespace's name, by which selectors can ask for it. */
const NAME_LABEL = "kubernetes.io/metadata.name";

/** An object of a manifest as an API server keeps it, where policies can tell the two apart. */
export function stored(object: JsonObject): JsonObject {
  if (object["apiVersion"] !== "v1") return object;
  if (object["kind"] === "Namespace") return storedNamespace(object);
  return object["kind"] === "Secret" ? storedSecret(object) : object;
}

/** Every namespace has a label with its name, whatever the manifest says. */
function storedNamespace(object: JsonObject): JsonObject {
  const metadata = metadataOf(object);
  const labels = { ...objectIn(metadata, "labels"), [NAME_LABEL]: metadata["name"]! };
  return { ...object, metadata: { ...metadata, labels } };
}

/** `stringData` is for writing only: what it says is in `data` then, in base64, instead of what was there. */
function storedSecret(object: JsonObject): JsonObject {
  if (object["stringData"] === undefined) return object;
  const texts = Object.entries(objectIn(object, "stringData")).flatMap(([name, text]) =>
    typeof text === "string" ? [[name, Buffer.from(text).toString("base64")] as const] : [],
  );
  const data = { ...objectIn(object, "data"), ...Object.fromEntries(texts) };
  return { ...without(object, "stringData"), data };
}
