import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubewarden, type Handler } from "../../host/capabilities/index.js";
import { liveHandler } from "../../host/capabilities/live.js";
import { Policy, readPolicy } from "../../host/policy.js";
import type { Registry } from "../../host/registry/server.js";
import { admissionRequest } from "../../host/request.js";
import { parseSession, recording, replaying, type Exchange } from "../../host/session.js";
import { fixtureRegistry, readFixtures, results, sessionNames, sessionText } from "./fixtures.js";

let registry: Registry;
let live: Handler;

beforeAll(async () => {
  const served = await fixtureRegistry(readFixtures());
  registry = served.registry;
  live = liveHandler(served);
});
afterAll(() => registry.close());

/** What the live host answers, in a session's form. */
async function respond(request: Parameters<Handler>[0]) {
  try {
    return { type: "Success", payload: await live(request) };
  } catch (error) {
    return { type: "Error", message: (error as Error).message };
  }
}

test("there is a result for every key session", () => {
  const keySessions = sessionNames.filter((name) => /^[a-z]-/.test(name));
  expect(results.map(({ name }) => name).sort()).toEqual(keySessions.sort());
  expect(results.filter(({ accepted }) => accepted)).toHaveLength(39);
});

describe("the capability answers what the recorded host answered", () => {
  test.each(results)("$name: $accepted", async ({ name, accepted, image }) => {
    const [exchange, ...more] = parseSession(sessionText(name));
    expect(more).toEqual([]);
    expect(exchange!.request.fields["image"]).toBe(image);
    const response = await respond(exchange!.request);
    expect(response.type).toBe(accepted ? "Success" : "Error");
    expect(response).toEqual(exchange!.response);
  });
});

describe("the policy decides as the recorded host did", () => {
  let module: WebAssembly.Module;
  beforeAll(async () => {
    module = await readPolicy();
  });

  /** Decides a Pod with the session's image, and returns the image it may run and what was asked. */
  async function decide({ request: { fields } }: Exchange, handler: Handler) {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } };
    const spec = { containers: [{ name: "c", image: fields["image"]! }] };
    const settings = { signatures: [{ image: "*", pubKeys: fields["pub_keys"]! }] };
    const asked: Exchange[] = [];
    const capabilities = kubewarden({ handler: recording(handler, asked) });
    const policy = new Policy(module, capabilities);
    expect(await policy.validateSettings(settings)).toEqual([]);
    const response = await policy.validate(admissionRequest({ ...pod, spec }), settings);
    const mutated = response.mutated_object as { spec: typeof spec } | null | undefined;
    return { ...response, image: mutated?.spec.containers[0]!.image, asked };
  }

  /** The image pinned to the digest of the recorded answer; undefined where that is an error. */
  function pinned({ request: { fields }, response }: Exchange): string | undefined {
    if (response.type === "Error") return undefined;
    const { digest } = JSON.parse(response.payload) as { digest: string };
    return `${(fields["image"] as string).replace(/@.*/, "")}@${digest}`;
  }

  const sources: [string, (session: Exchange[]) => Handler][] = [
    ["with a registry", () => live],
    ["with the session", replaying],
  ];
  describe.each(sources)("%s", (_, handler) => {
    test.each(results)("$name: $accepted", async ({ name, accepted }) => {
      const session = parseSession(sessionText(name));
      const {
        accepted: actual,
        message,
        image,
        asked,
      } = await decide(session[0]!, handler(session));
      expect(actual, message ?? "").toBe(accepted);
      expect(asked).toEqual(session);
      // One that is pinned already is accepted as it is.
      const before = session[0]!.request.fields["image"];
      expect(accepted ? (image ?? before) : image).toBe(pinned(session[0]!));
    });
  });
});
