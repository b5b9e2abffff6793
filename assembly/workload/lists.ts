import { Code, Failure } from "../failure";
import { LONGEST_REFERENCE, Reference } from "../image/reference";
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

/** Longest name of a container or volume that is compared: Kubernetes allows less. */
const LONGEST_NAME = 253;

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
    const before = this.readBefore(list, oldValue);
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
      if (image.token != NONE) image.unchanged = had(before, image);
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

  /** The images of a list before the request, as many as there may be. Read once, however often they are compared. */
  private readBefore(list: string, value: i32): Array<ContainerImage> {
    const document = this.document;
    const before: Array<ContainerImage> = [];
    if (document.kind(value) != Kind.Array) return before;
    for (let at = value + 1; !document.ends(at); at = document.next(at)) {
      if (before.length == IMAGES) break;
      const image = list == VOLUMES ? this.readVolume(at, 0) : this.readContainer(list, at, 0);
      if (image && image.token != NONE) before.push(image);
    }
    return before;
  }

  private fail(list: string, what: string): void {
    const detail = new Builder().ascii(list).ascii(what).view();
    this.failure = new Failure(Code.ContainersMalformed, detail);
  }
}

/** Whether the container or volume of this name had this image before. What is too long to run is not compared. */
function had(before: Array<ContainerImage>, image: ContainerImage): bool {
  if (image.name.length > LONGEST_NAME || image.text.length > LONGEST_REFERENCE) return false;
  for (let i = 0; i < before.length; i++) {
    if (before[i].name.same(image.name) && before[i].text.same(image.text)) return true;
  }
  return false;
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
