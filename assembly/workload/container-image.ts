import { Failure } from "../failure";
import { Reference } from "../image/reference";
import { SHOWN_IMAGE_BYTES } from "../limits";
import { Builder, NONE, Text } from "../sdk";

/** Longest name of a container that messages show: Kubernetes allows 63 bytes. */
const SHOWN_NAME_BYTES = 63;

/** An image that a workload names, and where. */
export class ContainerImage {
  /** Token of the image's string in the request, or NONE. */
  token: i32 = NONE;
  /** The image as it was written. */
  text: Text = new Text(0, 0);
  /** What it refers to, unless there is a failure. */
  reference: Reference | null = null;
  failure: Failure | null = null;
  /** Whether the same container had the same image before this request. */
  unchanged: bool = false;

  constructor(
    /** `containers`, `initContainers`, `ephemeralContainers` or `volumes`. */
    readonly list: string,
    /** Its place in that list, from 0. */
    readonly index: i32,
    /** The container's or volume's name; empty if it has none. */
    readonly name: Text,
  ) {}

  /** `containers[1] "web" image "nginx:1.25"` */
  write(to: Builder): void {
    this.writeShort(to);
    if (this.name.length > 0) to.ascii(' "').plain(this.name, SHOWN_NAME_BYTES).byte(0x22);
    if (this.token == NONE) return;
    to.ascii(' image "').plain(this.text, SHOWN_IMAGE_BYTES).byte(0x22);
  }
  /** `containers[1]` */
  writeShort(to: Builder): void {
    to.ascii(this.list).byte(0x5b).int(this.index).byte(0x5d);
  }
}
