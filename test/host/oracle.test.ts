import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { liveHandler } from "../../host/capabilities/live.js";
import type { Handler } from "../../host/capabilities/index.js";
import type { Registry } from "../../host/registry/server.js";
import { parseSession } from "../../host/session.js";
import { fixtureRegistry, readFixtures, results, sessionNames, sessionText } from "./fixtures.js";

let registry: Registry;
let live: Handler;

beforeAll(async () => {
  const served = await fixtureRegistry(readFixtures());
  registry = served.registry;
  live = liveHandler(served.client);
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
