import { parse, stringify } from "yaml";
import { isObject, type Json, type JsonObject } from "../../host/document.js";
import { readYaml } from "./papers.js";

/** A question of Rancher's forms. */
export interface Question {
  variable: string;
  type: string;
  label: string;
  description: string;
  default?: Json;
  options?: string[];
  required?: boolean;
  show_if?: string;
  subquestions?: Question[];
  sequence_questions?: Question[];
}

/** The questions of our form. */
export const questions = (readYaml("questions-ui.yml") as unknown as { questions: Question[] })
  .questions;

/** The questions of one row of a sequence. */
export function rowQuestions(variable: string): Question[] {
  return questions.find((question) => question.variable === variable)!.sequence_questions!;
}

/** Whether a row shows it as a YAML editor, as it does groups and sequences within sequences. */
export function isEditor({ type, subquestions }: Question): boolean {
  return type === "sequence[" || (type === "map[" && subquestions !== undefined);
}

/**
 * The form as Rancher's Kubewarden extension shows it: what it keeps when a person adds rows, fills fields in, empties
 * them and opens its YAML editors.
 *
 * Whatever is shown and has no value yet takes on its default. The fields of a row are all shown; with `hides`, only those
 * that belong to the row's kind, as for a UI that evaluates show_if there too.
 */
export class FormUi {
  private readonly values: JsonObject = {};

  constructor(private readonly hides = false) {
    this.show();
  }

  /** Adds a row, all of whose fields have their defaults; returns its number. */
  add(sequence: string): number {
    const row: JsonObject = {};
    // An undefined default is a field all the same, which JSON leaves out in the end.
    for (const question of rowQuestions(sequence)) {
      row[question.variable] = structuredClone(question.default) as Json;
    }
    const rows = (this.values[sequence] ??= []) as Json[];
    rows.push(row);
    this.show();
    return rows.length - 1;
  }

  remove(sequence: string, index: number): void {
    (this.values[sequence] as Json[]).splice(index, 1);
  }

  /** Fills in a field, or one of a group's by its path. */
  fill(variable: string, value: Json): void {
    setAt(this.values, variable, value);
    this.show();
  }

  fillRow(sequence: string, index: number, values: JsonObject): void {
    for (const question of rowQuestions(sequence)) {
      const value = values[question.variable];
      if (value === undefined) continue;
      if (isEditor(question)) {
        this.edit(sequence, index, question, stringify({ [question.variable]: value }));
      } else this.row(sequence, index)[question.variable] = value;
    }
    this.show();
  }

  /** Opens every YAML editor of a row and types something that changes nothing. */
  touchEditors(sequence: string, index: number): void {
    for (const question of rowQuestions(sequence).filter(isEditor)) {
      this.edit(sequence, index, question, this.editorText(sequence, index, question));
    }
  }

  /** What is sent to the cluster. */
  settings(): JsonObject {
    return JSON.parse(JSON.stringify(this.values)) as JsonObject;
  }

  private row(sequence: string, index: number): JsonObject {
    return (this.values[sequence] as JsonObject[])[index]!;
  }

  /** The editor takes over what stands below the field's own name. */
  private edit(sequence: string, index: number, question: Question, text: string): void {
    const value = parse(text) as Json;
    if (!isObject(value)) return;
    this.row(sequence, index)[question.variable] = value[question.variable] as Json;
  }

  private editorText(sequence: string, index: number, question: Question): string {
    const { variable, sequence_questions: items, subquestions } = question;
    const value = this.row(sequence, index)[variable];
    const isEmpty = !value || Object.keys(value).length === 0;
    if (!isEmpty) return stringify({ [variable]: value });
    const blank = Object.fromEntries(
      (items ?? subquestions)!.map((part) => [part.variable.split(".").pop(), part.default]),
    );
    return stringify({ [variable]: items ? [blank] : blank });
  }

  /** Gives their defaults to the fields that are on the screen. */
  private show(): void {
    for (const question of questions) {
      const rows = this.values[question.variable];
      if (question.subquestions) {
        for (const part of question.subquestions) applyDefault(this.values, part);
      } else if (question.type !== "sequence[") applyDefault(this.values, question);
      else if (Array.isArray(rows)) {
        for (const row of rows) this.showRow(row as JsonObject, question.sequence_questions!);
      }
    }
  }

  private showRow(row: JsonObject, fields: Question[]): void {
    for (const field of fields) {
      const hidden = this.hides && !isShown(field, row);
      if (!hidden && !isEditor(field)) applyDefault(row, field);
    }
  }
}

/** Evaluates the one form of show_if that we use: `variable=value`. */
export function isShown({ show_if: condition }: Question, row: JsonObject): boolean {
  if (condition === undefined) return true;
  const [variable, value] = condition.split("=");
  return row[variable!] === value;
}

/** A question without a value takes on its default; its variable may be a path, as those of a group's parts are. */
function applyDefault(values: JsonObject, { variable, default: value }: Question): void {
  const [group, part] = variable.split(".") as [string, string?];
  const present = part === undefined ? values[group] : (values[group] as JsonObject | null)?.[part];
  if (present === undefined && value !== undefined) setAt(values, variable, structuredClone(value));
}

/** Sets what is at a path; a group that is empty in any way becomes an object. */
function setAt(values: JsonObject, path: string, value: Json): void {
  const [group, part] = path.split(".") as [string, string?];
  if (part === undefined) values[group] = value;
  else ((values[group] ||= {}) as JsonObject)[part] = value;
}
