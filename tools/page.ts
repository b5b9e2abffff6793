const MARKER = /<!-- (\w+): (.+) -->\n```text\n[^]*?```\n/g;

/**
 * Puts sections of what `--explain` printed into a page, in place of the block behind each marker:
 *
 *     <!-- signed: verdict -->
 *
 * @param explanations what was printed, by the names in the markers; as they are printed without colours
 */
export function fillPage(page: string, explanations: Record<string, string>): string {
  return page.replace(MARKER, (_, name: string, title: string) => {
    const lines = (explanations[name] ?? "").split("\n");
    const start = lines.indexOf(title);
    if (start < 0) throw new Error(`the explanation ${name} has no section ${title}`);
    const length = lines.slice(start + 1).findIndex((line) => /^\S/.test(line));
    const section = lines.slice(start, length < 0 ? undefined : start + 1 + length);
    return `<!-- ${name}: ${title} -->\n\`\`\`text\n${section.join("\n").trimEnd()}\n\`\`\`\n`;
  });
}

/** The explanations that the page is filled with: what `run`, the command, prints when it is given arguments. */
export async function explanations(
  run: (args: string[]) => string | Promise<string>,
): Promise<Record<string, string>> {
  const [, signed = "", unsigned = ""] = (await run(["demo", "--explain"])).split(
    /^examples\/.*$/m,
  );
  const folder = "examples/rules/private-sigstore";
  const keyless = await run([
    ...["run", "--explain", "-r", `${folder}/request.json`, "-s", `${folder}/settings.yaml`],
    ...["--replay-host-capabilities-interactions", `${folder}/session.yml`],
  ]);
  return { signed, unsigned, keyless };
}
