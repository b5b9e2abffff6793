/** An element of DER (X.690): its tag, and its contents. */
export function element(tag: number, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), body]);
}

export const sequence = (...contents: Uint8Array[]) => element(0x30, ...contents);
export const set = (...contents: Uint8Array[]) => element(0x31, ...contents);
export const octets = (bytes: Uint8Array) => element(0x04, bytes);
export const integer = (number: number) => element(0x02, Buffer.of(number));

/** An OBJECT IDENTIFIER, such as `1.2.840`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [40 * first + second, ...rest].flatMap((number) => {
    const sevens = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) sevens.unshift((left & 0x7f) | 0x80);
    return sevens;
  });
  return element(0x06, Buffer.from(bytes));
}
