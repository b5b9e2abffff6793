import type { Credential, Credentials } from "./credentials.js";
import type { Answer, Transport } from "./transport.js";

export interface Challenge {
  scheme: string;
  parameters: Record<string, string>;
}

const MAX_TOKEN_BYTES = 1 << 20;

/** Reads a WWW-Authenticate header (RFC 9110, 11.6.1). */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = [];
  const token =
    /\s*,?\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/gy;
  for (let match = token.exec(header); match; match = token.exec(header)) {
    const [, name = "", quoted, bare] = match;
    const value = quoted?.replace(/\\(.)/g, "$1") ?? bare;
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: {} });
    else if (challenges.length > 0) challenges.at(-1)!.parameters[name.toLowerCase()] = value;
  }
  return challenges;
}

/**
 * Answers a registry's challenge with the value of an Authorization header; undefined if there is
 * nothing to answer with.
 */
export async function authorize(
  refusal: Answer,
  registry: string,
  repository: string,
  credentials: Credentials,
  transport: Transport,
): Promise<string | undefined> {
  const header = refusal.headers["www-authenticate"];
  const challenges = parseChallenges([header ?? ""].flat().join(", "));
  const bearer = challenges.find(({ scheme }) => scheme === "bearer");
  if (bearer) {
    const token = await fetchToken(bearer, registry, repository, credentials, transport);
    return `Bearer ${token}`;
  }
  const credential = await credentials(registry);
  if (!challenges.some(({ scheme }) => scheme === "basic") || !credential) return undefined;
  return "username" in credential ? basic(credential) : undefined;
}

async function fetchToken(
  { parameters }: Challenge,
  registry: string,
  repository: string,
  credentials: Credentials,
  transport: Transport,
): Promise<string> {
  const realm = URL.canParse(parameters["realm"] ?? "") ? new URL(parameters["realm"]!) : undefined;
  if (!realm) throw new Error(`Authentication failure: ${registry} names no token service`);
  const secure = realm.protocol === "https:" || transport.sources.insecure.has(registry);
  if (!secure) throw new Error(`Authentication failure: ${realm.origin} is not secure`);
  const query = {
    ...(parameters["service"] && { service: parameters["service"] }),
    scope: parameters["scope"] ?? `repository:${repository}:pull`,
  };
  const answer = await askTokenService(realm, query, await credentials(registry), transport);
  if (answer.status !== 200) {
    throw new Error(`Authentication failure: ${realm.origin} answered ${answer.status}`);
  }
  const { token, access_token } = parseJson(answer.body);
  const value = token ?? access_token;
  // The token becomes part of a header.
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value)) {
    throw new Error(`Authentication failure: ${realm.origin} gave no token`);
  }
  return value;
}

function askTokenService(
  realm: URL,
  query: Record<string, string>,
  credential: Credential | undefined,
  transport: Transport,
): Promise<Answer> {
  if (credential && "identityToken" in credential) {
    return transport.fetch(realm, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        ...query,
        grant_type: "refresh_token",
        client_id: "trusted-images",
        refresh_token: credential.identityToken,
      }).toString(),
      maxBytes: MAX_TOKEN_BYTES,
    });
  }
  const url = new URL(realm);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const headers: Record<string, string> = credential ? { authorization: basic(credential) } : {};
  return transport.fetch(url, { headers, maxBytes: MAX_TOKEN_BYTES });
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function parseJson(body: Buffer): Record<string, unknown> {
  try {
    return Object(JSON.parse(body.toString("utf8"))) as Record<string, unknown>;
  } catch {
    return {};
  }
}
