import { isObject, parseJson, type Json, type JsonObject } from "../document.js";
import { sha256 } from "./client.js";
import type { Requests } from "./requests.js";

/** TUF metadata of one repository, byte for byte, by role: `root`, `timestamp`, `snapshot`, `targets`, `targets/…`. */
export type TrustMetadata = Record<string, Buffer>;

const MAX_BYTES = 768 << 10;
const MAX_DELEGATIONS = 16;

/**
 * Fetches what a Notary v1 server has of a repository: the newest timestamp, and what it names by checksum, so that
 * all are of one moment. Nothing is verified but the checksums.
 *
 * @param server its host, and its port if it has one
 * @param gun the globally unique name: as a rule the image's, with its registry
 */
export async function fetchTrustMetadata(
  requests: Requests,
  server: string,
  gun: string,
): Promise<TrustMetadata> {
  const get = async (file: string) => {
    const path = `/v2/${gun}/_trust/tuf/${file}.json`;
    const { body } = await requests.ask(server, gun, path, { headers: {}, maxBytes: MAX_BYTES });
    return body;
  };
  const getListed = async (role: string, meta: JsonObject) => {
    const { hashes } = objectOf(meta[role]);
    const { sha256: checksum } = objectOf(hashes);
    if (typeof checksum !== "string") throw new Error(`no checksum of ${role} is listed`);
    const hex = Buffer.from(checksum, "base64").toString("hex");
    const body = await get(`${role}.${hex}`);
    if (sha256(body) === `sha256:${hex}`) return body;
    throw new Error(`the ${role} is not what was listed: ${sha256(body)}`);
  };

  const timestamp = await get("timestamp");
  const snapshot = await getListed("snapshot", metaOf(timestamp));
  const meta = metaOf(snapshot);
  const metadata: TrustMetadata = { root: await getListed("root", meta), timestamp, snapshot };
  const delegations = Object.keys(meta).filter((role) => /^targets(?:\/[\w-][\w.-]*)+$/.test(role));
  if (delegations.length > MAX_DELEGATIONS) {
    throw new Error(`more than ${MAX_DELEGATIONS} delegations`);
  }
  for (const role of ["targets", ...delegations]) metadata[role] = await getListed(role, meta);
  return metadata;
}

/** The digests that the targets' metadata name, of all roles. */
export function targetDigests(metadata: TrustMetadata): Set<string> {
  const digests = new Set<string>();
  for (const [role, bytes] of Object.entries(metadata)) {
    if (!role.startsWith("targets")) continue;
    const { targets } = objectOf(signedOf(bytes));
    for (const target of Object.values(objectOf(targets))) {
      const { sha256: checksum } = objectOf(objectOf(target)["hashes"]);
      if (typeof checksum !== "string") continue;
      digests.add(`sha256:${Buffer.from(checksum, "base64").toString("hex")}`);
    }
  }
  return digests;
}

function metaOf(bytes: Buffer): JsonObject {
  return objectOf(objectOf(signedOf(bytes))["meta"]);
}

function signedOf(bytes: Buffer): Json | undefined {
  return objectOf(parseJson(bytes.toString("utf8")))["signed"];
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
