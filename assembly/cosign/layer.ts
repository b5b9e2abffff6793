import { decodeBase64 } from "../crypto/base64";
import { certificateProblem } from "../crypto/certificate";
import { Pem } from "../crypto/pem";
import { Code, Failure, Result } from "../failure";
import { CHAIN_CERTIFICATES } from "../limits";
import { Builder, Text } from "../sdk";

/**
 * A signature as cosign keeps it in a `.sig` manifest (SIGNATURE_SPEC.md): one layer, its digest that of the payload,
 * all else in annotations. Each is decoded when it is asked for, and counts for nothing until it has been verified.
 */
export class Layer {
  constructor(
    /** `sha256:` and 64 hex digits. */
    readonly digest: Text,
    private readonly signatureText: Text,
    /** PEM of the signer's certificate, if there is one. */
    private readonly certificateText: Text | null,
    /** PEMs of the certificates between it and a root, the root perhaps included. */
    private readonly chainText: Text | null,
    /** JSON of the log's entry, for `LogEntry.read`. */
    readonly bundle: Text | null,
  ) {}

  get hasCertificate(): bool {
    return this.certificateText != null;
  }

  /** The signature's bytes. */
  signature(): Result<Text> {
    const bytes = decodeBase64(this.signatureText);
    if (bytes) return Result.ok<Text>(bytes);
    return Result.fail<Text>(Code.SignatureMalformed, "its signature is not base64");
  }

  /** DER of the signer's certificate. A failure too if there is none. */
  certificate(): Result<Text> {
    const text = this.certificateText;
    if (!text) return badCertificate(Text.of("it has no certificate"));
    // A bare public key in this place would vouch for itself.
    return decodeCertificate(text);
  }

  /** DER of the certificates of the chain, in their order; empty if there is none. */
  chain(): Result<Array<Text>> {
    const ders: Array<Text> = [];
    const text = this.chainText;
    if (!text) return Result.ok<Array<Text>>(ders);
    for (let at = 0; at < text.length;) {
      const next = text.find("-----BEGIN ", text.find("-----BEGIN ", at) + 1);
      const end = next < 0 ? text.length : next;
      if (ders.length == CHAIN_CERTIFICATES) {
        return Result.fail<Array<Text>>(
          Code.TooManyCertificates,
          "its chain has more than 8 certificates",
        );
      }
      const read = decodeCertificate(text.slice(at, end));
      const der = read.value;
      if (!der) return Result.failure<Array<Text>>(read.failure!);
      ders.push(der);
      at = end;
    }
    return Result.ok<Array<Text>>(ders);
  }
}

function decodeCertificate(text: Text): Result<Text> {
  const pem = Pem.parse(text);
  let problem = pem.problem;
  if (problem.length == 0) {
    problem = pem.label.is("CERTIFICATE")
      ? certificateProblem(pem.der)
      : "is not one: its PEM must say BEGIN CERTIFICATE";
  }
  if (problem.length == 0) return Result.ok<Text>(pem.der);
  return badCertificate(new Builder().ascii("its certificate ").ascii(problem).view());
}

function badCertificate(detail: Text): Result<Text> {
  return Result.failure<Text>(new Failure(Code.CertificateMalformed, detail));
}
