import { writeFileSync } from "node:fs";
import { Option, type Command } from "commander";
import type { Handler } from "../capabilities/index.js";
import type { Pull } from "../explain/watched-client.js";
import { readText, UserError } from "../document.js";
import { formatSession, parseSession, recording, replaying, type Exchange } from "../session.js";
import { answering, type AnswerOptions } from "./answers.js";

/** Which session answers, or keeps the answers. */
export interface ReplayOptions extends AnswerOptions {
  recordHostCapabilitiesInteractions?: string;
  replayHostCapabilitiesInteractions?: string;
}

/** Gives a command kwctl's options for sessions. */
export function addReplayOptions(command: Command): Command {
  return command
    .option(
      "--record-host-capabilities-interactions <file>",
      "write the host's answers to a session",
    )
    .addOption(
      new Option(
        "--replay-host-capabilities-interactions <file>",
        "take the host's answers from a session, this one's or kwctl's",
      ).conflicts("recordHostCapabilitiesInteractions"),
    );
}

/**
 * Calls `use` with a handler that replays or records a session if the options say so.
 *
 * @param pulled is told what is pulled from registries
 */
export async function withSession<T>(
  options: ReplayOptions,
  use: (handler: Handler) => Promise<T>,
  pulled?: (pull: Pull) => void,
): Promise<T> {
  const { recordHostCapabilitiesInteractions: record, replayHostCapabilitiesInteractions: replay } =
    options;
  if (record !== undefined && replay !== undefined) {
    throw new UserError("a session is either recorded or replayed, not both");
  }
  if (replay !== undefined) return use(replaying(parseSession(readText(replay, "session"))));
  const handler = await answering(options, pulled);
  if (record === undefined) return use(handler);
  const exchanges: Exchange[] = [];
  try {
    return await use(recording(handler, exchanges));
  } finally {
    writeSession(record, exchanges);
  }
}

/** Writes a session that kwctl can replay. */
export function writeSession(path: string, exchanges: Exchange[]): void {
  try {
    writeFileSync(path, formatSession(exchanges));
  } catch (error) {
    throw new UserError(`cannot write the session: ${(error as Error).message}`);
  }
}
