import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { sessionNames, sessionText } from "../host/fixtures.js";
import { callJson } from "../sdk/units.js";
import { signedImage, signedImages, SIMPLE_SIGNING } from "./cosign.js";

interface ReadLayer {
  digest: string;
  signature: string;
  hasCertificate: boolean;
  certificate: string;
  chain: string[] | string;
  bundle: string | null;
}

interface ReadManifest {
  failure?: string;
  layers?: ReadLayer[];
  failures?: string[];
}

const read = (manifest: unknown) => callJson<ReadManifest>("signature_manifest", manifest);

const SIGNATURE = "dev.cosignproject.cosign/signature";
const CERTIFICATE = "dev.sigstore.cosign/certificate";
const CHAIN = "dev.sigstore.cosign/chain";
const BUNDLE = "dev.sigstore.cosign/bundle";

const MALFORMED = "the .sig manifest makes no sense [signature-manifest-malformed]";
const KIND = "the .sig tag names something else than a manifest [signature-manifest-kind]";

const hex = (base64: string) => Buffer.from(base64, "base64").toString("hex");
const hexes = (pems = "") =>
  (pems.match(/-----BEGIN[^]+?-----END.*/g) ?? []).map((pem) =>
    new X509Certificate(pem).raw.toString("hex"),
  );

describe("a .sig manifest", () => {
  // What the fixtures' signatures that cannot even be decoded are refused with.
  const broken: Record<string, string> = {
    "k-empty": "layer 1 has no signature among its annotations [signature-malformed]",
    "k-no-annotation": "layer 1 has no signature among its annotations [signature-malformed]",
    "k-newline": "its signature is not base64 [signature-malformed]",
    "k-no-padding": "its signature is not base64 [signature-malformed]",
    "k-truncated-b64": "its signature is not base64 [signature-malformed]",
    "k-url-b64": "its signature is not base64 [signature-malformed]",
  };

  test.each(signedImages)("of cosign's: $name", ({ name, manifest, layers }) => {
    const signatures = layers.filter(({ mediaType }) => mediaType === SIMPLE_SIGNING);
    const failed = broken[name]?.startsWith("layer");
    expect(read(manifest)).toEqual({
      layers: (failed ? [] : signatures).map(({ digest, annotations }) => ({
        digest,
        signature: broken[name] ?? hex(annotations[SIGNATURE]!),
        hasCertificate: CERTIFICATE in annotations,
        certificate:
          hexes(annotations[CERTIFICATE])[0] ?? "it has no certificate [certificate-malformed]",
        chain: hexes(annotations[CHAIN]),
        bundle: annotations[BUNDLE] ?? null,
      })),
      failures: failed ? [broken[name]] : [],
    });
  });

  test("with a layer of another media type: cosign takes it, policy-server's host and we do not", () => {
    expect(read(signedImage("k-layer-mediatype").manifest)).toEqual({ layers: [], failures: [] });
  });
});

describe("as policy-server's host gives it", () => {
  const answer = (session: string) => {
    const [exchange] = parse(sessionText(session)) as { response: { payload: string } }[];
    return read(exchange!.response.payload);
  };
  const signed = signedImages.filter(({ name }) => sessionNames.includes(`oci-manifest--${name}`));

  test.each(signed)("$name", ({ name, manifest }) => {
    expect(answer(`oci-manifest--${name}`)).toEqual(read(manifest));
  });

  test.each(["image-index", "referrers-fallback-index"])("%s", (name) => {
    expect(answer(`oci-manifest--${name}`)).toEqual({ failure: KIND });
  });

  test("there are enough of them", () => {
    expect(signed.length).toBeGreaterThan(6);
  });
});

const DIGEST = `sha256:${"0".repeat(64)}`;
const layer = (annotations: object = {}, rest: object = {}) => ({
  mediaType: SIMPLE_SIGNING,
  digest: DIGEST,
  size: 1,
  annotations: { [SIGNATURE]: "AA==", ...annotations },
  ...rest,
});
const OCI = "application/vnd.oci.image.manifest.v1+json";
const manifest = (layers: unknown, rest: object = {}) => ({
  schemaVersion: 2,
  mediaType: OCI,
  layers,
  ...rest,
});

