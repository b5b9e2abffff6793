import { expect, test } from "vitest";
import { drawTerminal } from "../../tools/terminal.js";

/** The lines of text in the picture of an output. */
const lines = (output: string) =>
  [...drawTerminal("x", output).matchAll(/<text .*?>(.*)<\/text>/g)].map(([, text]) => text);

test("styles are classes, and markup is text", () => {
  const output = "a \x1b[1m\x1b[31mb\x1b[39m c\x1b[22m <&>\n\n\x1b[4m\x1b[32md\x1b[0m e\n\n";
  expect(lines(output)).toEqual([
    '<tspan class="bold">$ x</tspan>',
    'a <tspan class="bold red">b</tspan><tspan class="bold"> c</tspan> &lt;&amp;&gt;',
    '<tspan class="underline green">d</tspan> e',
  ]);
});

test("a long line goes on below, further in", () => {
  const words = Array<string>(40).fill("word").join(" ");
  const [, first, second] = lines(`  ${words}`);
  expect(first).toMatch(/^ {2}(word ?)+$/);
  expect(first!.length).toBeLessThanOrEqual(124);
  expect(second).toMatch(/^ {4}word( word)+$/);
  expect(`${first!.trim()} ${second!.trim()}`).toBe(words);
  const unbroken = lines("x".repeat(300)).slice(1);
  expect(unbroken.map((line) => line!.trim()).join("")).toBe("x".repeat(300));
});

test("is as high as its lines", () => {
  expect(drawTerminal("x", "a\nb")).toContain('height="92"');
});
