import { Result } from "../failure";
import { Text } from "../sdk";
import { Need, TrustedWitnesses } from "../sigstore/witnesses";
import { Candidate } from "./candidate";
import { Inquiry } from "./inquiry";

/**
 * The times at which a signature is known to have been there, in seconds since 1970: as logs and authorities of time prove
 * them or, for want of any, now. What must hold when it was made must hold at every one of them.
 *
 * @param keys DER of what an entry may name as the signer's key: a SubjectPublicKeyInfo, or a certificate
 * @param needs what must be proven; what is there of trusted ones must be good in any case
 */
export function provenTimes(
  candidate: Candidate,
  keys: Array<Text>,
  trusted: TrustedWitnesses,
  needs: Need,
  inquiry: Inquiry,
): Result<Array<i64>> {
  const found = candidate.times(keys, trusted, needs, inquiry.now(), inquiry.work);
  const times = found.value;
  return times && times.length == 0 ? Result.ok<Array<i64>>([inquiry.now()]) : found;
}
