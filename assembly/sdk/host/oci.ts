import { Builder } from "../text/builder";
import { Text } from "../text/text";
import { callHost, HostAnswer } from "../wapc/host";
import * as names from "./names";

// Capabilities of namespace `oci`. An image goes to the host as its reference; an answer is JSON.

/** Digest of the manifest or index that a reference names: `{"digest": "sha256:…"}`. */
export function manifestDigest(image: Text): HostAnswer {
  return ask(names.manifestDigest(), image);
}

/** The manifest or index itself. */
export function ociManifest(image: Text): HostAnswer {
  return ask(names.ociManifest(), image);
}

/** `{"manifest": …, "digest": "sha256:…", "config": …}`, the config being the image's config blob. */
export function ociManifestConfig(image: Text): HostAnswer {
  return ask(names.ociManifestConfig(), image);
}

/** Sigstore verification, with a request that `SigstoreRequest` writes: `{"is_trusted": true, "digest": "sha256:…"}`. */
export function verify(request: Text): HostAnswer {
  return callHost(names.binding(), names.oci(), names.verify(), request);
}

function ask(operation: usize, image: Text): HostAnswer {
  const payload = new Builder(image.length + 2).json(image).view();
  return callHost(names.binding(), names.oci(), operation, payload);
}
