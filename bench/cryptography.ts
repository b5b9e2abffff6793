/// <reference lib="dom" />
import { createHash, generateKeyPairSync, sign, verify, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { ed25519 } from "@noble/curves/ed25519.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { Guest } from "../host/wapc.js";
import { timeTogether, type Timing } from "./timing.js";

// What verifying signatures costs in Node's WebAssembly engine, beside the same in JavaScript and in Node's OpenSSL.
// Ours and noble read the key with every signature; OpenSSL has read it before.

type Keys = { publicKey: KeyObject; privateKey: KeyObject };

/** Noble verifying a signature of the message with a key in DER, at whose end its point is. */
type Noble = (signature: Uint8Array, key: Uint8Array) => boolean;

const MESSAGE = Buffer.from("about as long as what is signed for an image. ".repeat(5));
const HASHES = ["sha256", "sha384", "sha512"];
const DER = { format: "der", lowS: false } as const;

const guest = Guest.load(readFileSync(process.argv[2] ?? "build/units.wasm"), {
  hostCall: () => new Uint8Array(),
});

const row = (...cells: string[]) => console.log(`| ${cells.join(" | ")} |`);
const us = ({ least, median }: Timing) => `${least.toFixed(1)} (${median.toFixed(1)})`;

/** Ours beside others, each with its name; the ratio is of the medians. */
function compare(title: string, ours: () => boolean, others: [string, () => boolean][]): void {
  const calls = [ours, ...others.map(([, call]) => call)];
  if (!calls.every((call) => call())) throw new Error(`${title}: not as it must be`);
  const [mine, ...theirs] = timeTogether(calls);
  theirs.forEach((timing, i) => {
    const ratio = `${(timing.median / mine!.median).toFixed(2)} × as fast`;
    row(title, us(mine!), others[i]![0], us(timing), ratio);
  });
}

function compareVerifying(title: string, keys: Keys, hash: string | null, noble?: Noble): void {
  const key = keys.publicKey.export({ type: "spki", format: "der" });
  const signature = sign(hash, MESSAGE, keys.privateKey);
  const question = Buffer.concat([
    // The scheme that the key is for, the hash, and no salt.
    Uint8Array.of(0, hash ? HASHES.indexOf(hash) : 0, 0, 0),
    ...[key, MESSAGE, signature].flatMap((part) => [lengthOf(part), part]),
  ]);
  const ours = () => Buffer.from(guest.call("verify_signature", question)).toString() == "valid";
  const others: [string, () => boolean][] = [
    ["OpenSSL", () => verify(hash, MESSAGE, keys.publicKey, signature)],
  ];
  if (noble) others.unshift(["noble", () => noble(signature, key)]);
  compare(`verify ${title}`, ours, others);
}

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return length;
}

const ec = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve });
const rsa = (modulusLength: number) => generateKeyPairSync("rsa", { modulusLength });

row("step", "ours, µs, least (median)", "beside", "µs, least (median)", "ratio of the medians");
row("---", "--:", "---", "--:", "--:");
compareVerifying("ECDSA P-256, SHA-256", ec("P-256"), "sha256", (signature, key) =>
  p256.verify(signature, MESSAGE, key.subarray(-65), DER),
);
compareVerifying("ECDSA P-384, SHA-384", ec("P-384"), "sha384", (signature, key) =>
  p384.verify(signature, MESSAGE, key.subarray(-97), DER),
);
compareVerifying("ECDSA P-521, SHA-512", ec("P-521"), "sha512", (signature, key) =>
  p521.verify(signature, MESSAGE, key.subarray(-133), DER),
);
compareVerifying("Ed25519", generateKeyPairSync("ed25519"), null, (signature, key) =>
  ed25519.verify(signature, MESSAGE, key.subarray(-32)),
);
compareVerifying("RSA 2048, PKCS #1, SHA-256", rsa(2048), "sha256");
compareVerifying("RSA 4096, PKCS #1, SHA-256", rsa(4096), "sha256");

const mebibyte = Buffer.alloc(1 << 20, "Z");
const ours = () => guest.call("sha256", mebibyte).length == 64;
const openssl = () => createHash("sha256").update(mebibyte).digest().length == 32;
compare("SHA-256 of 1 MiB", ours, [["OpenSSL", openssl]]);
