import { Text } from "../../assembly/sdk";

/** Field arithmetic and ECDSA, one by one; null if there is no such operation. */
export function callCurves(operation: Text, payload: Text): Text | null {
  return operation.length == 0 ? payload : null;
}
