import fc from "fast-check";
import { expect, test } from "vitest";
import { der } from "../crypto/crypto.js";
import { callJson } from "../sdk/units.js";
import * as make from "./make.js";

interface Name {
  name?: string;
  problem?: string;
}
const parse = (text: string) => callJson<Name>("name", text);
const subject = (name: Buffer) => callJson<Name>("name.subject", make.make({ subject: name }));

const SYNTAX = "is not a list of attributes such as C=US, ST=WA, O=Acme (RFC 4514)";
const UNKNOWN =
  "has an attribute other than C, ST, L, STREET, POSTALCODE, O, OU, CN and SERIALNUMBER";
const PLAIN = "has an attribute whose value is empty or no plain text";
const BROKEN = "is broken, or has an attribute with several values";

test.each([
  ["CN=a", "CN=a"],
  ["C=US,ST=WA,O=Acme", "C=US, ST=WA, O=Acme"],
  ["  C = US ,  S=WA  , O=Acme  Inc ", "C=US, ST=WA, O=Acme  Inc"],
  ["O=Acme\\, Inc.", "O=Acme\\, Inc."],
  ['O=\\"a\\"\\+\\;\\<\\>\\\\\\=b', 'O=\\"a\\"\\+\\;\\<\\>\\\\\\=b'],
  ["O=a=b", "O=a\\=b"],
  ["O=\\41\\c3\\A4", "O=Aä"],
  ["O=\\ a\\ , CN=\\#1", "O= a , CN=#1"],
  ["O=a#b", "O=a#b"],
  ["O=Müller, L=東京", "O=Müller, L=東京"],
  ["STREET=1 Way, POSTALCODE=0, SERIALNUMBER=7", "STREET=1 Way, POSTALCODE=0, SERIALNUMBER=7"],
])("%s", (text, name) => expect(parse(text)).toEqual({ name }));

test.each([
  ["", SYNTAX],
  [" ", SYNTAX],
  ["*", SYNTAX],
  ["Acme", SYNTAX],
  ["O=a,", SYNTAX],
  ["O=a,,CN=b", UNKNOWN],
  [",O=a", UNKNOWN],
  ["=a", UNKNOWN],
  ["o=a", UNKNOWN],
  ["2.5.4.10=a", UNKNOWN],
  ["emailAddress=a", UNKNOWN],
  ["O=", PLAIN],
  ["O=,CN=a", PLAIN],
  ["O=a\nb", PLAIN],
  ["O=\\ff", PLAIN],
  ["O=\\00", PLAIN],
  ["O=#0401", SYNTAX],
  ["O=a+OU=b", SYNTAX],
  ["O=a;OU=b", SYNTAX],
  ['O="a"', SYNTAX],
  ["O=<a>", SYNTAX],
  ["O=a\\", SYNTAX],
  ["O=a\\4", SYNTAX],
  ["O=a\\zz", SYNTAX],
  ["O=a,O=b", "has an attribute twice"],
  ["ST=a,S=b", "has an attribute twice"],
])("%j is none", (text, problem) => expect(parse(text)).toEqual({ problem }));

const { attribute, utf8 } = make;

test.each([
  ["printable", der(0x13, Buffer.from("a b"))],
  ["UTF-8", utf8("a b")],
  ["IA5", der(0x16, Buffer.from("a b"))],
])("a certificate's, in %s", (_, value) => {
  expect(subject(der(0x30, attribute("2.5.4.10", value)))).toEqual({ name: "O=a b" });
});

test.each([
  ["of another type", der(0x30, attribute("0.9.2342.19200300.100.1.25", utf8("a"))), UNKNOWN],
  ["of another type below id-at", der(0x30, attribute("2.5.4.12", utf8("a"))), UNKNOWN],
  [
    "with two at once",
    der(
      0x30,
      der(0x31, ...["2.5.4.10", "2.5.4.3"].map((id) => der(0x30, make.oid(id), utf8("a")))),
    ),
    BROKEN,
  ],
  ["in T.61", der(0x30, attribute("2.5.4.10", der(0x14, Buffer.from("a")))), BROKEN],
  ["in UTF-16", der(0x30, attribute("2.5.4.10", der(0x1e, Buffer.from("\0a")))), BROKEN],
  ["with a NUL", der(0x30, attribute("2.5.4.10", utf8("a\0b"))), PLAIN],
  ["that is empty", der(0x30, attribute("2.5.4.10", utf8(""))), PLAIN],
  [
    "with more behind",
    der(0x30, der(0x31, der(0x30, make.oid("2.5.4.10"), utf8("a"), utf8("b")))),
    BROKEN,
  ],
  ["without a set", der(0x30, der(0x30, make.oid("2.5.4.10"), utf8("a"))), BROKEN],
  [
    "twice",
    der(0x30, attribute("2.5.4.10", utf8("a")), attribute("2.5.4.10", utf8("a"))),
    "has an attribute twice",
  ],
])("a certificate's with an attribute %s is none", (_, name, problem) => {
  expect(subject(name)).toEqual({ problem });
});

const TYPES = ["C", "ST", "L", "STREET", "POSTALCODE", "O", "OU", "CN", "SERIALNUMBER"];
const IDS = [6, 8, 7, 9, 17, 10, 11, 3, 5];

test("what is written of a name means that name", () => {
  const attributes = fc.uniqueArray(
    fc.tuple(
      fc.nat(8),
      // RFC 4514 §2.4: spaces at the ends are escaped, and are left alone here.
      fc
        .string({ minLength: 1, unit: "grapheme" })
        .filter((it) => !/^[ #]| $|[\0-\x1f\x7f]/.test(it)),
    ),
    { minLength: 1, maxLength: 9, selector: ([type]) => type },
  );
  fc.assert(
    fc.property(attributes, (list) => {
      const name = der(
        0x30,
        ...list.map(([type, it]) => attribute(`2.5.4.${IDS[type]}`, utf8(it))),
      );
      const text = subject(name).name!;
      expect(parse(text)).toEqual({ name: text });
      expect(text.startsWith(`${TYPES[list[0]![0]]}=`)).toBe(true);
      const certificate = make.make({ subject: name }).toString("base64");
      expect(callJson("name.match", { certificate, identity: text })).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("no text traps", () => {
  const letters = fc.constantFrom(...'CSTO=,\\ +#;"41f\u00e4');
  fc.assert(
    fc.property(fc.string({ unit: letters }), (text) => {
      const { name, problem } = parse(text);
      expect(name === undefined).not.toBe(problem === undefined);
    }),
    { numRuns: 3000 },
  );
});
