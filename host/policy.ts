import { readFileSync } from "node:fs";
import { UserError } from "./document.js";
import type { JsonObject } from "./document.js";
import { evaluate, type Capabilities, type Surroundings } from "./evaluate.js";
import { packageFile } from "./package.js";
import { decodeValidation, type ValidationResponse } from "./response.js";

/** A Kubewarden policy: its two questions, with values instead of bytes. */
export class Policy {
  constructor(
    private readonly module: WebAssembly.Module,
    private readonly capabilities: Capabilities,
    private readonly surroundings?: Surroundings,
  ) {}

  /** Decides a request. */
  async validate(request: JsonObject, settings: JsonObject): Promise<ValidationResponse> {
    return decodeValidation(await this.call("validate", { request, settings }));
  }

  /** The same, of a policy that tells on its console what it does; see `assembly/explanation.ts`. */
  async explain(request: JsonObject, settings: JsonObject): Promise<ValidationResponse> {
    return decodeValidation(await this.call("explain", { request, settings }));
  }

  /** Returns what is wrong with the settings, a problem an item; nothing if they are valid. */
  async validateSettings(settings: JsonObject): Promise<string[]> {
    const bytes = await this.call("validate_settings", settings);
    const { valid, message } = JSON.parse(new TextDecoder().decode(bytes)) as {
      valid: boolean;
      message?: string | null;
    };
    if (valid) return [];
    return (message || "the policy gives no reason").split("\n").filter((line) => line !== "");
  }

  private call(operation: string, payload: JsonObject): Promise<Uint8Array> {
    const bytes = new TextEncoder().encode(JSON.stringify(payload));
    return evaluate(this.module, operation, bytes, this.capabilities, this.surroundings);
  }
}

/** Reads and compiles a policy; by default the one of this package. */
export async function readPolicy(path = packageFile("policy.wasm")): Promise<WebAssembly.Module> {
  let bytes;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UserError(
      `cannot read the policy: ${(error as Error).message}\n` +
        "Build it with `make policy.wasm`, or name a policy's file.",
    );
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw new UserError(`${path} is not a WebAssembly module: ${(error as Error).message}`);
  }
}
