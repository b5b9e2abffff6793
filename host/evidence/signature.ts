import { readFileSync } from "node:fs";
import { isObject, parseJson, UserError } from "../document.js";

/** A signature as the policy reads it from files: what each holds, by its ending. */
export interface Signature {
  /** Of the image that its payload is for. */
  digest: string;
  files: {
    sig: string;
    payload: string;
    cert?: string;
    chain?: string;
    bundle?: string;
  };
}

/** Where cosign has written a signature to. */
export interface SignaturePaths {
  signature: string;
  payload: string;
  certificate?: string;
  certificateChain?: string;
  rekorBundle?: string;
}

/** Reads the files that cosign has written. The payload is kept byte for byte: it is what was signed. */
export function readSignature(paths: SignaturePaths): Signature {
  const { certificate, certificateChain: chain, rekorBundle: bundle } = paths;
  return toSignature(read(paths.payload, "payload"), {
    sig: read(paths.signature, "signature").trim(),
    ...(certificate !== undefined && { cert: read(certificate, "certificate") }),
    ...(chain !== undefined && { chain: read(chain, "certificate chain") }),
    ...(bundle !== undefined && { bundle: read(bundle, "Rekor bundle").trim() }),
  });
}

/** A signature with its payload, which must name an image. */
export function toSignature(
  payload: string,
  others: Omit<Signature["files"], "payload">,
): Signature {
  const { critical } = objectOf(parseJson(payload));
  const { image } = objectOf(critical);
  const { "docker-manifest-digest": digest } = objectOf(image);
  if (typeof digest !== "string" || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw new UserError("the payload is not cosign's: it names no image by its sha256 digest");
  }
  return { digest, files: { ...others, payload } };
}

/** Decodes the bytes of a text that has to be kept as it is. */
export function decodeText(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UserError(`the ${what} is not UTF-8`);
  }
}

function read(path: string, what: string): string {
  let bytes;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UserError(`cannot read the ${what}: ${(error as Error).message}`);
  }
  return decodeText(bytes, `${what} ${path}`);
}

function objectOf(value: Parameters<typeof isObject>[0]) {
  return isObject(value) ? value : {};
}
