import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { contentBytes } from "../../host/registry/fixture.js";
import { readSeed } from "../../tools/seed.js";
import { digestOf, signedImage } from "./cosign.js";
import { ask, type Answer, type Bundle, type Question } from "./log.js";

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64");
const spki = (key: KeyObject) => key.export({ type: "spki", format: "der" });
const pemDer = (pem: string) => pem.replace(/-----[A-Z ]+-----|\s/g, "");

const rekor = readSeed().tlogs.map((log) => log.publicKey.rawBytes);

interface Body {
  spec: { signature: { content: string; publicKey: { content: string } } };
}

/** Entries of the public log, with what they are about. */
const publicEntries = (
  JSON.parse(readFileSync(new URL("../fixtures/rekor-entries.json", import.meta.url), "utf8")) as {
    entries: { payload: string; bundle: Bundle }[];
  }
).entries.map(({ payload, bundle }) => {
  const { spec } = JSON.parse(Buffer.from(bundle.Payload.body, "base64").toString()) as Body;
  return {
    bundle,
    question: {
      bundle: JSON.stringify(bundle),
      keys: rekor,
      digest: digestOf(payload),
      signature: spec.signature.content,
      key: pemDer(Buffer.from(spec.signature.publicKey.content, "base64").toString()),
    },
  };
});

describe("an entry of the public log", () => {
  test.each(publicEntries)(
    "proves what it says: $bundle.Payload.logIndex",
    ({ bundle, question }) => {
      expect(ask(question)).toEqual({
        time: bundle.Payload.integratedTime,
        verify: null,
        names: null,
      });
    },
  );

  const { bundle, question } = publicEntries[0]!;
  const asWith = (payload: Partial<Bundle["Payload"]>, timestamp = bundle.SignedEntryTimestamp) =>
    ask({
      ...question,
      bundle: JSON.stringify({
        SignedEntryTimestamp: timestamp,
        Payload: { ...bundle.Payload, ...payload },
      }),
    });

  /** Every way to have one byte of base64's contents changed. */
  function flipped(text: string): string[] {
    return [...Buffer.from(text, "base64").keys()].map((at) => {
      const bytes = Buffer.from(text, "base64");
      bytes[at]! ^= 1 << (at % 8);
      return bytes.toString("base64");
    });
  }

  test("is not verified with any byte of the log's signature changed", () => {
    for (const timestamp of flipped(bundle.SignedEntryTimestamp)) {
      expect(asWith({}, timestamp).verify).toBe("log-signature-invalid");
    }
  });

  test("is not verified with any byte of its body changed", () => {
    for (const body of flipped(bundle.Payload.body)) {
      expect(asWith({ body }).verify).toBe("log-signature-invalid");
    }
  });

  test("is of another log with any digit of the log's ID changed", () => {
    const { logID } = bundle.Payload;
    for (let i = 0; i < logID.length; i++) {
      const other = logID.slice(0, i) + (logID[i] === "0" ? "1" : "0") + logID.slice(i + 1);
      expect(asWith({ logID: other }).verify).toBe("log-unknown");
    }
  });

  test("is not verified with any digit of its time or place changed", () => {
    for (const name of ["integratedTime", "logIndex"] as const) {
      const digits = String(bundle.Payload[name]);
      for (let i = 0; i < digits.length; i++) {
        const digit = (Number(digits[i]) % 9) + 1;
        const other = Number(digits.slice(0, i) + String(digit) + digits.slice(i + 1));
        expect(asWith({ [name]: other }).verify).toBe("log-signature-invalid");
      }
    }
  });

  test("is not verified with the promise about another", () => {
    expect(asWith({}, publicEntries[1]!.bundle.SignedEntryTimestamp).verify).toBe(
      "log-signature-invalid",
    );
  });

  test("holds only while the log signed with its key, ends included", () => {
    const time = bundle.Payload.integratedTime;
    const within = (from: number, until: number) => ask({ ...question, from, until }).verify;
    expect(within(time, time)).toBe(null);
    expect(within(time + 1, time + 2)).toBe("log-key-expired");
    expect(within(0, time - 1)).toBe("log-key-expired");
  });

  test("needs its log's key among those that are trusted", () => {
    const other = base64(spki(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey));
    expect(ask({ ...question, keys: [] }).verify).toBe("log-unknown");
    expect(ask({ ...question, keys: [other] }).verify).toBe("log-unknown");
    expect(ask({ ...question, keys: [other, ...rekor] }).verify).toBe(null);
  });

  test("is about one payload, one signature, one key", () => {
    const other = publicEntries[1]!.question;
    expect(ask({ ...question, digest: digestOf("") }).names).toBe("log-entry-payload");
    expect(ask({ ...question, digest: question.digest.replace("sha256", "sha512") }).names).toBe(
      "log-entry-payload",
    );
    expect(ask({ ...question, signature: other.signature }).names).toBe("log-entry-signature");
    expect(ask({ ...question, key: base64("key") }).names).toBe("log-entry-key");
  });
});

describe("an entry of a private log", () => {
  const names = [
    "l-rekor-key",
    "l-rekor-bad-set",
    "l-rekor-other-key",
    "l-rekor-other-log",
    "l-rekor-other-sig",
    "l-rekor-wrong-hash",
    "l-fulcio-email",
    "l-fulcio-uri",
    "l-fulcio-early",
    "l-fulcio-late",
    "l-fulcio-other-ca",
  ];

  /** The entry of a fixture's signature, asked about that signature. */
  function askFixture(name: string, changes: Partial<Question> = {}): Answer {
    const { fixture, layers } = signedImage(name);
    const { digest, annotations } = layers[0]!;
    const file = (path: string) => contentBytes(fixture.files[path]!).toString();
    return ask({
      bundle: annotations["dev.sigstore.cosign/bundle"]!,
      keys: [pemDer(file("keys/rekor.pub"))],
      digest,
      signature: annotations["dev.cosignproject.cosign/signature"]!,
      key: pemDer(annotations["dev.sigstore.cosign/certificate"] ?? file("keys/a1.pub")),
      ...changes,
    });
  }

  /** What cosign 2.4.0 said, given the log's key. */
  const WRONG: Record<string, Answer> = {
    "l-rekor-bad-set": { verify: "log-signature-invalid" },
    "l-rekor-other-log": { verify: "log-unknown" },
    "l-rekor-other-key": { names: "log-entry-key" },
    "l-rekor-other-sig": { names: "log-entry-signature" },
    "l-rekor-wrong-hash": { names: "log-entry-payload" },
  };

  test.each(names)("%s", (name) => {
    expect(askFixture(name)).toMatchObject({ verify: null, names: null, ...WRONG[name] });
  });

  test("names a certificate, not the key in it", () => {
    const { annotations } = signedImage("l-fulcio-email").layers[0]!;
    const certificate = annotations["dev.sigstore.cosign/certificate"]!;
    const key = base64(spki(createPublicKey(certificate)));
    expect(askFixture("l-fulcio-email", { key }).names).toBe("log-entry-key");
  });
});
