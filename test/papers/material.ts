import { contentBytes } from "../../host/registry/fixture.js";
import { readFixture } from "../host/fixtures.js";

const { files: keyFiles } = readFixture("b-three-keys.json");

/** Public keys in PEM. */
export const keys = ["a1", "b2", "b3"].map((name) =>
  contentBytes(keyFiles[`keys/${name}.pub`]!).toString(),
);

const { files: certificateFiles } = readFixture("g-cert-valid.json");

/** A certificate in PEM. */
export const certificate = contentBytes(certificateFiles["keys/leaf.pem"]!).toString();

const { files: trustFiles } = readFixture("l-fulcio-email.json");

/** The certificates of an authority like Fulcio, root last, and the public key of a log like Rekor, in PEM. */
export const authority = contentBytes(trustFiles["keys/fulcio-chain.pem"]!)
  .toString()
  .match(/-----BEGIN[^]+?-----END[^\n]+/g)!;
export const logKey = contentBytes(trustFiles["keys/rekor.pub"]!).toString();

const { files: rootFiles } = readFixture("n-v3-fulcio-email.json");

/** A `trusted_root.json` of that kind, as text. */
export const trustedRoot = contentBytes(rootFiles["trusted-root.json"]!).toString();
