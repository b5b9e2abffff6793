import { decodeCall, type CallbackRequest } from "../callback.js";
import type { Capabilities } from "../evaluate.js";
import type { HostCall } from "../wapc.js";
import { parseGrants, type Grants } from "./grants.js";
import { refuseUngranted, type ResourceGrants } from "./resources.js";
import { logEvent, type WriteLine } from "./tracing.js";

/** Answers a decoded request with the bytes for the guest, or throws what to tell it. */
export type Handler = (request: CallbackRequest) => Promise<string>;

/** What a policy may ask. */
export interface Permissions {
  /** Default: everything. */
  grants?: Grants;
  /** Which Kubernetes objects may be read. Default: all. */
  resources?: ResourceGrants;
}

export interface KubewardenOptions extends Permissions {
  handler: Handler;
  /** Where log events go. Default: nowhere. */
  writeLine?: WriteLine;
}

/** The way of a host call through a Kubewarden host: binding, grants, decoding, answer. */
export function kubewarden({
  handler,
  grants = parseGrants(["*"]),
  resources = () => true,
  writeLine = () => {},
}: KubewardenOptions): Capabilities {
  return {
    call(call: HostCall): Uint8Array | Promise<Uint8Array> {
      const { binding, namespace, operation } = call;
      if (binding !== "kubewarden") throw new Error(`unknown binding: ${binding}`);
      if (namespace === "tracing") return trace(call, writeLine);
      const capability = `${namespace}/${operation}`;
      if (!grants(capability)) {
        // policy-server's words: policies tell a denial by them.
        throw new Error(
          `Policy has not been granted access to the '${capability}' host capability. ` +
            "The violation has been reported.",
        );
      }
      const request = decodeCall(call);
      refuseUngranted(request, resources);
      return answer(handler, request);
    },
  };
}

async function answer(handler: Handler, request: CallbackRequest): Promise<Uint8Array> {
  try {
    return new TextEncoder().encode(await handler(request));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`Callback evaluation failure: ${message}`, { cause: error });
  }
}

// Never gated: a policy may always log.
function trace({ operation, payload }: HostCall, writeLine: WriteLine): Uint8Array {
  if (operation !== "log") throw new Error(`unknown operation: ${operation}`);
  logEvent(payload, writeLine);
  return new Uint8Array();
}
