import { Text } from "../sdk";
import { TufFiles } from "../tuf/files";

/** An item `notary-v1` of an evidence document. */
export class NotaryItem {
  constructor(
    /** Of which repository it says that it is; nothing proves that but the root's certificates. */
    readonly gun: Text,
    readonly files: TufFiles,
  ) {}
}
