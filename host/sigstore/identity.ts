import { AsnConvert } from "@peculiar/asn1-schema";
import { Certificate, id_ce_subjectAltName, SubjectAlternativeName } from "@peculiar/asn1-x509";

/** Whom a certificate of a Sigstore CA is for. */
export interface Identity {
  subject: string;
  /** Is the subject a URI? Else it is an e-mail address. */
  isUri: boolean;
  /** Who vouched for the subject. */
  issuer: string | undefined;
  /** `owner/repo` of the GitHub workflow, if it is one. */
  repository: string | undefined;
}

// Sigstore's extensions, from before they were encoded: their value is the text itself.
const ISSUER = "1.3.6.1.4.1.57264.1.1";
const WORKFLOW_REPOSITORY = "1.3.6.1.4.1.57264.1.5";

/**
 * Reads the identity in a certificate: as policy-server's host does, the first e-mail address or URI
 * among its names, and the issuer in the extension that cosign compares too.
 */
export function certificateIdentity(der: Buffer): Identity {
  const { extensions = [] } = AsnConvert.parse(der, Certificate).tbsCertificate;
  const value = (id: string) => extensions.find(({ extnID }) => extnID === id)?.extnValue;
  const text = (id: string) => {
    const bytes = value(id);
    return bytes && new TextDecoder("utf-8", { fatal: true }).decode(bytes.buffer);
  };
  const names = value(id_ce_subjectAltName);
  const name = (names ? AsnConvert.parse(names, SubjectAlternativeName) : []).find(
    ({ rfc822Name, uniformResourceIdentifier }) => rfc822Name ?? uniformResourceIdentifier,
  );
  if (!name) throw new Error("the certificate has no e-mail address and no URI");
  return {
    subject: name.rfc822Name ?? name.uniformResourceIdentifier ?? "",
    isUri: name.rfc822Name === undefined,
    issuer: text(ISSUER),
    repository: text(WORKFLOW_REPOSITORY),
  };
}
