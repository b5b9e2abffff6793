import { SignatureManifest } from "../cosign/signature-manifest";
import { Code, Result } from "../failure";
import { Text } from "../sdk";
import { LayerCandidate } from "./layer-candidate";

/** The signatures of an image, none of them verified: at least one that can be read. */
export class Signatures {
  private constructor(
    readonly candidates: Array<LayerCandidate>,
    /** Whether there is nothing else in the manifest, that another reader might find a signature in. */
    readonly isWhole: bool,
  ) {}

  /** Those of a `.sig` manifest; a failure if there is none. */
  static read(manifest: Text): Result<Signatures> {
    const read = SignatureManifest.read(manifest);
    const found = read.value;
    if (!found) return Result.failure<Signatures>(read.failure!);
    const layers = found.layers;
    if (layers.length == 0) {
      if (found.failures.length > 0) return Result.failure<Signatures>(found.failures[0]);
      return Result.fail<Signatures>(
        Code.SignatureMissing,
        "its .sig manifest has no signature of cosign's",
      );
    }
    const candidates: Array<LayerCandidate> = [];
    for (let i = 0; i < layers.length; i++) candidates.push(new LayerCandidate(layers[i], null));
    return Result.ok(new Signatures(candidates, found.count == layers.length));
  }
}
