import { isAlphanumeric, isDigit } from "../image/registry";
import { Text } from "../sdk";
import { hasDotSegment } from "../x509/dot-segment";

/**
 * Why a URL is not one that every parser reads the same way; empty if it is: http or https, a host that is a plain
 * domain name or an IPv4 address, an optional port, no user info, and a path of printable ASCII. Hosts read it by
 * the WHATWG URL standard, whose rules for other hosts are many; what passes here passes there.
 */
export function urlProblem(url: Text): string {
  const scheme = url.startsWith("https://") ? 8 : url.startsWith("http://") ? 7 : 0;
  if (scheme == 0) return "must be an absolute URL that begins with https:// or http://";
  for (let i = 0; i < url.length; i++) {
    const byte = url.at(i);
    if (byte <= 0x20 || byte >= 0x7f) return "must have printable ASCII characters only";
    if (byte == 0x5c) return "must not have a backslash";
    if (byte == 0x3f || byte == 0x23) return "must not have a query or a fragment";
  }
  let end = scheme;
  while (end < url.length && url.at(end) != 0x2f) end++;
  const authority = url.slice(scheme, end);
  if (authority.indexOf(0x40) >= 0) return "must not have user info before its host";
  const colon = authority.indexOf(0x3a);
  if (colon >= 0 && !isPort(authority.slice(colon + 1))) return "has no port behind its host's :";
  const host = colon >= 0 ? authority.slice(0, colon) : authority;
  if (!isHost(host)) return "must have a domain name or an IPv4 address for its host";
  return hasDotSegment(url.slice(end)) ? "must not have . or .. for a part of its path" : "";
}

function isPort(text: Text): bool {
  let port = 0;
  for (let i = 0; i < text.length; i++) {
    if (!isDigit(text.at(i)) || i == 5) return false;
    port = port * 10 + text.at(i) - 0x30;
  }
  return port > 0 && port <= 65535;
}

function isHost(host: Text): bool {
  let numbers = 0;
  let labels = 0;
  let from = 0;
  for (let i = 0; i <= host.length; i++) {
    if (i < host.length && host.at(i) != 0x2e) continue;
    const label = host.slice(from, i);
    if (!isLabel(label)) return false;
    labels++;
    if (isByteNumber(label)) numbers++;
    else if (i == host.length && isDigit(label.at(0))) return false;
    from = i + 1;
  }
  // A host whose last label is a number is an address, and must be a whole one.
  const last = host.slice(host.lastIndexOf(0x2e) + 1);
  return !isByteNumber(last) || (labels == 4 && numbers == 4);
}

/** Letters, digits and inner dashes, and not in the encoding of international names, which may be ill-formed. */
function isLabel(label: Text): bool {
  if (label.length == 0 || label.length > 63) return false;
  if (label.length > 3 && label.slice(2, 4).is("--")) return false;
  for (let i = 0; i < label.length; i++) {
    const edge = i == 0 || i == label.length - 1;
    if (!isAlphanumeric(label.at(i)) && (edge || label.at(i) != 0x2d)) return false;
  }
  return true;
}

/** 0 to 255 in decimal, without leading zeros. */
function isByteNumber(text: Text): bool {
  if (text.length == 0 || text.length > 3 || (text.length > 1 && text.at(0) == 0x30)) return false;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    if (!isDigit(text.at(i))) return false;
    value = value * 10 + text.at(i) - 0x30;
  }
  return value <= 255;
}
