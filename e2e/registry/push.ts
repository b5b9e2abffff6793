import { readFileSync } from "node:fs";
import { Agent, request } from "undici";
import { IMAGE_INDEX } from "../../host/registry/client.js";
import { contentBytes, type Fixture } from "../../host/registry/fixture.js";
import type { Identity } from "./identity.js";

/**
 * Pushes what fixtures hold to a registry, byte for byte, as `demo/NAME`: blobs, manifests, indexes, then tags. Where a
 * fixture has what the referrers API answered, it becomes the fallback tag, as signers write it where there is no such API.
 */
export async function pushFixtures(fixtures: Fixture[], origin: string, identity: Identity) {
  const { ca, username, password } = identity;
  const dispatcher = new Agent({ connect: { ca: readFileSync(ca) } });
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  try {
    for (const fixture of fixtures) await push(fixture);
  } finally {
    await dispatcher.close();
  }

  async function push({ name, blobs, manifests, tags, referrers }: Fixture): Promise<void> {
    const repository = `/v2/demo/${name}`;
    for (const [digest, content] of Object.entries(blobs)) {
      const { location } = await ask("POST", `${repository}/blobs/uploads/`);
      const target = new URL(location as string, origin);
      target.searchParams.set("digest", digest);
      await ask("PUT", target.href, contentBytes(content), "application/octet-stream");
    }
    const named = Object.entries(tags).map(([tag, digest]) => [tag, manifests[digest]!] as const);
    const listed = Object.entries(referrers)
      .map(([digest, content]) => [digest.replace(":", "-"), content] as const)
      .filter(([tag]) => !(tag in tags))
      .map(([tag, content]) => [tag, { ...content, mediaType: IMAGE_INDEX }] as const);
    const byKind = Object.entries(manifests).sort(
      ([, one], [, two]) => Number(isIndex(one)) - Number(isIndex(two)),
    );
    for (const [reference, content] of [...byKind, ...named, ...listed]) {
      const path = `${repository}/manifests/${reference}`;
      await ask("PUT", path, contentBytes(content), content.mediaType);
    }
  }

  async function ask(method: "POST" | "PUT", path: string, body?: Buffer, type?: string) {
    const url = new URL(path, origin);
    const headers = { authorization, ...(type && { "content-type": type }) };
    const answer = await request(url, { method, headers, dispatcher, body: body ?? null });
    const text = await answer.body.text();
    if (answer.statusCode > 299) throw new Error(`${method} ${url.pathname}: ${text}`);
    return answer.headers;
  }
}

function isIndex({ mediaType }: { mediaType: string }): boolean {
  return mediaType === IMAGE_INDEX;
}
