/** A piece of a label selector: a sign like `!=`, a word, or the end. */
export interface Token {
  kind: "sign" | "word" | "end";
  text: string;
}

const TOKEN = /[ \t\r\n]*(?:(==|!=|[=!(),<>])|([^ \t\r\n=!(),<>]+)|$)/y;

/** Takes a label selector apart, the way an API server does. */
export class LabelTokens {
  private readonly tokens: Token[] = [];
  private position = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    for (let kind: Token["kind"] | undefined; kind !== "end";) {
      const [, sign, word] = TOKEN.exec(text)!;
      kind = sign !== undefined ? "sign" : word !== undefined ? "word" : "end";
      this.tokens.push({ kind, text: sign ?? word ?? "" });
    }
  }

  /** The next token; the last one is the end, for ever. */
  peek(): Token {
    return this.tokens[Math.min(this.position, this.tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.peek();
    this.position++;
    return token;
  }

  /** Takes the next token if it is this sign. */
  take(sign: string): boolean {
    const { kind, text } = this.peek();
    const taken = kind === "sign" && text === sign;
    if (taken) this.position++;
    return taken;
  }

  /** Is the part of the selector over? */
  get atEnd(): boolean {
    const { kind, text } = this.peek();
    return kind === "end" || (kind === "sign" && text === ",");
  }
}
