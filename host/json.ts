/** Parses JSON and refuses an object with the same key twice, at any depth. */
export function parseUniqueJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // The text is valid JSON from here on, so its tokens are all there is to look at.
  const keys: Set<string>[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}]/g)) {
    if (token === "{") keys.push(new Set());
    else if (token === "}") keys.pop();
    else if (token.endsWith(":")) {
      const key = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)) as string;
      const seen = keys.at(-1)!;
      if (seen.has(key)) throw new Error(`duplicate field \`${key}\``);
      seen.add(key);
    }
  }
  return value;
}
