import { contentBytes } from "../../host/registry/fixture.js";
import { readSeed } from "../../tools/seed.js";
import { readFixture, readFixtures } from "../host/fixtures.js";

/** The DER of the certificates in a PEM text. */
export function fromPem(text: string): Buffer[] {
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, base64]) => Buffer.from(base64!, "base64"));
}

/** The certificates in the files of all fixtures, each once, by `fixture file`. */
export function fixtureCertificates(): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const seen = new Set<string>();
  for (const { name, files } of readFixtures()) {
    for (const [file, content] of Object.entries(files)) {
      for (const der of fromPem(contentBytes(content).toString())) {
        const hex = der.toString("hex");
        if (!seen.has(hex)) found.set(`${name} ${file}`, der);
        seen.add(hex);
      }
    }
  }
  return found;
}

/** The certificates in one file of a fixture. */
export function fixtureFile(name: string, file: string): Buffer[] {
  return fromPem(contentBytes(readFixture(`${name}.json`).files[file]!).toString());
}

/** The certificates of Sigstore's public instance. */
export function sigstoreCertificates(): Buffer[] {
  return readSeed().certificateAuthorities.flatMap(({ certChain }) =>
    certChain.certificates.map(({ rawBytes }) => Buffer.from(rawBytes, "base64")),
  );
}
