import { isObject, type JsonObject } from "../document.js";
import { metadataOf, objectIn, without } from "./cluster.js";

/** The label with its own name that an API server puts on every namespace. */
const NAME_LABEL = "kubernetes.io/metadata.name";

/** Completes an object written by hand as an API server does when it stores it. */
export function stored(object: JsonObject): JsonObject {
  if (object["apiVersion"] !== "v1") return object;
  if (object["kind"] === "Namespace") return labelled(object);
  return object["kind"] === "Secret" ? encoded(object) : object;
}

function labelled(namespace: JsonObject): JsonObject {
  const metadata = metadataOf(namespace);
  const labels = { ...objectIn(metadata, "labels"), [NAME_LABEL]: metadata["name"]! };
  return { ...namespace, metadata: { ...metadata, labels } };
}

// `stringData` is only for writing: it goes over `data`, and is never given out.
function encoded(secret: JsonObject): JsonObject {
  if (!isObject(secret["stringData"])) return without(secret, "stringData");
  const written = Object.entries(secret["stringData"]).map(([name, text]) => [
    name,
    Buffer.from(String(text)).toString("base64"),
  ]);
  const data = { ...objectIn(secret, "data"), ...Object.fromEntries(written) } as JsonObject;
  return { ...without(secret, "stringData"), data };
}
