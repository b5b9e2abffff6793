import { Code, Failure } from "../failure";
import { ANNOTATION_BYTES, SIGNATURE_FILES } from "../limits";
import { Builder, Document, Kind, lengthOf, Text } from "../sdk";
import { readingCost, tooMuchWork, Work } from "../work";
import { Layer } from "./layer";
import { payloadDigest } from "./payload";

/** The endings of a signature's files; the first two must be there. */
const ENDINGS: StaticArray<string> = [".sig", ".payload", ".cert", ".chain", ".bundle"];

/** Longest name of an entry of a ConfigMap, and of an annotation behind its prefix. */
const LONGEST_NAME = 253;

/** A file: an entry of a map of texts. */
class File {
  constructor(
    /** Without its ending. */
    readonly name: Text,
    /** Of `ENDINGS`. */
    readonly ending: i32,
    /** Token of what it holds. */
    readonly value: i32,
  ) {}
}

/** A signature that came with what was signed, as yet verified by nobody. */
export class SignatureFile {
  constructor(
    /** As it would stand in a `.sig` manifest. */
    readonly layer: Layer,
    readonly payload: Text,
  ) {}
}

/**
 * Signatures as cosign writes them to files, in maps of texts: the data of ConfigMaps, the annotations of objects.
 * Files of one name and different endings belong together:
 *
 *     web.sig      --output-signature, base64; a line may end behind it, as in YAML
 *     web.payload  --output-payload, byte for byte
 *     web.cert     --output-certificate, PEM; optional
 *     web.chain    PEMs of the certificates above it; optional
 *     web.bundle   Rekor's bundle, JSON as in a layer's annotation; optional
 *
 * Other entries are passed over. What is broken is noted among the failures and spoils no other.
 */
export class SignatureFiles {
  readonly signatures: Array<SignatureFile> = [];
  readonly failures: Array<Failure> = [];
  private count: i32 = 0;
  private hasFailed: bool = false;

  constructor(private readonly work: Work) {}

  /**
   * Adds the signatures in a map of texts.
   *
   * @param prefix what stands before the names of the files; other entries are passed over
   * @param place where the map is, for messages
   */
  add(document: Document, map: i32, prefix: string, place: Text): void {
    if (this.hasFailed || document.kind(map) != Kind.Object) return;
    const files: Array<File> = [];
    for (let key = map + 1; !document.ends(key); key = document.next(key + 1)) {
      const ending = endingOf(document, key);
      if (ending < 0) continue;
      const name = document.text(key);
      if (!name.startsWith(prefix) || name.length - lengthOf(prefix) > LONGEST_NAME) continue;
      if (++this.count > ENDINGS.length * SIGNATURE_FILES) return this.failTooMany();
      const stem = name.slice(lengthOf(prefix), name.length - lengthOf(ENDINGS[ending]));
      files.push(new File(stem, ending, key + 1));
    }
    for (let i = 0; i < files.length && !this.hasFailed; i++) {
      const isSignature = files[i].ending == 0;
      if (!isSignature && files[i].ending != 1) continue;
      // Its name is looked for among all the others.
      const cost = 1 + ((files.length * (16 + files[i].name.length)) >> 13);
      if (!this.work.spend(cost)) return this.fail(tooMuchWork());
      const reader = new FileReader(document, files, files[i].name, place);
      if (isSignature) this.read(reader);
      else if (!reader.text(0) && !reader.failure) this.failures.push(reader.incomplete());
    }
  }

  private read(reader: FileReader): void {
    const signature = reader.text(0);
    const payload = reader.text(1);
    const certificate = reader.text(2);
    const chain = reader.text(3);
    const bundle = reader.text(4);
    const failure = reader.failure;
    if (failure) this.failures.push(failure);
    else if (!signature || !payload) this.failures.push(reader.incomplete());
    else if (this.signatures.length == SIGNATURE_FILES) this.failTooMany();
    else if (!this.work.spend(readingCost(payload.length))) this.fail(tooMuchWork());
    else {
      const layer = new Layer(payloadDigest(payload), line(signature), certificate, chain, bundle);
      this.signatures.push(new SignatureFile(layer, payload));
    }
  }

  private failTooMany(): void {
    this.fail(
      Failure.of(
        Code.TooManySignatureFiles,
        "a source of evidenceFrom has more than 256 signatures",
      ),
    );
  }

  /** Then there is no knowing which of them would count: none does. */
  private fail(failure: Failure): void {
    this.hasFailed = true;
    this.signatures.length = 0;
    this.failures.length = 0;
    this.failures.push(failure);
  }
}

/** Reads the files of one name. */
class FileReader {
  /** The first thing that is wrong with them. */
  failure: Failure | null = null;

  constructor(
    private readonly document: Document,
    private readonly files: Array<File>,
    private readonly name: Text,
    private readonly place: Text,
  ) {}

  /** What the file of an ending holds; null if there is none, or if it is empty. */
  text(ending: i32): Text | null {
    let found: Text | null = null;
    const document = this.document;
    for (let i = 0; i < this.files.length; i++) {
      const file = this.files[i];
      if (file.ending != ending || !file.name.same(this.name)) continue;
      if (document.kind(file.value) != Kind.String) {
        return this.fail(Code.SignatureFileMalformed, ending, " is not a text");
      }
      if (document.raw(file.value).length > ANNOTATION_BYTES + 2) {
        return this.fail(Code.SignatureFileTooLarge, ending, " has more than 64 KiB");
      }
      if (found) return this.fail(Code.SignatureFileMalformed, ending, " is there twice");
      found = document.text(file.value);
    }
    return found && found.length > 0 ? found : null;
  }

  incomplete(): Failure {
    const detail = this.begin("").ascii(" lacks its .sig or its .payload").view();
    return new Failure(Code.SignatureFileIncomplete, detail);
  }

  private fail(code: Code, ending: i32, what: string): Text | null {
    const detail = this.begin(ENDINGS[ending]).ascii(what).view();
    if (!this.failure) this.failure = new Failure(code, detail);
    return null;
  }

  private begin(ending: string): Builder {
    const line = new Builder().ascii("the signature file ").plain(this.name, 64).ascii(ending);
    return line.ascii(" in ").text(this.place);
  }
}

/** The text without the end of its line. */
function line(text: Text): Text {
  let end = text.length;
  while (end > 0 && text.at(end - 1) <= 0x20) end--;
  return text.slice(0, end);
}

function endingOf(document: Document, key: i32): i32 {
  for (let i = 0; i < ENDINGS.length; i++) if (document.keyEndsWith(key, ENDINGS[i])) return i;
  return -1;
}
