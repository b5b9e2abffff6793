import { Code, Failure } from "../failure";
import { Reference } from "../image/reference";
import { IMAGES } from "../limits";
import { Builder, Document, Kind, NONE, Text } from "../sdk";
import { ContainerImage } from "./container-image";

/** The lists of a pod spec that name images, in the order in which they are looked at. */
const CONTAINER_LISTS: StaticArray<string> = [
  "initContainers",
  "containers",
  "ephemeralContainers",
];
const VOLUMES = "volumes";

/** All images of a pod spec. */
export class ImageLists {
  readonly images: Array<ContainerImage> = [];
  /** Why the lists cannot be read, if they cannot. */
  failure: Failure | null = null;

  /** @param oldPodSpec the pod spec before the request, or NONE */
  constructor(
    private readonly document: Document,
    podSpec: i32,
    oldPodSpec: i32,
  ) {
    for (let i = 0; i < CONTAINER_LISTS.length; i++) {
      const list = CONTAINER_LISTS[i];
      this.readList(list, document.field(podSpec, list), document.field(oldPodSpec, list));
    }
    this.readList(VOLUMES, document.field(podSpec, VOLUMES), document.field(oldPodSpec, VOLUMES));
  }

  private readList(list: string, value: i32, oldValue: i32): void {
    const document = this.document;
    if (document.kind(value) == Kind.Null) return;
    if (document.kind(value) != Kind.Array) return this.fail(list, " is not a list");
    let index = 0;
    for (let at = value + 1; !document.ends(at); at = document.next(at)) {
      if (document.kind(at) != Kind.Object)
        return this.fail(list, " has an item that is no object");
      const image =
        list == VOLUMES ? this.readVolume(at, index) : this.readContainer(list, at, index);
      index++;
      if (!image) continue;
      if (this.images.length == IMAGES) {
        this.failure = Failure.of(Code.TooManyImages, "has more than 256 images");
        return;
      }
      if (image.token != NONE) image.unchanged = this.had(list, oldValue, image);
      if (image.failure == null) parse(image);
      this.images.push(image);
    }
  }

  private readContainer(list: string, container: i32, index: i32): ContainerImage {
    return this.readImage(list, index, container, this.document.field(container, "image"));
  }

  /** Null for a volume that is not of an image. */
  private readVolume(volume: i32, index: i32): ContainerImage | null {
    const source = this.document.field(volume, "image");
    if (this.document.kind(source) == Kind.Null) return null;
    return this.readImage(VOLUMES, index, volume, this.document.field(source, "reference"));
  }

  private readImage(list: string, index: i32, holder: i32, value: i32): ContainerImage {
    const document = this.document;
    const image = new ContainerImage(list, index, nameOf(document, holder));
    switch (document.kind(value)) {
      case Kind.String:
        image.token = value;
        image.text = document.text(value);
        break;
      case Kind.Null:
        image.failure = Failure.of(Code.ImageMissing, "has no image");
        break;
      default:
        image.failure = Failure.of(Code.ImageNotString, "has an image that is not a string");
    }
    return image;
  }

  /** Whether the container or volume of this name, in this list, had this image before. */
  private had(list: string, oldValue: i32, image: ContainerImage): bool {
    const document = this.document;
    if (document.kind(oldValue) != Kind.Array) return false;
    let looked = 0;
    for (let at = oldValue + 1; !document.ends(at) && looked < IMAGES; at = document.next(at)) {
      looked++;
      if (!nameOf(document, at).same(image.name)) continue;
      const value =
        list == VOLUMES
          ? document.field(document.field(at, "image"), "reference")
          : document.field(at, "image");
      if (document.kind(value) == Kind.String && document.text(value).same(image.text)) return true;
    }
    return false;
  }

  private fail(list: string, what: string): void {
    const detail = new Builder().ascii(list).ascii(what).view();
    this.failure = new Failure(Code.ContainersMalformed, detail);
  }
}

function nameOf(document: Document, holder: i32): Text {
  const name = document.field(holder, "name");
  return document.kind(name) == Kind.String ? document.text(name) : new Text(0, 0);
}

function parse(image: ContainerImage): void {
  const parsed = Reference.parse(image.text);
  image.reference = parsed.value;
  image.failure = parsed.failure;
}
