const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const DOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const MAX_NAME = 63;
const MAX_DOMAIN = 253;

const NAME_FORM =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_FORM =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', " +
  "regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const DOMAIN_FORM =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Says in an API server's words what keeps a text from being a label's name, like `app` or `example.com/app`. */
export function problemOfLabelName(text: string): string {
  const parts = text.split("/");
  if (parts.length > 2) {
    return `a qualified name ${NAME_FORM} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  }
  const problems = [];
  const [name = "", domain] = parts.reverse();
  if (domain === "") problems.push("prefix part must be non-empty");
  else if (domain !== undefined) {
    if (domain.length > MAX_DOMAIN) problems.push(`prefix part ${tooLong(MAX_DOMAIN)}`);
    if (!DOMAIN.test(domain)) problems.push(`prefix part ${DOMAIN_FORM}`);
  }
  if (name === "") problems.push("name part must be non-empty");
  else if (name.length > MAX_NAME) problems.push(`name part ${tooLong(MAX_NAME)}`);
  if (!NAME.test(name)) problems.push(`name part ${NAME_FORM}`);
  return problems.join("; ");
}

/** Says in an API server's words what keeps a text from being a label's value. */
export function problemOfLabelValue(text: string): string {
  const problems = [];
  if (text.length > MAX_NAME) problems.push(tooLong(MAX_NAME));
  if (!VALUE.test(text)) problems.push(VALUE_FORM);
  return problems.join("; ");
}

function tooLong(most: number): string {
  return `must be no more than ${most} characters`;
}
