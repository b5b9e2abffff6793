import fc from "fast-check";
import type { JsonObject } from "../../host/document.js";
import { digest } from "./guest.js";
import { newSigner } from "./signed.js";

// The decision, written a second time: from images and rules that are known by what they mean, not by
// their text. A pattern or a spelling is drawn together with its meaning, so nothing is parsed here.

/** An image by what it means, and one of its spellings. */
export interface Image {
  host: string;
  path: string;
  tag: string | undefined;
  digest: string | undefined;
  text: string;
}

/**
 * What a pattern is asked for: whether it could mean an image, whether it does, and whether it does beyond what a
 * tag beside a digest says, which is what an exemption and a mere warning take.
 */
type Sense = "may" | "means" | "narrow";

/** A pattern and which images it is for. */
interface PatternModel {
  text: string;
  matches: (image: Image, sense: Sense) => boolean;
}

/** Who may have signed. */
export const SIGNERS = Array.from({ length: 4 }, () => newSigner());

/** What the host says to a question. */
export type Word = "a" | "b" | "untrusted" | "unsaid" | "text" | "error" | "malformed" | "denied";

/** What there is to be found out about images. */
export interface World {
  /** What the host says if it is asked to verify an image. */
  host: (image: string, question: string) => Word;
  /** What a tag names; undefined if there is no knowing. */
  digestOf: (image: string) => string | undefined;
  /** Whether the registry has a signature of an image by a key. */
  isSigned: (name: string, digest: string, key: string) => boolean;
}

export interface RuleModel {
  settings: JsonObject;
  images: PatternModel[];
  exclude: PatternModel[];
  namespaces: string[];
  warns: boolean;
  verifier: string;
  /** Names of the signers that the host is asked for one by one, or of all in one question. */
  questions: string[];
  needed: number;
  /** The keys, and how many of them must have signed. */
  keys: string[];
  threshold: number;
}

export const DIGESTS = { a: digest("a"), b: digest("b") };

const repositories = [
  {
    host: "docker.io",
    path: "library/nginx",
    spelt: ["nginx", "library/nginx", "docker.io/nginx"],
  },
  { host: "docker.io", path: "team/app", spelt: ["team/app", "index.docker.io/team/app"] },
  { host: "ghcr.io", path: "team/app", spelt: ["ghcr.io/team/app", "GHCR.IO:443/team/app"] },
  { host: "ghcr.io", path: "team/sandbox/x", spelt: ["ghcr.io/team/sandbox/x"] },
  { host: "evil.io", path: "docker.io/library/nginx", spelt: ["evil.io/docker.io/library/nginx"] },
  { host: "evil.io", path: "ghcr.io/team/app", spelt: ["Evil.io/ghcr.io/team/app"] },
  { host: "nginx.evil.io", path: "x", spelt: ["nginx.evil.io/x"] },
];

export const image: fc.Arbitrary<Image> = fc
  .record({
    repository: fc.constantFrom(...repositories),
    spelling: fc.nat(2),
    tag: fc.constantFrom(undefined, "1.0", "dev", "latest"),
    digest: fc.constantFrom(undefined, undefined, DIGESTS.a, DIGESTS.b),
  })
  .map(({ repository: { host, path, spelt }, spelling, tag, digest }) => {
    const name = spelt[spelling % spelt.length]!;
    const text = `${name}${tag ? `:${tag}` : ""}${digest ? `@${digest}` : ""}`;
    return { host, path, tag, digest, text };
  });

export const nameOf = ({ host, path }: Image) => `${host}/${path}`;

/** The image in the one spelling in which the host is asked. */
export function canonical(image: Image): string {
  const { tag, digest } = image;
  return `${nameOf(image)}${digest ? `@${digest}` : `:${tag ?? "latest"}`}`;
}

const named = (matches: (image: Image) => boolean) => matches;
const tagged = (tag: string, matches: (image: Image) => boolean) => (image: Image, sense: Sense) =>
  matches(image) && (image.digest ? sense !== "narrow" : (image.tag ?? "latest") === tag);

const isNginx = named(({ host, path }) => host === "docker.io" && path === "library/nginx");
const isApp = named(({ host, path }) => host === "ghcr.io" && path === "team/app");

const patterns: PatternModel[] = [
  { text: "*", matches: () => true },
  { text: "ghcr.io/*", matches: ({ host }) => host === "ghcr.io" },
  { text: "GHCR.io:443/team/*", matches: ({ host }) => host === "ghcr.io" },
  { text: "docker.io/*", matches: ({ host }) => host === "docker.io" },
  { text: "nginx", matches: isNginx },
  { text: "registry-1.docker.io/library/nginx", matches: isNginx },
  // Meant for the Hub's short names, and in doubt for a host that is called so.
  {
    text: "nginx*",
    matches: (image, sense) =>
      isNginx(image) || (sense === "may" && image.host === "nginx.evil.io"),
  },
  { text: "nginx:dev", matches: tagged("dev", isNginx) },
  { text: "ghcr.io/team/app:dev", matches: tagged("dev", isApp) },
  { text: "ghcr.io/team/app:latest", matches: tagged("latest", isApp) },
  { text: "ghcr.io/*/sandbox/?", matches: ({ path }) => path === "team/sandbox/x" },
  { text: "*/docker.io/*", matches: ({ host, path }) => host === "evil.io" && path[0] === "d" },
  { text: "quay.io/*", matches: () => false },
];

