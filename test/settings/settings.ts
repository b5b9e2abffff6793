import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { packageFile } from "../../host/package.js";
import { loadGuest } from "../sdk/units.js";

const policy = loadGuest("policy.wasm");

/** The problems that the policy finds in settings, a line each; none if they are valid. JSON text goes as it is. */
export function problemsOf(settings: unknown): string[] {
  const json = typeof settings === "string" ? settings : JSON.stringify(settings);
  const answer = JSON.parse(
    Buffer.from(policy.call("validate_settings", Buffer.from(json))).toString(),
  ) as { valid: boolean; message?: string };
  const problems = answer.message?.split("\n") ?? [];
  if (answer.valid !== (problems.length === 0)) throw new Error(JSON.stringify(answer));
  return problems;
}

const { files } = JSON.parse(
  readFileSync(packageFile("test/fixtures/registry/g-cert-valid.json"), "utf8"),
) as { files: Record<string, { text: string }> };
export const CERTIFICATE = files["keys/leaf.pem"]!.text;
export const INTERMEDIATE = files["keys/trusted-inter.pem"]!.text;
export const ROOT = files["keys/trusted-root.pem"]!.text;

export const newKeys = () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    publicPem: publicKey.export({ type: "spki", format: "pem" }) as string,
    privatePem: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    sec1Pem: privateKey.export({ type: "sec1", format: "pem" }) as string,
  };
};
export const [ALICE, BOB] = [newKeys(), newKeys()];

/** Settings with one rule, valid but for what is given. */
export const withRule = (fields: object, others: object = {}) => ({
  signatures: [{ image: "ghcr.io/team/*", githubActions: { owner: "team" }, ...fields }],
  ...others,
});

/** The same, with other signers. */
export const signedBy = (fields: object) => withRule({ githubActions: null, ...fields });
