/** Why a text is not the JSON that a policy reads. */
export const enum JsonError {
  None,
  Empty,
  CutOff,
  Unexpected,
  BadNumber,
  BadEscape,
  LoneSurrogate,
  ControlCharacter,
  NotUtf8,
  TooDeep,
  Trailing,
  TooLong,
}

/** The error in words, to go behind "is not JSON: ". */
export function jsonErrorText(error: JsonError): string {
  switch (error) {
    case JsonError.Empty:
      return "it is empty";
    case JsonError.CutOff:
      return "it ends in the middle of a value";
    case JsonError.BadNumber:
      return "malformed number";
    case JsonError.BadEscape:
      return "unknown escape in a string";
    case JsonError.LoneSurrogate:
      return "half a surrogate pair in a string";
    case JsonError.ControlCharacter:
      return "control character in a string";
    case JsonError.NotUtf8:
      return "a string is not UTF-8";
    case JsonError.TooDeep:
      return "too many levels";
    case JsonError.Trailing:
      return "more behind the value";
    case JsonError.TooLong:
      return "too long";
    default:
      return "unexpected character";
  }
}