describe("as a whole", () => {
  test.each<[string, unknown, string | null]>([
    ["OCI", manifest([layer()]), null],
    [
      "Docker",
      manifest([layer()], { mediaType: "application/vnd.docker.distribution.manifest.v2+json" }),
      null,
    ],
    ["without a media type", manifest([layer()], { mediaType: undefined }), null],
    ["without layers in its list", manifest([]), null],
    ["64 layers", manifest(Array(64).fill(layer())), null],
    [
      "65 layers",
      manifest(Array(65).fill(layer())),
      "the .sig manifest has more than 64 layers [too-many-layers]",
    ],
    [
      "65 layers, no signature among them",
      manifest(Array(65).fill({})),
      "the .sig manifest has more than 64 layers [too-many-layers]",
    ],
    [
      "more than 4 MiB",
      " ".repeat(4 << 20) + JSON.stringify(manifest([])),
      "the .sig manifest has more than 4 MiB [signature-manifest-too-large]",
    ],
    [
      "an OCI index",
      manifest(undefined, { mediaType: "application/vnd.oci.image.index.v1+json", manifests: [] }),
      KIND,
    ],
    [
      "a Docker list",
      manifest([layer()], {
        mediaType: "application/vnd.docker.distribution.manifest.list.v2+json",
      }),
      KIND,
    ],
    [
      "a manifest of old",
      manifest([layer()], { mediaType: "application/vnd.docker.distribution.manifest.v1+json" }),
      KIND,
    ],
    ["a media type that is no string", manifest([layer()], { mediaType: null }), KIND],
    ["both a manifest and an index", manifest([layer()], { manifests: [] }), KIND],
    ["no layers", manifest(undefined), MALFORMED],
    ["layers that are no list", manifest({}), MALFORMED],
    ["a list", [manifest([layer()])], MALFORMED],
    ["nothing", "", MALFORMED],
    ["half of it", JSON.stringify(manifest([layer()])).slice(0, -1), MALFORMED],
    [
      "its layers twice",
      JSON.stringify(manifest([layer()])).replace('"layers"', '"layers":[],"layers"'),
      MALFORMED,
    ],
    [
      "its media type twice",
      JSON.stringify(manifest([layer()])).replace(
        '"mediaType"',
        `"mediaType":"${OCI}","mediaType"`,
      ),
      MALFORMED,
    ],
  ])("%s", (_, document, failure) => {
    const answer = read(document);
    expect(answer.failure ?? null).toBe(failure);
    expect(answer.failures ?? []).toEqual([]);
  });
});

describe("a layer", () => {
  const twice = (key: string) =>
    JSON.stringify(manifest([layer(), layer()])).replace(`"${key}"`, `"${key}":"x","${key}"`);

  test.each<[string, unknown, string]>([
    ["is no object", manifest([1, layer()]), "is no object [layer-malformed]"],
    [
      "has no digest",
      manifest([layer({}, { digest: undefined }), layer()]),
      "has no digest that is sha256: and 64 hex digits [layer-malformed]",
    ],
    [
      "has a digest in upper case",
      manifest([layer({}, { digest: `sha256:${"A".repeat(64)}` }), layer()]),
      "has no digest that is sha256: and 64 hex digits [layer-malformed]",
    ],
    [
      "has a digest of another algorithm",
      manifest([layer({}, { digest: `sha512:${"0".repeat(128)}` }), layer()]),
      "has no digest that is sha256: and 64 hex digits [layer-malformed]",
    ],
    [
      "has a number for a media type",
      manifest([layer({}, { mediaType: 1 }), layer()]),
      "has something else where a string must be [layer-malformed]",
    ],
    [
      "has no annotations",
      manifest([layer({}, { annotations: undefined }), layer()]),
      "has no signature among its annotations [signature-malformed]",
    ],
    [
      "has annotations that are a list",
      manifest([layer({}, { annotations: [SIGNATURE, "AA=="] }), layer()]),
      "has no signature among its annotations [signature-malformed]",
    ],
    [
      "has a number for a signature",
      manifest([layer({ [SIGNATURE]: 1 }), layer()]),
      "has something else where a string must be [layer-malformed]",
    ],
    [
      "has a certificate that is null",
      manifest([layer({ [CERTIFICATE]: null }), layer()]),
      "has something else where a string must be [layer-malformed]",
    ],
    [
      "has a bundle that is an object",
      manifest([layer({ [BUNDLE]: {} }), layer()]),
      "has something else where a string must be [layer-malformed]",
    ],
    [
      "has an annotation of 64 KiB and one byte",
      manifest([layer({ [BUNDLE]: "b".repeat(65_537) }), layer()]),
      "has an annotation of more than 64 KiB [annotation-too-large]",
    ],
    ["has its digest twice", twice("digest"), "has a key twice [layer-malformed]"],
    ["has its annotations twice", twice("annotations"), "has a key twice [layer-malformed]"],
    ["has its signature twice", twice(SIGNATURE), "has a key twice [layer-malformed]"],
  ])("that %s spoils no other", (_, document, failure) => {
    const { layers, failures } = read(document);
    expect(failures).toEqual([`layer 1 ${failure}`]);
    expect(layers).toMatchObject([{ digest: DIGEST, signature: "00" }]);
  });

  test("may have 64 KiB in an annotation, and annotations that nobody asks for", () => {
    const annotations = { [BUNDLE]: "b".repeat(65_536), more: "x".repeat(100_000), number: 1 };
    expect(read(manifest([layer(annotations)]))).toMatchObject({
      layers: [{ bundle: annotations[BUNDLE] }],
      failures: [],
    });
  });

  test("takes an empty certificate, chain or bundle for none, as cosign does", () => {
    expect(read(manifest([layer({ [CERTIFICATE]: "", [CHAIN]: "", [BUNDLE]: "" })]))).toMatchObject(
      {
        layers: [{ hasCertificate: false, chain: [], bundle: null }],
      },
    );
  });
});

