/** Bytes in a fixture: as text if they are text. */
export type Content = { text: string } | { base64: string };

/** One repository's content, byte for byte, with the keys and files that go with it. */
export interface Fixture {
  name: string;
  images: string[];
  tags: Record<string, string>;
  manifests: Record<string, Content & { mediaType: string }>;
  blobs: Record<string, Content>;
  /** By subject: the index that the referrers API answers. */
  referrers: Record<string, Content>;
  files: Record<string, Content>;
}

/** The bytes of a piece of content. */
export function contentBytes(content: Content): Buffer {
  return "text" in content
    ? Buffer.from(content.text, "utf8")
    : Buffer.from(content.base64, "base64");
}
