/** Receives one line of text, without its end. */
export type WriteLine = (line: string) => void;

/** Writes a policy's log event as one line: level, message, data. */
export function logEvent(payload: Uint8Array, writeLine: WriteLine): void {
  const text = new TextDecoder().decode(payload);
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    event = { level: "error", message: "cannot decode a log event", payload: text };
  }
  const { level = "info", message = "", ...data } = Object(event) as Record<string, unknown>;
  const parts = [String(level).toUpperCase(), String(message).replace(/\s+/g, " ")];
  if (Object.keys(data).length > 0) parts.push(JSON.stringify(data));
  writeLine(parts.join(" "));
}
