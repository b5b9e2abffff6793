import { Builder, Text } from "../sdk";

// host         = domain-name | IPv6 in brackets
// domain-name  = component *("." component)
// component    = alnum [ *(alnum | "-") alnum ]
// registry     = host [ ":" 1*DIGIT ]

/** Docker Hub, by the name that all its other names are normalised to. */
const HUB = "docker.io";

/** Whether the first part of a reference is a registry and not the first part of a repository. */
export function looksLikeRegistry(part: Text): bool {
  if (part.is("localhost")) return true;
  for (let i = 0; i < part.length; i++) {
    const byte = part.at(i);
    // A repository has no upper case, so what has some can only be meant as a host.
    if (byte == 0x2e || byte == 0x3a || isUpper(byte)) return true;
  }
  return false;
}

/** Whether `text` is a registry by the grammar above. */
export function isRegistry(text: Text): bool {
  let end = text.length;
  const colon = text.lastIndexOf(0x3a);
  if (colon >= 0 && text.at(text.length - 1) != 0x5d) {
    if (colon == text.length - 1) return false;
    for (let i = colon + 1; i < text.length; i++) if (!isDigit(text.at(i))) return false;
    end = colon;
  }
  if (end == 0) return false;
  return text.at(0) == 0x5b
    ? isBracketedAddress(text.slice(0, end))
    : isDomainName(text.slice(0, end));
}

/**
 * One spelling for each registry: lower case, a port without leading zeros and not HTTPS's own, and Docker Hub under
 * one name. A host without a dot keeps its port, or gets it, for without one it would be read as part of a
 * repository: `harbor:443` and `HARBOR` are `harbor:443`.
 */
export function normaliseRegistry(text: Text): Text {
  const lower = heap.alloc(text.length);
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    store<u8>(lower + i, isUpper(byte) ? byte | 0x20 : byte);
  }
  let registry = new Text(lower, withoutZeros(lower, text.length));
  if (registry.length > 4 && registry.slice(registry.length - 4).is(":443")) {
    registry = registry.slice(0, registry.length - 4);
  }
  if (isHub(registry)) return hub();
  if (looksLikeRegistry(registry)) return registry;
  return new Builder().text(registry).ascii(":443").view();
}

/** Moves a port over the zeros before it, which mean nothing to who connects; gives the length that is left. */
function withoutZeros(registry: usize, length: i32): i32 {
  const port = new Text(registry, length).lastIndexOf(0x3a) + 1;
  // Without a port the last colon of an IPv6 address would be taken for the port's.
  if (port == 0 || load<u8>(registry + length - 1) == 0x5d) return length;
  let digits = port;
  while (digits < length - 1 && load<u8>(registry + digits) == 0x30) digits++;
  memory.copy(registry + port, registry + digits, length - digits);
  return length - (digits - port);
}

export function hub(): Text {
  return Text.of(HUB);
}

export function isHub(registry: Text): bool {
  return (
    registry.is(HUB) ||
    registry.is("index.docker.io") ||
    registry.is("registry-1.docker.io") ||
    registry.is("registry.hub.docker.com")
  );
}

function isDomainName(text: Text): bool {
  let before = 0x2e;
  for (let i = 0; i < text.length; i++) {
    const byte = text.at(i);
    const edge = before == 0x2e;
    if (byte == 0x2e ? edge || before == 0x2d : byte == 0x2d ? edge : !isAlphanumeric(byte))
      return false;
    before = byte;
  }
  return before != 0x2e && before != 0x2d;
}

function isBracketedAddress(text: Text): bool {
  if (text.length < 3 || text.at(text.length - 1) != 0x5d) return false;
  for (let i = 1; i < text.length - 1; i++) {
    const byte = text.at(i);
    const lower = byte | 0x20;
    if (byte != 0x3a && !isDigit(byte) && !(lower >= 0x61 && lower <= 0x66)) return false;
  }
  return true;
}

export function isUpper(byte: i32): bool {
  return byte >= 0x41 && byte <= 0x5a;
}

export function isDigit(byte: i32): bool {
  return byte >= 0x30 && byte <= 0x39;
}

export function isLowerAlphanumeric(byte: i32): bool {
  return isDigit(byte) || (byte >= 0x61 && byte <= 0x7a);
}

export function isAlphanumeric(byte: i32): bool {
  return isLowerAlphanumeric(byte) || isUpper(byte);
}
