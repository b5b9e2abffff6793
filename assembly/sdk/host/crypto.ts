import { Builder } from "../text/builder";
import { Text } from "../text/text";
import { callHost, HostAnswer } from "../wapc/host";
import { bytesAsNumbers } from "./bytes";
import * as names from "./names";

/**
 * Whether a certificate is trusted: `{"trusted": bool, "reason": "…"}`. Certificates are PEM.
 *
 * @param chain intermediates first, root last; if it is empty, the host's public roots count
 * @param notAfter RFC 3339 time to check the validity at; null for now
 */
export function isCertificateTrusted(
  certificate: Text,
  chain: Array<Text>,
  notAfter: Text | null,
): HostAnswer {
  const json = new Builder(1024).ascii('{"cert":');
  writeCertificate(json, certificate).ascii(',"cert_chain":');
  if (chain.length == 0) json.ascii("null");
  for (let i = 0; i < chain.length; i++) {
    writeCertificate(json.byte(i == 0 ? 0x5b : 0x2c), chain[i]);
  }
  if (chain.length > 0) json.byte(0x5d);
  json.ascii(',"not_after":');
  if (notAfter) json.json(notAfter);
  else json.ascii("null");
  const request = json.byte(0x7d).view();
  return callHost(names.binding(), names.crypto(), names.isCertificateTrusted(), request);
}

function writeCertificate(json: Builder, certificate: Text): Builder {
  return bytesAsNumbers(json.ascii('{"encoding":"Pem","data":'), certificate).byte(0x7d);
}
