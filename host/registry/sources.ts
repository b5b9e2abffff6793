import { X509Certificate } from "node:crypto";
import { isObject, readDocument, readText, UserError } from "../document.js";
import type { Json } from "../document.js";

/** Which registries may be spoken to without a good certificate, and whose CAs to trust for others. */
export interface Sources {
  insecure: Set<string>;
  /** Registry to the PEM certificates of its CAs. */
  authorities: Map<string, string[]>;
}

export const NO_SOURCES: Sources = { insecure: new Set(), authorities: new Map() };

/** Reads `sources.yaml` in kwctl's format. */
export function readSources(path: string): Sources {
  return parseSources(readDocument(path, "sources file"));
}

/** Decodes what `sources.yaml` says; `proxies` is known to kwctl and refused here. */
export function parseSources(value: Json): Sources {
  if (value === null) return NO_SOURCES;
  if (!isObject(value)) throw new UserError("the sources file must be a map");
  const { insecure_sources: insecure = [], source_authorities: authorities = {}, ...rest } = value;
  const unknown = Object.keys(rest)[0];
  if (unknown)
    throw new UserError(`the sources file has a field that is not supported: ${unknown}`);
  if (!Array.isArray(insecure) || !insecure.every((host) => typeof host === "string")) {
    throw new UserError("insecure_sources must be a list of hosts, like registry.local:5000");
  }
  if (!isObject(authorities)) throw new UserError("source_authorities must be a map of hosts");
  return {
    insecure: new Set(insecure),
    authorities: new Map(
      Object.entries(authorities).map(([host, list]) => [host, parseAuthorities(host, list)]),
    ),
  };
}

function parseAuthorities(host: string, list: Json): string[] {
  if (!Array.isArray(list)) throw new UserError(`source_authorities: ${host} must be a list`);
  return list.map((item) => {
    const { type, path, data } = isObject(item) ? item : {};
    let pem;
    if (type === "Path" && typeof path === "string") pem = readText(path, `CA of ${host}`);
    else if (type === "Data" && typeof data === "string") pem = data;
    else {
      throw new UserError(
        `source_authorities: ${host}: give {type: Path, path: FILE} or {type: Data, data: PEM}`,
      );
    }
    try {
      new X509Certificate(pem);
    } catch {
      throw new UserError(`source_authorities: ${host}: not a PEM certificate`);
    }
    return pem;
  });
}
