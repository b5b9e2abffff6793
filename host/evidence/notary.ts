import { UserError, type JsonObject } from "../document.js";
import { fetchTrustMetadata, targetDigests } from "../registry/notary.js";
import type { Requests } from "../registry/requests.js";
import type { Finding } from "./gather.js";
import { parseItem, type Item } from "./item.js";

/**
 * Gathers what a Notary v1 server says of an image's repository. Where it says nothing of the image there is nothing.
 *
 * @param note told what is passed over
 */
export async function gatherNotary(
  requests: Requests,
  server: string,
  gun: string,
  digest: string,
  note: (line: string) => void,
): Promise<Finding[]> {
  const where = `notary ${server}`;
  const metadata = await fetchTrustMetadata(requests, server, gun).catch((cause: Error) => {
    const words = `cannot read the trust metadata of ${gun} at ${server}: ${cause.message}`;
    throw new UserError(words, { cause });
  });
  if (!targetDigests(metadata).has(digest)) {
    note(`${where}: no target of ${gun} is ${digest}`);
    return [];
  }
  const entries = Object.entries(metadata).map(([role, bytes]) => [role, bytes.toString("base64")]);
  const item = { type: "notary-v1", gun, metadata: Object.fromEntries(entries) as JsonObject };
  return [{ item: parseItem(item, "the item") as Item, where: [where] }];
}

/** The host of a Notary server as the user gave it. */
export function parseServer(server: string): string {
  const [, host] = /^(?:https:\/\/)?([\w.-]+(?::\d+)?)\/?$/.exec(server) ?? [];
  if (host !== undefined) return host;
  throw new UserError(
    `--notary-server ${server}: give it as https://notary.example.com; one without HTTPS must be among the ` +
      "insecure_sources of --sources-path",
  );
}