describe("certificates of a layer", () => {
  const { annotations } = signedImage("l-fulcio-email").layers[0]!;
  const certificate = annotations[CERTIFICATE]!;
  const chain = annotations[CHAIN]!;
  const readCertificates = (changes: object) =>
    read(manifest([layer({ ...annotations, ...changes })])).layers![0]!;

  test.each<[string, string, string]>([
    [
      "is a bare public key",
      certificate.replaceAll("CERTIFICATE", "PUBLIC KEY"),
      "its certificate is not one: its PEM must say BEGIN CERTIFICATE [certificate-malformed]",
    ],
    [
      "is two",
      certificate + certificate,
      "its certificate has more than one PEM block: each must be an item of its own [certificate-malformed]",
    ],
    [
      "is no PEM",
      "certificate",
      "its certificate is not PEM: it has no line -----BEGIN ...----- [certificate-malformed]",
    ],
    [
      "is no certificate",
      "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
      "its certificate is not a certificate: its DER is broken [certificate-malformed]",
    ],
  ])("one that %s", (_, pem, failure) => {
    expect(readCertificates({ [CERTIFICATE]: pem }).certificate).toBe(failure);
    expect(readCertificates({ [CERTIFICATE]: certificate, [CHAIN]: pem }).certificate).toBe(
      hexes(certificate)[0],
    );
  });

  test("a chain of 8, and of 9", () => {
    const ders = hexes(certificate);
    expect(readCertificates({ [CHAIN]: certificate.repeat(8) }).chain).toEqual(
      Array(8).fill(ders[0]),
    );
    expect(readCertificates({ [CHAIN]: certificate.repeat(9) }).chain).toBe(
      "its chain has more than 8 certificates [too-many-certificates]",
    );
  });

  test("a chain with a broken one is broken", () => {
    const cut = certificate.replace("-----END CERTIFICATE-----", "");
    const other = certificate.replaceAll("CERTIFICATE", "PUBLIC KEY");
    const failure = / \[certificate-malformed\]$/;
    for (const broken of [cut, other]) {
      expect(readCertificates({ [CHAIN]: broken + chain }).chain).toMatch(failure);
      expect(readCertificates({ [CHAIN]: chain + broken }).chain).toMatch(failure);
    }
    expect(readCertificates({ [CHAIN]: `${chain}more` }).chain).toMatch(failure);
    expect(readCertificates({ [CHAIN]: "more" }).chain).toMatch(failure);
  });

  test("words before a chain are none of it", () => {
    expect(readCertificates({ [CHAIN]: `The chain:\n${chain}` }).chain).toEqual(hexes(chain));
  });
});
