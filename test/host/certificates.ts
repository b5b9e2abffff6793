import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto as unknown as Crypto);

export interface Made {
  pem: string;
  keyPem: string;
  certificate: x509.X509Certificate;
  keys: CryptoKeyPair;
}

export interface Wanted {
  name: string;
  /** Signed by itself if left out. */
  issuer?: Made;
  ca?: boolean;
  ip?: string;
  email?: string;
  codeSigning?: boolean;
  usage?: x509.KeyUsageFlags | null;
  /** Days from now. */
  from?: number;
  to?: number;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;

/** Makes a key and a certificate for it. */
export async function makeCertificate(wanted: Wanted): Promise<Made> {
  const { name, issuer, ca = false, ip, email, codeSigning = false, from = -1, to = 30 } = wanted;
  const fallback = ca ? x509.KeyUsageFlags.keyCertSign : x509.KeyUsageFlags.digitalSignature;
  const { usage = fallback } = wanted;
  const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, [
    "sign",
    "verify",
  ])) as CryptoKeyPair;
  const extensions: x509.Extension[] = [new x509.BasicConstraintsExtension(ca, undefined, true)];
  if (usage !== null) extensions.push(new x509.KeyUsagesExtension(usage, true));
  if (codeSigning) {
    extensions.push(new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.codeSigning]));
  }
  const names: x509.JsonGeneralNames = [];
  if (ip) names.push({ type: "ip", value: ip });
  if (email) names.push({ type: "email", value: email });
  if (names.length > 0) extensions.push(new x509.SubjectAlternativeNameExtension(names));
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    notBefore: new Date(Date.now() + from * DAY_MS),
    notAfter: new Date(Date.now() + to * DAY_MS),
    signingKey: (issuer?.keys ?? keys).privateKey,
    publicKey: keys.publicKey,
    signingAlgorithm: ALGORITHM,
    extensions,
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  const keyPem = x509.PemConverter.encode(pkcs8, "PRIVATE KEY");
  return { pem: certificate.toString("pem"), keyPem, certificate, keys };
}
