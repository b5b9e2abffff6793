import fc from "fast-check";
import type { Json } from "../../host/document.js";

/** Draws how a value is written: white space, escapes, and spellings of numbers. */
export function spelt(value: Json, choose: (most: number) => number): string {
  const space = () => ["", "", "", " ", "\n", "\t \r\n"][choose(5)]!;
  const write = (value: Json): string => {
    if (typeof value === "string") return text(value, choose);
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const items = Array.isArray(value)
      ? value.map(write)
      : Object.entries(value).map(
          ([name, item]) => `${text(name, choose)}${space()}:${space()}${write(item)}`,
        );
    const [open, close] = Array.isArray(value) ? "[]" : "{}";
    return `${open}${space()}${items.join(`${space()},${space()}`)}${space()}${close}`;
  };
  return `${space()}${write(value)}${space()}`;
}

function text(value: string, choose: (most: number) => number): string {
  const units = [
    ...JSON.stringify(value)
      .slice(1, -1)
      .matchAll(/\\u....|\\.|[^]/gu),
  ];
  const written = units.map(([unit]) => {
    if (unit.startsWith("\\") || choose(9) > 0) return unit;
    if (unit === "/" && choose(1) === 0) return "\\/";
    return unit.replaceAll(/[^]/g, (half) => {
      const hex = half.charCodeAt(0).toString(16).padStart(4, "0");
      return `\\u${choose(1) === 0 ? hex : hex.toUpperCase()}`;
    });
  });
  return `"${written.join("")}"`;
}

/** Sources of choices: functions that give a number from 0 up to and including the one they are given. */
export const choices = fc.integer().map((seed) => {
  // xorshift32 (Marsaglia 2003): fast-check's own draws cost too much, one for each character.
  let state = seed | 1;
  return (most: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % (most + 1);
  };
});

/** Any JSON value with well-formed strings, in objects and lists of unknown fields. */
export const anything = fc.jsonValue({ stringUnit: "grapheme", maxDepth: 4 }) as fc.Arbitrary<Json>;
