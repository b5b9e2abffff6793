import { authorize } from "./authentication.js";
import { ANONYMOUS, type Credentials } from "./credentials.js";
import type { Answer, Asking, Transport } from "./transport.js";

/** A registry has answered, and not with what it was asked for. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Requests to registries: one that wants to know who asks is answered. */
export class Requests {
  private readonly authorizations = new Map<string, string>();

  constructor(
    readonly transport: Transport,
    private readonly credentials: Credentials = ANONYMOUS,
  ) {}

  /**
   * Asks for a path of a registry.
   *
   * @param repository whose authorization is needed
   * @param expected statuses that are no refusal
   */
  async ask(
    registry: string,
    repository: string,
    path: string,
    asking: Asking,
    expected: number[] = [200],
  ): Promise<Answer> {
    const ask = (own: Asking) => this.transport.ask(registry, path, own);
    return this.authorized(registry, repository, ask, asking, expected);
  }

  /**
   * Asks for a place that a registry has named. Who asks is told to that registry alone.
   *
   * @param from the answer that named the place
   */
  async askAt(
    url: URL,
    from: Answer,
    registry: string,
    repository: string,
    asking: Asking,
    expected: number[],
  ): Promise<Answer> {
    const ask = (own: Asking) => this.transport.fetch(url, own);
    if (url.origin === from.url.origin) {
      return this.authorized(registry, repository, ask, asking, expected);
    }
    const answer = await ask(asking);
    if (expected.includes(answer.status)) return answer;
    throw refusal(answer);
  }

  private async authorized(
    registry: string,
    repository: string,
    ask: (asking: Asking) => Promise<Answer>,
    asking: Asking,
    expected: number[],
  ): Promise<Answer> {
    const key = `${registry}/${repository}`;
    const once = () => {
      const authorization = this.authorizations.get(key);
      const headers = { ...asking.headers, ...(authorization && { authorization }) };
      return ask({ ...asking, headers });
    };
    let answer = await once();
    if (answer.status === 401) {
      const { credentials, transport } = this;
      const authorization = await authorize(answer, registry, repository, credentials, transport);
      if (authorization) {
        this.authorizations.set(key, authorization);
        answer = await once();
      }
    }
    if (!expected.includes(answer.status)) throw refusal(answer);
    return answer;
  }
}

/** Words a refusal as policy-server's host does, so that messages look the same in both. */
function refusal({ named: url, status, body }: Answer): Refusal {
  if (status === 401) return new Refusal(status, `Not authorized: url ${url.href}`);
  const messages = registryErrors(body);
  if (messages.length === 0) {
    return new Refusal(status, `Server error: url ${url.href}, code: ${status}`);
  }
  const errors = messages.map((message) => `OCI API error: ${message}`).join(", ");
  const text = `Registry error: url ${url.href}, envelope: OCI API errors: [${errors}]`;
  return new Refusal(status, text);
}

function registryErrors(body: Buffer): string[] {
  try {
    const { errors } = JSON.parse(body.toString("utf8")) as { errors: { message: string }[] };
    return errors.map(({ message }) => String(message));
  } catch {
    return [];
  }
}
