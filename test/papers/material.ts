import { contentBytes } from "../../host/registry/fixture.js";
import { readFixture } from "../host/fixtures.js";

const { files: keyFiles } = readFixture("b-three-keys.json");

/** Public keys in PEM. */
export const keys = ["a1", "b2", "b3"].map((name) =>
  contentBytes(keyFiles[`keys/${name}.pub`]!).toString(),
);

const { files: certificateFiles } = readFixture("g-cert-valid.json");

/** A certificate in PEM, and the ones above it. */
export const certificate = contentBytes(certificateFiles["keys/leaf.pem"]!).toString();
