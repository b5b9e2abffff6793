import { Builder, Text } from "../sdk";
import { Reference } from "./reference";
import { isHub } from "./registry";
import { withoutLibrary } from "./repository";

/**
 * All the ways in which a pattern could mean an image: what a rule that demands signatures is matched against, for
 * it is better to demand one too many than one too few.
 */
export class Spellings {
  /** The registry, and its other spellings. */
  readonly registries: Array<Text> = [];
  /** Whole names, with and without the tag; beside a digest the tag is but a word. */
  readonly names: Array<Text> = [];

  constructor(reference: Reference) {
    const registry = reference.registry;
    this.add(registry, reference);
    if (registry.lastIndexOf(0x3a) <= registry.lastIndexOf(0x5d)) {
      this.add(new Builder().text(registry).ascii(":443").view(), reference);
    }
    if (isHub(registry)) {
      this.add(Text.of("index.docker.io"), reference);
      this.add(Text.of("registry-1.docker.io"), reference);
      this.add(Text.of("registry.hub.docker.com"), reference);
      this.addName(reference.repository, reference);
      this.addName(withoutLibrary(reference.repository), reference);
    }
  }

  private add(registry: Text, reference: Reference): void {
    this.registries.push(registry);
    const name = new Builder().text(registry).byte(0x2f).text(reference.repository);
    this.addName(name.view(), reference);
  }

  private addName(name: Text, reference: Reference): void {
    this.names.push(name);
    if (reference.digest) return;
    this.names.push(new Builder().text(name).byte(0x3a).text(reference.tagOrLatest()).view());
  }
}