const pattern = fc.constantFrom(...patterns);
const signerSets = fc.uniqueArray(fc.constantFrom(...SIGNERS), { minLength: 1 });
const verifiers = fc.constantFrom("host", "host", "policy", "both");

type Signing = "settings" | "verifier" | "questions" | "needed" | "keys" | "threshold";
const signers: fc.Arbitrary<Pick<RuleModel, Signing>> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(signerSets, fc.nat(3), fc.boolean(), verifiers)
      .map(([signers, less, doubled, verifier]) => {
        const keys = signers.map(({ pem }) => pem);
        const threshold = Math.max(1, keys.length - less);
        const each = threshold < keys.length;
        return {
          settings: { pubKeys: doubled ? [...keys, keys[0]!] : keys, threshold, verifier },
          verifier,
          questions: each ? keys : [keys.join()],
          needed: each ? threshold : 1,
          keys,
          threshold,
        };
      }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("one", "two").map((owner) => ({
      settings: { githubActions: { owner }, verifier: "host" },
      verifier: "host",
      questions: [owner],
      needed: 1,
      keys: [],
      threshold: 0,
    })),
  },
);

export const rule: fc.Arbitrary<RuleModel> = fc
  .record({
    images: fc.array(pattern, { minLength: 1, maxLength: 2 }),
    exclude: fc.oneof(fc.constant<PatternModel[]>([]), fc.array(pattern, { maxLength: 2 })),
    namespaces: fc.constantFrom<string[]>([], [], ["shop"], ["test-*"], ["sho?", "x"]),
    warns: fc.constantFrom(false, false, true),
    signers,
  })
  .map(({ images, exclude, namespaces, warns, signers: { settings, ...signing } }) => ({
    ...signing,
    images,
    exclude,
    namespaces,
    warns,
    settings: {
      image: images.map(({ text }) => text),
      exclude: exclude.map(({ text }) => text),
      namespaces,
      onFailure: warns ? "warn" : "reject",
      ...settings,
    },
  }));

/** Whether a rule is for an image of the namespace `shop`. */
export function isFor({ images, exclude, namespaces }: RuleModel, image: Image): boolean {
  const here = namespaces.length === 0 || namespaces.some((one) => one.startsWith("sho"));
  const matched = images.some(({ matches }) => matches(image, "may"));
  return here && matched && !exclude.some(({ matches }) => matches(image, "narrow"));
}

/** The digest by which an image meets a rule; undefined if it does not. */
export function meets(rule: RuleModel, image: Image, world: World): string | undefined {
  if (rule.verifier === "host") return byHost(rule, image, world);
  const found = byPolicy(rule, image, world);
  if (rule.verifier === "policy") return found;
  return found === byHost(rule, image, world) ? found : undefined;
}

/** The same, by what the host says. */
function byHost({ questions, needed }: RuleModel, image: Image, { host }: World) {
  const words = questions.map((question) => host(canonical(image), question));
  const denied = words.indexOf("denied");
  const asked = denied < 0 ? words : words.slice(0, denied);
  const trusted = asked.flatMap((word) => (word === "a" || word === "b" ? [DIGESTS[word]] : []));
  const counted = trusted.slice(0, needed);
  const one = image.digest ?? counted[0];
  return counted.length === needed && counted.every((each) => each === one) ? one : undefined;
}

/** The same, by what signatures there are. */
function byPolicy({ keys, threshold }: RuleModel, image: Image, { digestOf, isSigned }: World) {
  const digest = image.digest ?? digestOf(canonical(image));
  if (!digest) return undefined;
  const signed = keys.filter((key) => isSigned(nameOf(image), digest, key));
  return signed.length >= threshold ? digest : undefined;
}

/** What becomes of an image: the digest that is pinned, nothing to pin, or a rejection. */
export function judge(
  image: Image,
  rules: RuleModel[],
  unmatched: string,
  world: World,
): { accepted: boolean; pin: string | undefined } {
  const selected = rules.filter((one) => isFor(one, image));
  const known = selected.some(({ images, warns }) =>
    images.some(({ matches }) => matches(image, warns ? "narrow" : "means")),
  );
  const outcomes = selected.map((one) => ({ ...one, digest: meets(one, image, world) }));
  const met = outcomes.filter(({ digest }) => digest !== undefined);
  const agree = met.every(({ digest }) => digest === met[0]!.digest);
  const accepted =
    (known || unmatched !== "reject") &&
    outcomes.every(({ warns, digest }) => warns || digest !== undefined) &&
    (agree || met.every(({ warns }) => warns));
  const pin = accepted && agree && !image.digest ? met[0]?.digest : undefined;
  return { accepted, pin };
}
