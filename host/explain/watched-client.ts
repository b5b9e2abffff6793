import {
  RegistryClient,
  sha256,
  type Descriptor,
  type Manifest,
  type Pulled,
} from "../registry/client.js";
import type { Credentials } from "../registry/credentials.js";
import { formatReference, type Reference } from "../registry/reference.js";
import type { Transport } from "../registry/transport.js";

/** Something that was pulled from a registry: a manifest, a blob, or nothing for the reason that it gives. */
export interface Pull {
  /** The image's reference, or a blob's repository and digest. */
  name: string;
  digest?: string;
  content?: Manifest | Buffer;
  error?: string;
}

/** A registry client that tells what it pulls. */
export class WatchedClient extends RegistryClient {
  constructor(
    transport: Transport,
    credentials: Credentials | undefined,
    private readonly pulled: (pull: Pull) => void,
  ) {
    super(transport, credentials);
  }

  override pullManifest(reference: Reference): Promise<Pulled> {
    return this.tell(
      formatReference(reference),
      () => super.pullManifest(reference),
      ({ digest, manifest }) => ({ digest, content: manifest }),
    );
  }

  override pullBlob(reference: Reference, blob: Descriptor): Promise<Buffer> {
    return this.tell(
      `${reference.registry}/${reference.repository}@${blob.digest}`,
      () => super.pullBlob(reference, blob),
      (content) => ({ digest: sha256(content), content }),
    );
  }

  private async tell<T>(
    name: string,
    pull: () => Promise<T>,
    describe: (value: T) => Omit<Pull, "name">,
  ): Promise<T> {
    try {
      const value = await pull();
      this.pulled({ name, ...describe(value) });
      return value;
    } catch (error) {
      this.pulled({ name, error: (error as Error).message });
      throw error;
    }
  }
}
